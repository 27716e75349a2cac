"""Carrying out a batch: the results as they come, the progress, the end by a signal."""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from support_cli.cli import work_schema
from support_cli.cli.output import note
from support_cli.cli.progress import Watching, watching
from support_cli.domain.trail import Actor
from support_cli.domain.work import FINE, IN_CONFLICT, Outcome
from support_cli.errors import Conflict, SupportError, UsageError
from support_cli.services.batch import Item, Result, not_done
from support_cli.services.parallel import SideBySide
from support_cli.wiring import BatchTask, Desk, batch_hands

_CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}
_PRIVATE = 0o600


@dataclass(frozen=True)
class How:
    """How a batch is carried out; `results` None: they go to stdout."""

    jobs: int
    results: Path | None
    fail_fast: bool
    quiet: bool


@dataclass
class _Ending:
    code: int = 0


def carry_out(
    items: Iterable[Item], do: Callable[[Item], Result], how: How, doing: str, total: int | None
) -> int:
    """Do every item, print what became of each as it is done, and return the exit code.

    Raises:
        UsageError: the results cannot be written where they are to go.
    """
    doers = SideBySide(how.jobs, do, lambda item: item.lane)
    counts: Counter[Outcome] = Counter()
    with (
        _opened(how.results) as file,
        _ended_by_signals(doers) as ending,
        watching(doing, total, quiet=how.quiet) as watch,
    ):
        for item, done in doers.over(items):
            result = done or not_done(item)
            counts[result.outcome] += 1
            _write(result, file, watch)
            watch.advance()
            if how.fail_fast and result.outcome not in FINE:
                doers.stop()
    if not how.quiet:
        note(f"{counts.total():,} results: {_told(counts)}.")
    return ending.code or exit_code(counts)


@contextmanager
def doing(
    desk: Desk, task: BatchTask, actor: Actor, jobs: int, *, detach: bool
) -> Iterator[Callable[[Item], Result]]:
    """Give what does the items: with the runs, or only what is left to workers to run."""
    if detach:
        batch = desk.batch(run=False)
        yield lambda item: task(batch, item, actor)
        return
    desk.settings.require_model()
    with batch_hands(desk, task, actor, jobs) as do:
        yield do


def exit_code(counts: Counter[Outcome]) -> int:
    """Say how it went: 0 well, 1 some failed, 6 some were in conflict and none failed."""
    bad = {outcome for outcome, count in counts.items() if count} - FINE
    if bad - IN_CONFLICT:
        return SupportError.exit_code
    return Conflict.exit_code if bad else 0


def _told(counts: Counter[Outcome]) -> str:
    told = [f"{counts[each]:,} {each.replace('_', ' ')}" for each in Outcome if counts[each]]
    return ", ".join(told) or "nothing to do"


def _write(result: Result, file: TextIO | None, watch: Watching) -> None:
    line = json.dumps(work_schema.result(result))
    if file is not None:
        file.write(f"{line}\n")
        file.flush()
    elif sys.stdout.isatty():
        watch.show(line)
    else:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


@contextmanager
def _opened(path: Path | None) -> Iterator[TextIO | None]:
    if path is None:
        yield None
        return
    try:
        # Replies are for their customers: a new file is readable by its owner alone, and a link
        # that somebody laid there before does not lead them elsewhere, or empty another file.
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
        file = os.fdopen(os.open(path, flags, _PRIVATE), "w")
    except OSError as exc:
        if exc.errno == errno.ELOOP:
            raise UsageError(f"--results: {path} is a link.") from exc
        raise UsageError(f"--results: {path} cannot be written: {exc.strerror}.") from exc
    with file:
        yield file


@contextmanager
def _ended_by_signals(doers: SideBySide[Item, Result]) -> Iterator[_Ending]:
    """Let what runs finish at the first Ctrl-C or SIGTERM; the second one ends at once."""
    ending = _Ending()

    def end(number: int, frame: object) -> None:
        ending.code = _CODES[signal.Signals(number)]
        doers.stop()
        for each in _CODES:
            signal.signal(each, signal.SIG_DFL)

    before = {each: signal.signal(each, end) for each in _CODES}
    try:
        yield ending
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
