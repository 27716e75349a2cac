"""The document store in MongoDB, with nothing beyond what every server that speaks it can do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar

from pymongo import ASCENDING, DESCENDING, MongoClient
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from support_cli.services.ports import SEARCHED, Check, Page, Record
from support_cli.store import listing, mongo_client, mongo_schema
from support_cli.store.documents import Document, decode, encode
from support_cli.store.listing import Place, Query
from support_cli.store.mongo_client import database
from support_cli.store.mongo_schema import KEYS, stored

__all__ = ["MongoDocuments", "database", "selector"]

R = TypeVar("R", bound=Record)


class MongoDocuments:
    """Documents in the MongoDB that the URI names; any thread may use it.

    Raises:
        UsageError: the URI cannot be read.
        StoreUnavailable: the server cannot be reached.
        StoreReadOnly: the database is new and may not be written.
        StoreTooNew: a newer version of this program wrote the database.
    """

    def __init__(self, uri: str) -> None:
        self._attach(database(uri), mongo_client.describe(uri))

    @classmethod
    def over(cls, client: MongoClient[Document], name: str) -> Self:
        """Use one database of a client that exists; `close` closes the client."""
        documents = cls.__new__(cls)
        documents._attach(client[name], f"mongodb {name}")
        return documents

    def _attach(self, database: mongo_client.Documents, name: str) -> None:
        self._database, self._name = database, name
        try:
            with self._translated():
                mongo_schema.prepare(self._database, self._name)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the client."""
        self._database.client.close()

    @property
    def name(self) -> str:
        """Where the documents are: the hosts and the database."""
        return self._name

    @property
    def database(self) -> mongo_client.Documents:
        """The database, for what shares it."""
        return self._database

    def insert(self, record: Record) -> bool:
        """Store a new record with version 1; False where the id exists."""
        with self._translated(), suppress(DuplicateKeyError):
            self._of(type(record)).insert_one(_document(record, 1))
            return True
        return False

    def get(self, kind: type[R], id: str) -> R | None:
        """Load one record, or None."""
        with self._translated():
            document = self._of(kind).find_one({"_id": id})
        return None if document is None else _record(kind, document)

    def replace(self, record: Record) -> bool:
        """Store the record as version + 1 if the stored one still has its version; else False."""
        unmoved = {"_id": record.id, "version": record.version}
        with self._translated():
            done = self._of(type(record)).replace_one(
                unmoved, _document(record, record.version + 1)
            )
        return done.matched_count == 1

    def delete(self, kind: type[Any], id: str) -> bool:
        """Remove one record; False where there was none."""
        with self._translated():
            return self._of(kind).delete_one({"_id": id}).deleted_count == 1

    def find(
        self,
        kind: type[Any],
        *,
        fields: Sequence[str],
        where: Mapping[str, str] = {},
        until: datetime | None = None,
        descending: bool = False,
        limit: int = 50,
        after: str | None = None,
    ) -> Page:
        """List records by their declared facets, loading only the fields named.

        Raises:
            LookupError: the kind, a facet or a field is not declared.
            UsageError: the cursor `after` cannot be read.
        """
        query = listing.query(kind, fields, where, until, after)
        sort, direction = stored(query.sort), DESCENDING if descending else ASCENDING
        names = [stored(field) for field in query.fields]
        with self._translated():
            found = self._of(kind).find(
                selector(query, descending),
                dict.fromkeys([*names, sort], 1),
                sort=[(sort, direction), ("_id", direction)],
                limit=limit + 1,
            )
            rows = [(Place(row[sort], row["_id"]), [row[name] for name in names]) for row in found]
        return query.page(rows, limit)

    def search(self, kind: type[R], terms: Sequence[str], limit: int) -> list[R]:
        """Load the records with the most of these terms, then by id."""
        attribute = SEARCHED[kind.__name__]
        among = {attribute: {"$in": sorted(set(terms))}}
        term = f"${attribute}"
        steps: list[Mapping[str, Any]] = [
            {"$match": among},
            {"$project": {attribute: 1}},
            {"$unwind": term},
            {"$match": among},
            {"$group": {"_id": "$_id", "found": {"$addToSet": term}}},
            {"$project": {"hits": {"$size": "$found"}}},
            {"$sort": {"hits": DESCENDING, "_id": ASCENDING}},
            {"$limit": limit},
        ]
        with self._translated():
            best = [row["_id"] for row in self._of(kind).aggregate(steps)]
            found = {row["_id"]: row for row in self._of(kind).find({"_id": {"$in": best}})}
        return [_record(kind, found[name]) for name in best if name in found]

    def checks(self) -> list[Check]:
        """Examine the server and the database for `admin doctor`."""
        with self._translated():
            return mongo_schema.examine(self._database, self._name)

    def _of(self, kind: type[Any]) -> Collection[Document]:
        return self._database[listing.collection(kind)]

    def _translated(self) -> AbstractContextManager[None]:
        return mongo_client.translated(self._name)


def selector(query: Query, descending: bool) -> Mapping[str, Any]:
    """Write the filter that reads one page. Every value in it is a text, never an operator."""
    sort, beyond = stored(query.sort), "$lt" if descending else "$gt"
    chosen: dict[str, Any] = {KEYS: query.key}
    bounds = {} if query.until is None else {"$lt": query.until}
    if query.after is not None:
        place = query.after
        chosen["$or"] = [{sort: {beyond: place.sort}}, {"_id": {beyond: place.id}}]
        # What `$or` implies, for the index: no list is read from its beginning for a later page.
        bounds[f"{beyond}e"] = place.sort
    return chosen | {sort: bounds} if bounds else chosen


def _document(record: Record, version: int) -> Document:
    document = encode(record)
    name = document.pop("id")
    return document | {"_id": name, "version": version, KEYS: listing.keys(record)}


def _record(kind: type[R], document: Document) -> R:
    return decode(kind, document | {"id": document["_id"]})
