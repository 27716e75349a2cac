"""The options that several commands share, and how their values are read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from support_cli.domain.durations import parse_duration
from support_cli.domain.names import checked_name
from support_cli.domain.request import Kind
from support_cli.domain.ticket import Status
from support_cli.errors import UsageError

E = TypeVar("E", bound=StrEnum)
PAGE = 50  # rows of a list
LARGEST_PAGE = 1000
MOST_JOBS = 256


def number(most: int) -> Callable[[str], int]:
    """Make a reader of whole numbers from 1 to `most`."""

    def read(text: str) -> int:
        if text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most:
            return int(text)
        raise UsageError(f"“{text}” is not a number from 1 to {most:,}.")

    return read


def one_of(kind: type[E]) -> Callable[[str], E]:
    """Make a reader of an enumeration's values, in any case."""

    def read(text: str) -> E:
        try:
            return kind(text.strip().lower())
        except ValueError as exc:
            raise UsageError(f"“{text}” is none of {', '.join(kind)}.") from exc

    return read


def completing(*values: str) -> Callable[[str], list[str]]:
    """Make a completion that offers these values."""

    def complete(incomplete: str) -> list[str]:
        return [value for value in values if value.startswith(incomplete)]

    return complete


def forbid_together(**given: object) -> None:
    """Refuse a command line that has more than one of these options.

    Raises:
        UsageError: it has; the sentence names them.
    """
    names = [f"--{name.replace('_', '-')}" for name, value in given.items() if value]
    if len(names) > 1:
        raise UsageError(f"{' and '.join(names)} exclude each other.", hint="give one of them")


class Layout(StrEnum):
    """How much a list shows."""

    NARROW = "narrow"
    WIDE = "wide"


Json = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
AsCustomer = Annotated[
    str | None,
    typer.Option(
        "--customer",
        metavar="NAME",
        parser=checked_name,
        help="Who you are. Otherwise SUPPORT_CUSTOMER, else the system user.",
    ),
]
AsAdmin = Annotated[
    str | None,
    typer.Option(
        "--by",
        metavar="NAME",
        parser=checked_name,
        help="Who you are. Otherwise SUPPORT_ADMIN, else the system user.",
    ),
]
OfCustomer = Annotated[
    str | None,
    typer.Option("--customer", metavar="NAME", parser=checked_name, help="Only this customer's."),
]
TicketId = Annotated[
    str, typer.Argument(metavar="TICKET", show_default=False, help="The ticket's id.")
]
Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="TEXT",
        show_default=False,
        help="The message; - reads it from standard input. Put -- before it where a word of it"
        " is also an option.",
    ),
]
Human = Annotated[
    bool, typer.Option("--human", help="Ask for a person; no model sees the message.")
]
Timeout = Annotated[
    timedelta | None,
    typer.Option(
        "--timeout",
        metavar="DURATION",
        parser=parse_duration,
        help="Give up after so long (30s, 10m, 2h) with exit code 8.",
    ),
]
OneStatus = Annotated[
    Status | None,
    typer.Option(
        "--status",
        metavar="STATUS",
        parser=one_of(Status),
        autocompletion=completing(*Status),
        help=f"Only tickets that are {', '.join(Status)}.",
    ),
]
OneKind = Annotated[
    Kind | None,
    typer.Option(
        "--kind",
        metavar="KIND",
        parser=one_of(Kind),
        autocompletion=completing(*Kind),
        help=f"Only tickets with an open request of this kind: {', '.join(Kind)}.",
    ),
]
OlderThan = Annotated[
    timedelta | None,
    typer.Option(
        "--older-than",
        metavar="DURATION",
        parser=parse_duration,
        help="Only tickets that have been in their state so long (90s, 2h, 3d).",
    ),
]
Limit = Annotated[
    int,
    typer.Option(
        "--limit",
        metavar="N",
        parser=number(LARGEST_PAGE),
        show_default=str(PAGE),
        help=f"At most so many rows (1 to {LARGEST_PAGE:,}).",
    ),
]
After = Annotated[
    str | None,
    typer.Option("--after", metavar="CURSOR", help="Go on where an earlier page ended."),
]
Jobs = Annotated[
    int,
    typer.Option(
        "--jobs",
        metavar="N",
        parser=number(MOST_JOBS),
        show_default="4",
        help=f"Run so many tickets side by side (1 to {MOST_JOBS}).",
    ),
]
ResultsFile = Annotated[
    Path | None,
    typer.Option(
        "--results", metavar="FILE", parser=Path, help="Write the results there, not to stdout."
    ),
]
FailFast = Annotated[
    bool, typer.Option("--fail-fast", help="Begin nothing more after the first failure.")
]
AnswerFile = Annotated[
    Path | None,
    typer.Option("--answer-file", metavar="FILE", parser=Path, help="Read the answer from a file."),
]
