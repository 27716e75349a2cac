"""The SQLite file itself: made once, opened alike by everyone, examined."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from support_cli.errors import StoreReadOnly, StoreTooNew
from support_cli.services.ports import Check
from support_cli.store.documents import SCHEMA_VERSION
from support_cli.store.sqlite_errors import BUSY_SECONDS, not_a_store, translated

_LOOK, _LONGEST_LOOK = 0.0003, 0.01  # seconds between two looks whether one may write
LOGS = ("-wal", "-shm")
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
_ROOM = 100 * 1024 * 1024
_NAMED = 5  # faults that the doctor names
_NO_DOCUMENTS = "SELECT kind, id FROM documents WHERE NOT json_valid(body) LIMIT ?"
_TABLES = """
    PRAGMA journal_mode = WAL;
    CREATE TABLE documents (
        kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (kind, id)
    );
    CREATE TABLE facets (
        kind TEXT NOT NULL, key TEXT NOT NULL, sort TEXT NOT NULL, id TEXT NOT NULL,
        PRIMARY KEY (kind, key, sort, id)
    ) WITHOUT ROWID;
    CREATE INDEX facets_of_record ON facets (kind, id);
    CREATE TABLE terms (
        kind TEXT NOT NULL, term TEXT NOT NULL, id TEXT NOT NULL,
        PRIMARY KEY (kind, term, id)
    ) WITHOUT ROWID;
    CREATE INDEX terms_of_record ON terms (kind, id);
    CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
