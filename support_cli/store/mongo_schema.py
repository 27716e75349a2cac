"""The database's indexes and schema version: made once, examined by `admin doctor`."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime

from pymongo import ASCENDING
from pymongo.errors import DuplicateKeyError, OperationFailure

from support_cli.errors import StoreError, StoreTooNew
from support_cli.services.ports import LISTINGS, SEARCHED, Check
from support_cli.store.documents import SCHEMA_VERSION
from support_cli.store.listing import collection_named
from support_cli.store.mongo_client import Documents
from support_cli.store.mongo_errors import Fault, fault, is_not_permitted

KEYS = "_facets"  # no dataclass field begins with an underscore
_CLOCK_SECONDS = 5.0
# The collections of the library's checkpointer, whose unique indexes begin with the thread.
_STATES, _STATES_KEY = ("checkpoints", "checkpoint_writes"), "thread_id"


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
        StoreError: it is sharded by a wrong key, or does not make an index.
    """
    schema = _schema(database)
    _require_shard_keys(database, name)
    if schema is None:
        _create(database, name)
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


def _create(database: Documents, name: str) -> None:
    for kind, index, fields in _INDEXES:
        keys = [(each, ASCENDING) for each in fields]
        try:
            database[collection_named(kind)].create_index(keys, name=index)
        except OperationFailure as exc:
            if fault(exc) is not Fault.FINAL or is_not_permitted(exc):
                raise
            raise StoreError(
                f"The store {name} does not make the index {collection_named(kind)}.{index} over"
                f" {', '.join(fields)}: {exc.details and exc.details.get('errmsg')}.",
                hint="see “Sharded and hosted MongoDB” in the README",
            ) from exc
    # Written last: where it stands, the indexes stand.
    with suppress(DuplicateKeyError):
        database["meta"].insert_one({"_id": "schema", "version": SCHEMA_VERSION})


def _require_shard_keys(database: Documents, name: str) -> None:
    """Refuse a sharded collection whose key lets an id be there twice.

    Raises:
        StoreError: there is one. Whoever may not read the keys is not told.
    """
    if database.client.topology_description.topology_type_name != "Sharded":
        return
    spaces = {"$gte": f"{database.name}.", "$lt": f"{database.name}/"}
    keys = database.client["config"]["collections"]
    try:
        found = list(keys.find({"_id": spaces, "dropped": {"$ne": True}}, {"key": 1}))
    except OperationFailure as exc:
        if is_not_permitted(exc):
            return
        raise
    for each in found:
        collection = each["_id"].partition(".")[2]
        wanted = _STATES_KEY if collection in _STATES else "_id"
        if next(iter(each["key"]), None) != wanted:
            raise StoreError(
                f"The collection {collection} of {name} is sharded by {', '.join(each['key'])};"
                f" support needs {wanted}.",
                hint="see “Sharded and hosted MongoDB” in the README",
            )


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
