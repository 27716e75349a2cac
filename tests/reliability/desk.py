"""The whole desk with a scripted model, a payment provider, and a trap at each of its writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast

from langgraph.checkpoint.base import BaseCheckpointSaver

from support_cli import wiring
from support_cli.agent.checkpoints import Checkpoints
from support_cli.services.clock import SystemClock
from support_cli.services.ports import Clock, Documents
from support_cli.settings import Settings, load
from tests.reliability.clerk import Clerk
from tests.reliability.payments import Payments
from tests.reliability.trap import Trap, Trapped

Target = Mapping[str, str]

READS_OF_DOCUMENTS = frozenset({"get", "find", "search", "checks", "close"})
READS_OF_SAVER = frozenset({"get_tuple", "list", "get_next_version"})
READS_OF_MARKS = frozenset({"all"})
READS_OF_COLLECTION = frozenset({"find"})


class ClockAhead(SystemClock):
    """A clock that goes before the others'."""

    def __init__(self, ahead: timedelta) -> None:
        self._ahead = ahead

    def now(self) -> datetime:
        """Tell the time there."""
        return super().now() + self._ahead


LATER = ClockAhead(timedelta(hours=1))  # whoever tells the time by it finds every lease expired


def settings_of(target: Target, lease: str = "10s") -> Settings:
    """Read the settings that point at a store of a test's own."""
    return load({"SUPPORT_LEASE": lease, **target}, Path(target["SUPPORT_HOME"]) / "no.env")


def payments_of(target: Target, trap: Trap | None = None) -> Payments:
    """Give the provider that belongs to a store."""
    return Payments(Path(target["SUPPORT_HOME"]) / "payments", trap or Trap())


@contextmanager
def open_desk(
    target: Target,
    *,
    trap: Trap | None = None,
    clock: Clock | None = None,
    lease: str = "10s",
    model: Clerk | None = None,
    payments: Payments | None = None,
) -> Iterator[wiring.Desk]:
    """Open a desk on a store, as one process has it."""
    trap = trap or Trap()
    settings = settings_of(target, lease)
    documents = Trapped(wiring.open_documents(settings), trap, READS_OF_DOCUMENTS)
    agent = partial(
        wiring.make_agent, checkpoints=partial(trapped_checkpoints, trap), model=model or Clerk()
    )
    tools = (payments or payments_of(target, trap)).tools()
    with wiring.open_desk(
        settings, documents=cast("Documents", documents), clock=clock, agent=agent, tools=tools
    ) as desk:
        yield desk


def trapped_checkpoints(trap: Trap, settings: Settings, closing: ExitStack) -> Checkpoints:
    """Open the checkpointer with the trap at every write that it makes."""
    checkpoints = wiring.open_checkpoints(settings, closing)
    checkpoints.inner = cast(
        "BaseCheckpointSaver[Any]", Trapped(checkpoints.inner, trap, READS_OF_SAVER)
    )
    if settings.mongodb_uri is None:
        checkpoints.marks = Trapped(checkpoints.marks, trap, READS_OF_MARKS)
        return checkpoints
    for name in ("_checkpoints", "_writes"):  # one deletion is two writes here
        kept = getattr(checkpoints.marks, name)
        setattr(checkpoints.marks, name, Trapped(kept, trap, READS_OF_COLLECTION))
    return checkpoints
