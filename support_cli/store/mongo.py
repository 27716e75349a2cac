"""The document store in MongoDB, with nothing beyond what every server that speaks it can do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar

from pymongo import ASCENDING, DESCENDING, MongoClient
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from support_cli.errors import Damaged, ReplyLost, StoreError, StoreUnavailable, Unsettled
from support_cli.services.ports import SEARCHED, Check, Page, Record
from support_cli.store import listing, mongo_schema
from support_cli.store.documents import Document, decode, encode
from support_cli.store.listing import Place, Query
from support_cli.store.mongo_client import Documents, database
from support_cli.store.mongo_requests import Patience, Requests
from support_cli.store.mongo_schema import KEYS, stored

__all__ = ["MongoDocuments", "database", "selector"]

R = TypeVar("R", bound=Record)
_NOTHING = "_nothing"  # a field that no record has: no dataclass field begins with an underscore


class MongoDocuments:
    """Documents in the MongoDB that the URI names; any thread may use it.

    Raises:
        UsageError: the URI cannot be read.
        StoreUnavailable: the server cannot be reached.
        StoreReadOnly: the database is new and may not be written.
        StoreTooNew: a newer version of this program wrote the database.
    """

    def __init__(self, uri: str, patience: Patience | None = None) -> None:
        self._attach(Requests.of(uri, patience))

    @classmethod
    def over(cls, client: MongoClient[Document], name: str) -> Self:
        """Use one database of a client that exists; `close` closes the client."""
        documents = cls.__new__(cls)
        documents._attach(Requests(client[name], f"mongodb {name}", Patience()))
        return documents

    def _attach(self, requests: Requests) -> None:
        self._requests = requests
        self._doubts = _Doubts()
        try:
            requests.build(lambda database: mongo_schema.prepare(database, requests.name))
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
        self.database.client.close()

    @property
    def name(self) -> str:
        """Where the documents are: the hosts and the database."""
        return self._requests.name

    @property
    def database(self) -> Documents:
        """The database, for what shares it."""
        return self._requests.database

    def insert(self, record: Record) -> bool:
        """Store a new record with version 1; False where the id exists."""
        kind, document = type(record), _document(record, 1)

        def insert() -> bool:
            try:
                self._of(kind).insert_one(document)
            except DuplicateKeyError:
                return False
            return True

        if self._written(kind, record.id, insert):
            return True
        # The driver tells of a twin alone, not of whether a majority has it.
        self.keep(kind, record.id)
        return False

    def get(self, kind: type[R], id: str) -> R | None:
        """Load one record, or None; after a lost reply, what is kept whatever server fails."""
        if self._doubts.holds(kind, id):
            document = self._kept(kind, id)
        else:
            document = self._requests.read(lambda: self._of(kind).find_one({"_id": id}))
        return None if document is None else _record(kind, document)

    def replace(self, record: Record) -> bool:
        """Store the record as version + 1 if the stored one still has its version; else False."""
        kind, document = type(record), _document(record, record.version + 1)
        unmoved = {"_id": record.id, "version": record.version}

        def replace() -> bool:
            return self._of(kind).replace_one(unmoved, document).matched_count == 1

        return self._written(kind, record.id, replace)

    def delete(self, kind: type[Any], id: str) -> bool:
        """Remove one record; False where there was none."""

        def delete() -> bool:
            return self._of(kind).delete_one({"_id": id}).deleted_count == 1

        try:
            return self._requests.write(delete)
        except ReplyLost:
            self._requests.repeat(delete)
            return True  # it is gone, by this request or by the one before

    def keep(self, kind: type[Any], id: str) -> None:
        """Make sure that a record as it was read outlives any server, whoever wrote it."""
        self._kept(kind, id)

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

        def find() -> list[tuple[Place, listing.Values]]:
            found = self._of(kind).find(
                selector(query, descending),
                dict.fromkeys([*names, sort], 1),
                sort=[(sort, direction), ("_id", direction)],
                limit=limit + 1,
                batch_size=limit + 1,  # else a server sends 101 rows, and the rest when asked again
            )
            return [(Place(row.get(sort, ""), row["_id"]), _values(query, row)) for row in found]

        return query.page(self._requests.read(find), limit)

    def search(self, kind: type[R], terms: Sequence[str], limit: int) -> list[R]:
        """Load the records with the most of these terms, then by id; none that is damaged."""
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
        of_kind, size = self._of(kind), limit + 1
        best = self._requests.read(
            lambda: [row["_id"] for row in of_kind.aggregate(steps, batchSize=size)]
        )
        found = self._requests.read(
            lambda: {
                row["_id"]: row for row in of_kind.find({"_id": {"$in": best}}, batch_size=size)
            }
        )
        records = []
        for row in (found[name] for name in best if name in found):
            with suppress(Damaged):
                records.append(_record(kind, row))
        return records

    def checks(self) -> list[Check]:
        """Examine the server and the database for `admin doctor`."""
        return self._requests.read(lambda: mongo_schema.examine(self.database, self.name))

    def _written(self, kind: type[Any], id: str, write: Callable[[], bool]) -> bool:
        """Write once; remember a write of which nobody knows whether it happened."""
        try:
            done = self._requests.write(write)
        except ReplyLost as error:
            self._doubts.add(kind, id)
            self._kept(kind, id)  # whoever looks now looks at a primary that has a majority
            raise ReplyLost(error.message, hint=_look(kind, id)) from error
        except StoreUnavailable as error:
            raise self._unsettled(kind, id, error) from error
        if done:
            self._doubts.discard(kind, id)
        return done

    def _kept(self, kind: type[Any], id: str) -> Document | None:
        """Load a record as it will stay: by a write that changes nothing, kept by a majority.

        What a plain read finds, a primary without a majority may lose when it steps down.
        """
        try:
            return self._requests.repeat(
                lambda: self._of(kind).find_one_and_update({"_id": id}, {"$unset": {_NOTHING: ""}})
            )
        except (ReplyLost, StoreUnavailable) as error:
            raise self._unsettled(kind, id, error) from error

    def _unsettled(self, kind: type[Any], id: str, error: StoreError) -> StoreError:
        if not self._doubts.holds(kind, id):
            return error
        text = f"The connection to {self.name} broke, and what was asked may have happened."
        return Unsettled(text, hint=_look(kind, id))

    def _of(self, kind: type[Any]) -> Collection[Document]:
        return self.database[listing.collection(kind)]


class _Doubts(threading.local):
    """The records that this thread wrote without hearing how it ended.

    Only an answered write ends a doubt: the one in doubt may still be on its way when one looks.
    """

    def __init__(self) -> None:
        self._places: set[tuple[str, str]] = set()

    def holds(self, kind: type[Any], id: str) -> bool:
        return (kind.__name__, id) in self._places

    def add(self, kind: type[Any], id: str) -> None:
        self._places.add((kind.__name__, id))

    def discard(self, kind: type[Any], id: str) -> None:
        self._places.discard((kind.__name__, id))


def _look(kind: type[Any], id: str) -> str:
    if kind.__name__ == "Ticket":
        return f"look whether it did: support history {id}, or support admin show {id}"
    if kind.__name__ == "Key":
        return "give the same --key again: it is filed once"
    return "look whether it did before you do it again"


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


def _values(query: Query, row: Document) -> listing.Values:
    names = {name: stored(name) for name in query.fields}
    return {name: row[field] for name, field in names.items() if field in row}


def _record(kind: type[R], document: Document) -> R:
    return decode(kind, document | {"id": document["_id"]})