"""


def connect(path: Path) -> sqlite3.Connection:
    """Open one more connection to a store's file, for use by any thread under a lock.

    Python's implicit transactions begin at once as writers (`BEGIN IMMEDIATE`): one that begins as
    a reader fails when it comes to write beside another writer, and no timeout helps.

    Raises:
        StoreUnavailable: the file cannot be opened.
        StoreError: it is not a database.
    """
    with translated(path):
        connection = sqlite3.connect(
            _uri(path),
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level="IMMEDIATE",
            check_same_thread=False,
        )
        connection.execute("PRAGMA synchronous = FULL")
        return connection


def opened(path: Path) -> sqlite3.Connection:
    """Connect to the store at `path`, making it where it is missing.

    Raises:
        StoreUnavailable: the file cannot be opened.
        StoreReadOnly: it is missing and its folder cannot be written.
        StoreTooNew: a newer version of this program made it.
        StoreError: it is not a store.
    """
    with _folder_permitting(path):
        if not _made(path):
            _make(path)
    connection = connect(path)
    try:
        _check_schema(path, connection)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def creation_lock(path: Path) -> Iterator[None]:
    """Let one process at a time make tables in the file at `path`.

    SQLite itself does not wait for others while a file is new: one open in 200 failed without this.

    Raises:
        StoreReadOnly: the folder cannot be written.
    """
    with _folder_permitting(path):
        lock = os.open(beside(path, ".lock"), os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def begin(connection: sqlite3.Connection) -> None:
    """Begin to write, as soon as nobody else does.

    SQLite waits for its lock by sleeping and looking again, for up to 25 ms where a write takes
    one: most of a busy file's time would go by with nobody writing.

    Raises:
        sqlite3.OperationalError: others wrote for all of BUSY_SECONDS, or it cannot be written.
    """
    look, until = _LOOK, time.monotonic() + BUSY_SECONDS
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        while not _begun(connection, last=time.monotonic() > until):
            time.sleep(look)
            look = min(2 * look, _LONGEST_LOOK)
    finally:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")


def _begun(connection: sqlite3.Connection, *, last: bool) -> bool:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as exc:
        if last or exc.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True


def examine(path: Path, connection: sqlite3.Connection) -> list[Check]:
    """Look at the file as `admin doctor` does."""
    (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
    found = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    missing = sorted({"facets", "facets_of_record", "terms", "terms_of_record"} - found)
    return [
        Check("store", True, f"{path}: SQLite {sqlite3.sqlite_version}, journal {journal}"),
        Check("schema", True, f"version {_schema(path, connection)}"),
        Check("indexes", not missing, f"missing: {', '.join(missing)}" if missing else "present"),
        _integrity(connection),
        _privacy(path),
        _room(path),
    ]


def _integrity(connection: sqlite3.Connection) -> Check:
    """Let SQLite check every page, and see whether every document is one."""
    remedy = "stop the workers, and restore the file from a backup"
    try:
        said = [text for (text,) in connection.execute(f"PRAGMA integrity_check({_NAMED})")]
        if said != ["ok"]:
            return Check("integrity", False, "; ".join(said), remedy)
        found = connection.execute(_NO_DOCUMENTS, (_NAMED,)).fetchall()
    except sqlite3.DatabaseError as exc:
        return Check("integrity", False, str(exc), remedy)
    if found:
        named = ", ".join(map(" ".join, found))
        return Check("integrity", False, f"cannot be read: {named}", remedy)
    return Check("integrity", True, "SQLite finds no fault")


def _privacy(path: Path) -> Check:
    kept = [path, *(beside(path, suffix) for suffix in (*LOGS, ".lock"))]
    loose = [each for each in kept if each.exists() and _mode(each) & 0o077]
    folder = _mode(path.parent)
    told = f"{path.parent} {folder:04o}, {path} {_mode(path):04o}"
    tidy = f"chmod 700 {path.parent}"
    if folder & 0o002:
        return Check("permissions", False, f"{told}: anybody can replace the store", tidy)
    if loose:
        remedy = f"others can read customers' texts: chmod 600 {' '.join(map(str, loose))}"
        return Check("permissions", False, told, remedy)
    if folder & 0o020:
        return Check("permissions", True, f"{told}: its group can replace the store", tidy)
    return Check("permissions", True, told)


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def _room(path: Path) -> Check:
    free = shutil.disk_usage(path.parent).free
    remedy = None if free >= _ROOM else "free some space on this disk"
    return Check("disk", free >= _ROOM, f"{free // 2**20:,} MiB free", remedy)


def _made(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _make(path: Path) -> None:
    for folder in reversed((path.parent, *path.parent.parents)):
        if not folder.exists():
            folder.mkdir(PRIVATE_FOLDER, exist_ok=True)
    with creation_lock(path):
        if not _made(path):
            _build(path)


def _build(path: Path) -> None:
    # Built beside and moved into place: nobody ever opens a file with half of its tables.
    handle, name = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".new", dir=path.parent)
    os.close(handle)
    try:
        with closing(connect(Path(name))) as connection, translated(path):
            connection.executescript(_TABLES)
            with connection:
                connection.execute("INSERT INTO meta VALUES ('schema', ?)", (SCHEMA_VERSION,))
        for suffix in LOGS:  # of a file that was deleted: SQLite would play it in here
            beside(path, suffix).unlink(missing_ok=True)
        Path(name).replace(path)
        _sync(path.parent)
    finally:
        Path(name).unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _check_schema(path: Path, connection: sqlite3.Connection) -> None:
    with translated(path):
        version = _schema(path, connection)
    if version > SCHEMA_VERSION:
        raise StoreTooNew(
            f"The store {path} has schema version {version}; this program knows {SCHEMA_VERSION}.",
            hint="upgrade support-cli",
        )


def _schema(path: Path, connection: sqlite3.Connection) -> int:
    try:
        row = connection.execute("SELECT value FROM meta WHERE name = 'schema'").fetchone()
    except sqlite3.OperationalError as exc:
        if exc.sqlite_errorcode == sqlite3.SQLITE_ERROR:  # there is no such table
            raise not_a_store(path) from exc
        raise
    if row is None:
        raise not_a_store(path)
    return int(row[0])


@contextmanager
def _folder_permitting(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise StoreReadOnly(
            f"The store {path} cannot be made: {exc.strerror}.",
            hint="set SUPPORT_HOME to a folder of yours",
        ) from exc


def beside(path: Path, suffix: str) -> Path:
    """Name one of the files that SQLite, or we, keep beside a store's."""
    return path.with_name(path.name + suffix)


def _uri(path: Path) -> str:
    # In a folder that cannot be written SQLite cannot make the files a WAL reader needs. Without a
    # log there is no writer, so the file is whole, and may be read as one that never changes.
    frozen = not os.access(path.parent, os.W_OK) and not beside(path, "-wal").exists()
    return f"{path.absolute().as_uri()}?{'immutable=1' if frozen else 'mode=rw'}"
