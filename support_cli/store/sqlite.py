"""The document store in one SQLite file: nothing to install or start."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from support_cli.errors import Damaged
from support_cli.services.ports import Check, Page, Record
from support_cli.store import listing
from support_cli.store.documents import Document, decode, encode, readable
from support_cli.store.listing import Place, Query
from support_cli.store.sqlite_errors import translated
from support_cli.store.sqlite_file import begin, connect, creation_lock, examine, opened
from support_cli.store.sqlite_place import OpenFile

__all__ = ["SqliteDocuments", "connect", "creation_lock", "select"]

R = TypeVar("R", bound=Record)

_INSERT = "INSERT OR IGNORE INTO documents (kind, id, version, body) VALUES (?, ?, 1, ?)"
_SWAP = "UPDATE documents SET version = ?, body = ? WHERE kind = ? AND id = ? AND version = ?"
# One statement for many rows: between two, the driver lets other threads run, and all the while
# nobody else can write.
_FACETS = "INSERT INTO facets (kind, sort, id, key) SELECT ?, ?, ?, value FROM json_each(?)"
_TERMS = "INSERT INTO terms (kind, id, term) SELECT ?, ?, value FROM json_each(?)"
_SEARCH = """
    SELECT id, body FROM documents JOIN (
        SELECT id, count(*) AS hits FROM terms
        WHERE kind = ? AND term IN (SELECT value FROM json_each(?)) GROUP BY id
    ) USING (id)
    WHERE kind = ? ORDER BY hits DESC, id LIMIT ?
"""


class SqliteDocuments:
    """Documents in the SQLite file at `path`, made when missing; any thread may use it.

    A file that is put in its place is used from then on.

    Raises:
        StoreUnavailable: the file cannot be opened, or stays locked.
        StoreReadOnly: it is missing and its folder cannot be written.
        StoreTooNew: a newer version of this program made it.
        StoreError: it is not such a file, or damaged.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = OpenFile(path, opened)
        self._lock = threading.Lock()

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
        """Close the file."""
        with self._lock:
            self._file.connection.close()

    @property
    def name(self) -> str:
        """Where the documents are: the file's path."""
        return str(self._path)

    def insert(self, record: Record) -> bool:
        """Store a new record with version 1; False where the id exists."""
        kind, body = _kind(record), _body(record, 1)
        with self._writing() as connection:
            stored = connection.execute(_INSERT, (kind, record.id, body)).rowcount == 1
            if stored:
                _index(connection, kind, record)
        return stored

    def get(self, kind: type[R], id: str) -> R | None:
        """Load one record, or None."""
        rows = self._read(
            "SELECT body FROM documents WHERE kind = ? AND id = ?", (listing.collection(kind), id)
        )
        return _decoded(kind, id, rows[0][0]) if rows else None

    def replace(self, record: Record) -> bool:
        """Store the record as version + 1 if the stored one still has its version; else False."""
        kind, after = _kind(record), record.version + 1
        swap = (after, _body(record, after), kind, record.id, record.version)
        with self._writing() as connection:
            swapped = connection.execute(_SWAP, swap).rowcount == 1
            if swapped:
                _forget(connection, kind, record.id)
                _index(connection, kind, record)
        return swapped

    def delete(self, kind: type[Any], id: str) -> bool:
        """Remove one record; False where there was none."""
        where = (listing.collection(kind), id)
        with self._writing() as connection:
            removed = connection.execute("DELETE FROM documents WHERE kind = ? AND id = ?", where)
            _forget(connection, *where)
        return removed.rowcount == 1

    def keep(self, kind: type[Any], id: str) -> None:
        """Do nothing: what could be read is on the disk."""

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
        try:
            rows = self._read(*select(query, descending, limit + 1))
        except Damaged:
            rows = self._read_each(query, descending, limit + 1)
        return query.page([(Place(*row[:2]), _values(query, row[2])) for row in rows], limit)

    def search(self, kind: type[R], terms: Sequence[str], limit: int) -> list[R]:
        """Load the records with the most of these terms, then by id; none that is damaged."""
        name = listing.collection(kind)
        best = self._read(_SEARCH, (name, json.dumps(sorted(set(terms))), name, limit))
        found = []
        for found_id, body in best:
            with suppress(Damaged):
                found.append(_decoded(kind, found_id, body))
        return found

    def checks(self) -> list[Check]:
        """Examine the file for `admin doctor`."""
        with self._lock, translated(self._path):
            return examine(self._path, self._present().connection)

    def _read(self, statement: str, values: Sequence[Any]) -> list[Any]:
        with self._lock, translated(self._path):
            return self._present().connection.execute(statement, values).fetchall()

    def _read_each(self, query: Query, descending: bool, limit: int) -> list[Any]:
        """Read a page row by row, where SQLite cannot read one of them: None for that one."""
        rows = []
        for sort, found_id in self._read(*select_places(query, descending, limit)):
            fields = None
            with suppress(Damaged):
                ((fields,),) = self._read(*select_fields(query, found_id)) or [(None,)]
            rows.append((sort, found_id, fields))
        return rows

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock, translated(self._path):
            file = self._present()
            with file.connection as connection:
                begin(connection)
                yield connection
            file.require_kept()

    def _present(self) -> OpenFile:
        """Give the file that is at the path now, which may have been replaced."""
        self._file = self._file.renewed()
        return self._file


