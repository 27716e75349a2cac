"""What SQLite says when it fails, as what a user can act on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from support_cli.errors import StoreError, StoreReadOnly, StoreUnavailable

BUSY_SECONDS = 60
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
        StoreError,
        "The disk that holds {path} is full.",
        "free some space and try again",
    ),
    sqlite3.SQLITE_IOERR: (
        StoreError,
        "The disk that holds {path} failed.",
        "support admin doctor",
    ),
    sqlite3.SQLITE_CORRUPT: (
        StoreError,
        "The store {path} is damaged.",
        "restore it from a backup",
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
        code = getattr(exc, "sqlite_errorcode", 0) & 0xFF  # the rest tells variants apart
        if code not in _SAID:
            raise
        raise _error(path, code) from exc


def not_a_store(path: Path) -> StoreError:
    """Build the error for a file that is something else."""
    return _error(path, sqlite3.SQLITE_NOTADB)


def _error(path: Path, code: int) -> StoreError:
    error, text, hint = _SAID[code]
    return error(text.format(path=path), hint=hint.format(path=path))
