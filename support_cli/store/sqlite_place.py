"""The SQLite file that is open, and whether it is still the one at its path.

A file that was deleted or replaced, by a backup for one, lives on for who has it open, and what is
written to it nobody else will ever see.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from support_cli.errors import ReplyLost, StoreUnavailable
from support_cli.store.sqlite_errors import translated
from support_cli.store.sqlite_file import LOGS, beside, creation_lock

Identity = tuple[int, int]  # device and inode


class OpenFile:
    """A connection, and the file that it was made to.

    Args:
        path: where the file is.
        connect: opens it.
    """

    def __init__(self, path: Path, connect: Callable[[Path], sqlite3.Connection]) -> None:
        self._path = path
        self._connect = connect
        self.connection, self._identity = _connected(path, connect)
        try:
            # Read, so that SQLite has opened its log.
            with translated(path):
                self.connection.execute("PRAGMA schema_version").fetchone()
        except BaseException:
            self.connection.close()
            raise
        self._log = identify(beside(path, "-wal"))

    @property
    def moved(self) -> bool:
        """Tell whether it is no longer the file at its path."""
        return identify(self._path) != self._identity

    def renewed(self) -> OpenFile:
        """Give the file that is at the path now: this one, or another in its place.

        Raises:
            StoreUnavailable: there is none. StoreError: what is there cannot be opened.
        """
        if not self.moved:
            return self
        if identify(self._path) is None:
            raise _gone(self._path)
        self._discard_logs()
        other = OpenFile(self._path, self._connect)
        self.connection.close()
        return other

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Use the connection, and nothing but the file at the path.

        Raises:
            StoreUnavailable: the file was deleted or replaced.
            StoreError: SQLite failed.
        """
        with translated(self._path):
            if self.moved:
                raise _gone(self._path)
            yield
        if self.moved:
            raise _gone(self._path)

    def alone(self) -> AbstractContextManager[None]:
        """Let one process at a time make tables in it."""
        return creation_lock(self._path)

    def require_kept(self) -> None:
        """Make sure that what was just written is in the file at the path.

        Raises:
            ReplyLost: the file was replaced meanwhile; perhaps before its copy was made.
        """
        if self.moved:
            text = f"The store {self._path} was deleted or replaced while it was written."
            raise ReplyLost(text, hint="look whether it happened, then try again")

    def _discard_logs(self) -> None:
        """Remove the log of the file that was here before: SQLite would play it into this one.

        Its own log is left alone, be it restored with it or made by another process since.
        """
        with creation_lock(self._path):
            if self._log == identify(beside(self._path, "-wal")):
                for suffix in LOGS:
                    beside(self._path, suffix).unlink(missing_ok=True)


def identify(path: Path) -> Identity | None:
    """Tell which file is at a path; None: there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 (before each request: without a detour)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _connected(
    path: Path, connect: Callable[[Path], sqlite3.Connection]
) -> tuple[sqlite3.Connection, Identity | None]:
    while True:
        before = identify(path)
        connection = connect(path)
        if identify(path) == before:
            return connection, before
        connection.close()  # it was made, or replaced, meanwhile


def _gone(path: Path) -> StoreUnavailable:
    return StoreUnavailable(
        f"The file {path} was deleted or replaced.",
        hint="put it back; with a file of a backup, without -wal and -shm of the one before",
    )
