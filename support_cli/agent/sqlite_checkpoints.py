"""The agent's states in a SQLite file, by the library's SqliteSaver."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from langgraph.checkpoint.sqlite import SqliteSaver

from support_cli.agent.checkpoints import (
    FENCE,
    Checkpoints,
    FencedSaver,
    Mark,
    once,
    strict_serializer,
)

Begin = Callable[[sqlite3.Connection], None]
_DELETES = (
    "DELETE FROM writes WHERE thread_id = ? AND checkpoint_ns = ?"
    " AND checkpoint_id IN (SELECT value FROM json_each(?))",
    "DELETE FROM checkpoints WHERE thread_id = ? AND checkpoint_ns = ?"
    " AND checkpoint_id IN (SELECT value FROM json_each(?))",
)


class File(Protocol):
    """A file that is open, for any thread."""

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection to it."""
        ...

    @property
    def moved(self) -> bool:
        """Tell whether it is no longer the file at its path."""
        ...

    def alone(self) -> AbstractContextManager[None]:
        """Let one process at a time make tables in it."""
        ...

    def translated(self) -> AbstractContextManager[None]:
        """Turn SQLite's errors into the desk's, and refuse a file that has moved."""
        ...


class SqliteCheckpoints(Checkpoints):
    """The saved states in a SQLite file, by the library's SqliteSaver.

    A run stays with the file that it began on: in one that was put in its place its fence may be
    another run's.

    Args:
        open_file: opens the file that is at the path now.
        begin: begins to write, once nobody else does.
    """

    def __init__(self, open_file: Callable[[], File], begin: Begin) -> None:
        self._open_file = open_file
        self._begin = begin
        self._lock = threading.Lock()
        self._open()

    def of_run(self, thread_id: str, fence: int) -> FencedSaver:
        """Make the checkpointer of one run."""
        with self._lock:
            if self._file.moved:
                self._open()
            return super().of_run(thread_id, fence)

    def _open(self) -> None:
        self._file = self._open_file()
        saver = PromptSaver(self._file.connection, self._begin)
        with self._file.alone(), self._file.translated():
            saver.setup()
        super().__init__(saver, SqliteMarks(saver, self._begin), once(self._file.translated))


class PromptSaver(SqliteSaver):
    """SqliteSaver that begins to write as soon as it may."""

    def __init__(self, connection: sqlite3.Connection, begin: Begin) -> None:
        super().__init__(connection, serde=strict_serializer())
        self._begin = begin

    @contextmanager
    def cursor(self, transaction: bool = True) -> Iterator[sqlite3.Cursor]:
        """Give a cursor to read with, or to write with."""
        with super().cursor(transaction) as cursor:
            if transaction:
                self._begin(self.conn)
            yield cursor


class SqliteMarks:
    """The marks in the tables of a SqliteSaver."""

    def __init__(self, saver: SqliteSaver, begin: Begin) -> None:
        self._connection, self._lock = saver.conn, saver.lock
        self._begin = begin

    def all(self, thread_id: str) -> list[Mark]:
        """List the marks of a thread's checkpoints, without loading them."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT checkpoint_id, checkpoint_ns, metadata FROM checkpoints"
                " WHERE thread_id = ?",
                (thread_id,),
            ).fetchall()
        return [
            Mark(json.loads(metadata).get(FENCE, 0), name, namespace)
            for name, namespace, metadata in rows
        ]

    def delete(self, thread_id: str, namespace: str, checkpoints: Sequence[str]) -> None:
        """Delete checkpoints of a namespace, and the writes that belong to them."""
        these = (thread_id, namespace, json.dumps(list(checkpoints)))
        with self._lock:
            # A deletion that a power cut undoes is made again later: no wait for the disk.
            self._connection.execute("PRAGMA synchronous = NORMAL")
            try:
                with self._connection:
                    self._begin(self._connection)
                    for delete in _DELETES:
                        self._connection.execute(delete, these)
            finally:
                self._connection.execute("PRAGMA synchronous = FULL")
