"""How far a batch has come, on stderr: a bar on a terminal, else a line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from support_cli.cli.output import note

if TYPE_CHECKING:
    from rich.progress import Progress, Task

_EVERY = 10.0  # seconds between two lines


class Watching(Protocol):
    """Somebody who is told how far it has come."""

    def advance(self) -> None:
        """Say that one more is done."""
        ...

    def show(self, line: str) -> None:
        """Print a line of data on the terminal that the progress is on."""
        ...


class Quiet:
    """Nobody."""

    def advance(self) -> None:
        """Say nothing."""

    def show(self, line: str) -> None:
        """Print it."""
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


class Lines(Quiet):
    """A log: a line every ten seconds."""

    def __init__(self, doing: str, total: int | None) -> None:
        self._doing = doing
        self._of = "" if total is None else f" of {total:,}"
        self._done = 0
        self._began = self._told = time.monotonic()

    def advance(self) -> None:
        """Count, and say so now and then."""
        self._done += 1
        now = time.monotonic()
        if now - self._told >= _EVERY:
            self._told = now
            rate = self._done / (now - self._began)
            note(f"{self._doing}: {self._done:,}{self._of}, {rate:.1f} a second.")


class Bar:
    """A bar with the rate and the time left."""

    def __init__(self, bar: Progress, doing: str, total: int | None) -> None:
        self._bar = bar
        self._task = bar.add_task(doing, total=total)

    def advance(self) -> None:
        """Move the bar."""
        self._bar.advance(self._task)

    def show(self, line: str) -> None:
        """Print a line above the bar."""
        self._bar.console.print(line, soft_wrap=True)


@contextmanager
def watching(doing: str, total: int | None, *, quiet: bool) -> Iterator[Watching]:
    """Show how far something comes; `total` None where nobody knows how much there is."""
    if quiet:
        yield Quiet()
    elif not sys.stderr.isatty():
        yield Lines(doing, total)
    else:
        with _bar() as bar:
            yield Bar(bar, doing, total)


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed or 0:.1f}/s")

    console = Console(file=sys.stderr, highlight=False, markup=False, emoji=False)
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        refresh_per_second=4,
        redirect_stdout=False,
        redirect_stderr=False,
    )
