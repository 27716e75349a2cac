"""The database's indexes and schema version: made once, examined by `admin doctor`."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime

from pymongo import ASCENDING
from pymongo.errors import DuplicateKeyError

from support_cli.errors import StoreTooNew
from support_cli.services.ports import LISTINGS, SEARCHED, Check
from support_cli.store.documents import SCHEMA_VERSION
from support_cli.store.listing import collection_named
from support_cli.store.mongo_client import Documents

KEYS = "_facets"  # no dataclass field begins with an underscore
_CLOCK_SECONDS = 5.0


def stored(field: str) -> str:
    """Name a record's field as MongoDB keeps it."""
    return "_id" if field == "id" else field


_INDEXES: Sequence[tuple[str, str, Sequence[str]]] = [
    *((kind, "list", (KEYS, stored(each.sort), "_id")) for kind, each in LISTINGS.items()),
    *((kind, "terms", (stored(field),)) for kind, field in SEARCHED.items()),
]


def prepare(database: Documents, name: str) -> None:
    """Make the indexes of a new database; one question is enough for one that has them.

    Raises:
        StoreTooNew: a newer version of this program wrote it.
    """
    schema = _schema(database)
    if schema is None:
        _create(database)
    elif schema > SCHEMA_VERSION:
        raise StoreTooNew(
            f"The store {name} has schema version {schema}; this program knows {SCHEMA_VERSION}.",
            hint="upgrade support-cli",
        )


def examine(database: Documents, name: str) -> list[Check]:
    """Look at the server and the database as `admin doctor` does."""
    server = database.client.server_info()["version"]
    return [
        Check("store", True, f"{name}: MongoDB {server}"),
        Check("schema", True, f"version {_schema(database)}"),
        _indexes(database),
        _clock(database),
    ]


def _schema(database: Documents) -> int | None:
    document = database["meta"].find_one({"_id": "schema"})
    return None if document is None else int(document["version"])


def _create(database: Documents) -> None:
    for kind, name, fields in _INDEXES:
        keys = [(each, ASCENDING) for each in fields]
        database[collection_named(kind)].create_index(keys, name=name)
    # Written last: where it stands, the indexes stand.
    with suppress(DuplicateKeyError):
        database["meta"].insert_one({"_id": "schema", "version": SCHEMA_VERSION})


def _indexes(database: Documents) -> Check:
    missing = [
        f"{collection_named(kind)}.{name}"
        for kind, name, _ in _INDEXES
        if name not in database[collection_named(kind)].index_information()
    ]
    if not missing:
        return Check("indexes", True, "present")
    remedy = "delete the document “schema” of the collection “meta”, then open the store again"
    return Check("indexes", False, f"missing: {', '.join(missing)}", remedy)


def _clock(database: Documents) -> Check:
    here = datetime.now(UTC)
    # By its old name: servers that only speak like MongoDB may not know `hello`.
    said = database.command("isMaster", codec_options=database.codec_options).get("localTime")
    there = _moment(said)
    if there is None:
        return Check("clock", True, "the server does not tell its own")
    ahead = (there - here).total_seconds()
    good = abs(ahead) <= _CLOCK_SECONDS
    remedy = None if good else "set both clocks by NTP: leases and ages are told by them"
    return Check("clock", good, f"the server's is {ahead:+.1f} s from this machine's", remedy)


def _moment(said: object) -> datetime | None:
    """Read a server's time; some send milliseconds since 1970 instead of a date."""
    if isinstance(said, datetime):
        return said
    if isinstance(said, int | float):
        return datetime.fromtimestamp(said / 1000, UTC)
    return None
