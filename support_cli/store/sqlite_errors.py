"""What SQLite says when it fails, as what a user can act on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from support_cli.errors import (
    Damaged,
    DiskFailed,
    StoreError,
    StoreReadOnly,
    StoreUnavailable,
)

BUSY_SECONDS = 60
_BUGS = (sqlite3.ProgrammingError, sqlite3.InterfaceError, sqlite3.NotSupportedError)
_SAID: Mapping[int, tuple[type[StoreError], str, str]] = {
    sqlite3.SQLITE_BUSY: (
        StoreUnavailable,
        f"Other processes kept the store {{path}} locked for {BUSY_SECONDS} seconds.",
        "support admin doctor",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        StoreUnavailable,
        "The store {path} cannot be opened.",
        "check who may use it: ls -ld {path.parent} {path}",
    ),
    sqlite3.SQLITE_READONLY: (
        StoreReadOnly,
        "The store {path} cannot be written.",
        "check who may write it: ls -ld {path.parent} {path}",
    ),
    sqlite3.SQLITE_FULL: (
        DiskFailed,
        "The disk that holds {path} is full.",
        "free some space and try again",
    ),
    sqlite3.SQLITE_IOERR: (
        DiskFailed,
        "The disk that holds {path} failed.",
        "support admin doctor",
    ),
    sqlite3.SQLITE_CORRUPT: (
        Damaged,
        "The store {path} is damaged.",
        "support admin doctor, and restore it from a backup",
    ),
    sqlite3.SQLITE_NOTADB: (
        StoreError,
        "{path} is not a store of support.",
        "set SUPPORT_HOME to another folder",
    ),
    sqlite3.SQLITE_TOOBIG: (
        StoreError,
        "The text is too large for the store {path}.",
        "shorten it",
    ),
}


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what SQLite says of the file at `path` into our errors; a bug stays as it is."""
    try:
        yield
    except sqlite3.Error as exc:
        if isinstance(exc, _BUGS):
            raise
        # Without a code it is the driver's own: a text in the file that is no UTF-8.
        code = getattr(exc, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
        raise _error(path, code & 0xFF, exc) from exc  # the rest tells variants apart


def not_a_store(path: Path) -> StoreError:
    """Build the error for a file that is something else."""
    return _error(path, sqlite3.SQLITE_NOTADB)


def _error(path: Path, code: int, exc: Exception | None = None) -> StoreError:
    if code not in _SAID:
        return StoreError(f"The store {path} failed: {exc}.", hint="support admin doctor")
    error, text, hint = _SAID[code]
    return error(text.format(path=path), hint=hint.format(path=path))
