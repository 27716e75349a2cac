"""A local command that acts for the desk, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from support_cli.domain.effect import ActionFailed, DidNotHappen, Evidence

DID_NOT_HAPPEN = 75  # EX_TEMPFAIL of sysexits.h: the command says that it did nothing


@dataclass(frozen=True, slots=True)
class Command:
    """A command to run: each element one argument, its whole environment, how long it may take."""

    words: tuple[str, ...]
    environment: Mapping[str, str]
    timeout: timedelta


@dataclass(frozen=True, slots=True)
class CommandEnd:
    """How a command ended.

    `problem` says why it was never started. `exit_code` is negative where a signal ended it.
    `output` is the end of what it printed; `cut`: there was more.
    """

    problem: str | None = None
    exit_code: int | None = None
    output: str = ""
    cut: bool = False
    timed_out: bool = False


def result_of(end: CommandEnd) -> str:
    """Say what a command came to, in words for the agent.

    Raises:
        DidNotHappen: it was never started, or says that it did nothing.
        ActionFailed: nobody knows how far it came.
    """
    printed = end.output.strip()
    if end.cut and printed:
        printed = f"(the beginning of its output is cut off) {printed}"
    if end.problem is not None:
        raise DidNotHappen(f"{end.problem}.")
    if end.exit_code == DID_NOT_HAPPEN and not end.timed_out:
        raise DidNotHappen(printed or "The command says that it did nothing.")
    if end.exit_code != 0 or end.timed_out:
        raise ActionFailed(Evidence(end.exit_code, printed or None, timed_out=end.timed_out))
    return printed or "The command was done, and printed nothing."