def select(query: Query, descending: bool, limit: int) -> tuple[str, list[Any]]:
    """Write the statement that reads one page: sort value, id, and a JSON list of the fields.

    The list begins with the id, since SQLite gives one lone field as a bare value.
    """
    fields, paths = _fields(query)
    ordered, values = _ordered(query, descending)
    statement = f"""
        SELECT sort, id, {fields} FROM facets JOIN documents USING (kind, id) {ordered} LIMIT ?
    """  # noqa: S608 - made of constants; every value is a parameter
    return statement, [*paths, *values, limit]


def select_places(query: Query, descending: bool, limit: int) -> tuple[str, list[Any]]:
    """Write the statement that reads the places of one page, and no document."""
    ordered, values = _ordered(query, descending)
    statement = f"SELECT sort, id FROM facets {ordered} LIMIT ?"  # noqa: S608 - constants
    return statement, [*values, limit]


def select_fields(query: Query, id: str) -> tuple[str, list[Any]]:
    """Write the statement that reads the fields of one record, as a page has them."""
    fields, paths = _fields(query)
    statement = f"SELECT {fields} FROM documents WHERE kind = ? AND id = ?"  # noqa: S608 - constants
    return statement, [*paths, listing.collection(query.kind), id]


def _fields(query: Query) -> tuple[str, list[str]]:
    # One text that is no JSON would fail the statement, and with it every other row.
    paths = ["$.id", *(f"$.{name}" for name in query.fields)]
    given = ", ".join("?" * len(paths))
    return f"CASE WHEN json_valid(body) THEN json_extract(body, {given}) END", paths


def _ordered(query: Query, descending: bool) -> tuple[str, list[str]]:
    bounds, values = _bounds(query, descending)
    order = "DESC" if descending else "ASC"
    return f"WHERE {bounds} ORDER BY sort {order}, id {order}", values


def _bounds(query: Query, descending: bool) -> tuple[str, list[str]]:
    parts = ["kind = ? AND key = ?"]
    values = [listing.collection(query.kind), query.key]
    if query.until is not None:
        parts.append("sort < ?")
        values.append(query.until)
    if query.after is not None:
        parts.append(f"(sort, id) {'<' if descending else '>'} (?, ?)")
        values += [query.after.sort, query.after.id]
    return " AND ".join(parts), values


def _decoded(kind: type[R], id: str, body: Any) -> R:
    with readable(kind, id):
        document = json.loads(body)
    return decode(kind, document)


def _values(query: Query, fields: Any) -> listing.Values | None:
    return None if fields is None else dict(zip(query.fields, json.loads(fields)[1:], strict=True))


def _kind(record: Record) -> str:
    return listing.collection(type(record))


def _body(record: Record, version: int) -> str:
    document: Document = encode(record) | {"version": version}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _index(connection: sqlite3.Connection, kind: str, record: Record) -> None:
    keys = listing.keys(record)
    place = listing.place(record) if keys else None
    if place is not None:
        connection.execute(_FACETS, (kind, place.sort, place.id, json.dumps(keys)))
    terms = listing.terms(record)
    if terms:
        connection.execute(_TERMS, (kind, record.id, json.dumps(terms)))


def _forget(connection: sqlite3.Connection, kind: str, id: str) -> None:
    connection.execute("DELETE FROM facets WHERE kind = ? AND id = ?", (kind, id))
    connection.execute("DELETE FROM terms WHERE kind = ? AND id = ?", (kind, id))
