"""What one call of the program carries from the entry point to its command."""

from __future__ import annotations

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
    with invocation.open_desk(load()) as desk:
        yield desk
