"""A run that dies at a chosen write of its state, and a desk that finds what it left."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from langgraph.checkpoint.sqlite import SqliteSaver

from support_cli.agent.checkpoints import Checkpoints, once, strict_serializer
from support_cli.agent.sqlite_checkpoints import SqliteMarks
from support_cli.services.clock import SystemClock
from support_cli.settings import Settings
from support_cli.store.sqlite import SqliteDocuments, connect
from support_cli.store.sqlite_errors import translated
from support_cli.store.sqlite_file import begin

T = TypeVar("T")


class Killed(BaseException):
    """What a process hears of a kill: nothing; it stands for that here."""


class Life:
    """Ends at a moment: before or after one of the writes of the agent's state.

    Afterwards nothing is written any more, as of a process that is gone.
    """

    def __init__(self, moment: int) -> None:
        self._left = moment
        self.ended = False

    def must_last(self) -> None:
        """Stop whatever a dead process would still do."""
        if self.ended:
            raise Killed

    def passes(self) -> None:
        """Let a moment pass."""
        self.must_last()
        self._left -= 1
        if self._left == 0:
            self.ended = True
            raise Killed

    def writing(self, write: Callable[..., T], *given: Any) -> T:
        """Write, with a moment before and a moment after."""
        self.passes()
        written = write(*given)
        self.passes()
        return written


class MortalSaver(SqliteSaver):
    """The library's checkpointer in a process that may die."""

    life: Life

    def put(self, *given: Any) -> Any:
        """Store a checkpoint, or die."""
        return self.life.writing(super().put, *given)

    def put_writes(self, *given: Any) -> None:
        """Store what a task wrote, or die."""
        self.life.writing(super().put_writes, *given)


class MortalDocuments(SqliteDocuments):
    """The documents of a process that may be dead."""

    life: Life

    def insert(self, record: Any) -> bool:
        """Store a record, if the process lives."""
        self.life.must_last()
        return super().insert(record)

    def replace(self, record: Any) -> bool:
        """Swap a record, if the process lives."""
        self.life.must_last()
        return super().replace(record)


class LaterClock(SystemClock):
    """The clock of somebody who comes when every lease has ended."""

    def now(self) -> datetime:
        """Tell the time in an hour."""
        return super().now() + timedelta(hours=1)


def mortal(life: Life, home: Path) -> dict[str, Any]:
    """Make the parts of a desk whose process ends with that life."""
    documents = MortalDocuments(home / "support.db")
    documents.life = life

    def checkpoints(settings: Settings, closing: ExitStack) -> Checkpoints:
        connection = connect(settings.database_file)
        closing.callback(connection.close)
        inner = MortalSaver(connection, serde=strict_serializer())
        inner.life = life
        inner.setup()
        marks = SqliteMarks(inner, begin)
        return Checkpoints(inner, marks, once(lambda: translated(settings.database_file)))

    return {"checkpoints": checkpoints, "documents": documents}
