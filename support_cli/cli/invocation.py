"""What one call of the program carries from the entry point to its command."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import typer

from support_cli.settings import Settings, load
from support_cli.wiring import Desk

OpenDesk = Callable[[Settings], AbstractContextManager[Desk]]


@dataclass
class Invocation:
    """One call: its arguments, how its desk is opened, and whether --debug was given."""

    argv: Sequence[str]
    open_desk: OpenDesk
    debug: bool = False

    @property
    def json(self) -> bool:
        """Tell whether a script is to read what is printed, errors too."""
        own = self.argv[: self.argv.index("--")] if "--" in self.argv else self.argv
        return "--json" in own


@contextmanager
def desk_of(ctx: typer.Context) -> Iterator[Desk]:
    """Open the desk that a command works at.

    Raises:
        UsageError, StoreError: the settings cannot be read, or the store cannot be opened.
    """
    invocation: Invocation = ctx.obj
    with invocation.open_desk(load()) as desk, _leaving_calls(desk):
        yield desk


@contextmanager
def _leaving_calls(desk: Desk) -> Iterator[None]:
    """At Ctrl-C, wait no longer for tools: the graph joins the thread that waits for one."""

    def interrupt(number: int, frame: object) -> None:
        # Not here: the interrupted code may hold the lock that leaving needs.
        threading.Thread(target=desk.leave).start()
        raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    is_main = threading.current_thread() is threading.main_thread()
    # Where Ctrl-C is ignored, as for a job in the background, it stays so.
    if before is not signal.default_int_handler or not is_main:
        yield
        return
    signal.signal(signal.SIGINT, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
