"""Lists of tickets, one row each."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from support_cli.cli.output import note, table
from support_cli.cli.votes import needed
from support_cli.domain.durations import age
from support_cli.domain.request import Request
from support_cli.domain.ticket import Ticket
from support_cli.services.late import LateEffect
from support_cli.services.ports import Page
from support_cli.wiring import Desk

Row = Mapping[str, Any]
Column = Callable[[Row, datetime], str]


def _open(row: Row) -> list[Request]:
    return [each for each in row["requests"] if each.decision is None]


def _query(row: Row, _: datetime) -> str:
    asked = _open(row)
    more = f" (and {len(asked) - 1} more)" if len(asked) > 1 else ""
    return f"{asked[0].query}{more}" if asked else row["subject"]


def _kinds(row: Row, _: datetime) -> str:
    return ", ".join(dict.fromkeys(each.kind for each in _open(row))) or "-"


def _needs(row: Row, _: datetime) -> str:
    asked = _open(row)
    return needed(asked[0]) if asked else ""


# A column: its name, how wide it may grow on a terminal, and what it shows.
_ID = ("ID", 9, lambda row, _: row["id"])
_KIND = ("KIND", 20, _kinds)
_STATUS = ("STATUS", 8, lambda row, _: row["status"])
_AGE = ("AGE", 5, lambda row, now: age(now - row["since"]))
_SINCE = ("SINCE", 17, lambda row, _: f"{row['since']:%Y-%m-%dT%H:%MZ}")
_REQUESTS = ("REQUESTS", 8, lambda row, _: str(len(_open(row))))
_CUSTOMER = ("CUSTOMER", 16, lambda row, _: row["customer"])
_SUBJECT = ("SUBJECT", 24, lambda row, _: row["subject"])
_NEEDS = ("NEEDS", 22, _needs)
_QUERY = ("QUERY", 0, _query)
_Columns = Sequence[tuple[str, int, Column]]
_CUSTOMERS: _Columns = (_ID, _STATUS, _AGE, _SUBJECT)
_NARROW: _Columns = (_ID, _KIND, _AGE, _CUSTOMER, _QUERY)
_WIDE: _Columns = (_ID, _KIND, _STATUS, _AGE, _SINCE, _REQUESTS, _CUSTOMER, _SUBJECT, _QUERY)


def customers_line(ticket: Ticket, now: datetime) -> None:
    """Print where a ticket stands: its id, status, age in this status and subject."""
    row = {name: getattr(ticket, name) for name in ("id", "status", "since", "subject")}
    table((), [[show(row, now) for _, _, show in _CUSTOMERS]], _most(_CUSTOMERS))


def print_customers_page(page: Page, desk: Desk, argv: Sequence[str]) -> None:
    """Print a customer's tickets."""
    _print(page, desk, argv, _CUSTOMERS)


def print_narrow_page(page: Page, desk: Desk, argv: Sequence[str]) -> None:
    """Print tickets for admins: what is asked, in one line each."""
    _print(page, desk, argv, _with_needs(_NARROW, page, desk))


def print_wide_page(page: Page, desk: Desk, argv: Sequence[str]) -> None:
    """Print tickets for admins with all that a list knows of them."""
    _print(page, desk, argv, _with_needs(_WIDE, page, desk))


def note_damaged(id: str) -> None:
    """Say that a record belongs into a list and cannot be read."""
    note(f"{id} is damaged and cannot be listed; ask for: support admin doctor")


def note_set_aside(desk: Desk) -> None:
    """Name the tickets that no worker can run, and why."""
    now = desk.clock.now()
    for each in desk.asides.all():
        note(f"{each.id} cannot be run, for {age(now - each.since)}: {each.reason}")


def note_rest(page: Page, argv: Sequence[str]) -> None:
    """Name what a page lacks: records that cannot be read, and the next page."""
    for each in page.damaged:
        note_damaged(each)
    note_next(page, argv)


def note_next(page: Page, argv: Sequence[str]) -> None:
    """Name the command for the next page, where there is one."""
    if page.next is not None:
        note(f"More: {_next_command(argv, page.next)}")


def _with_needs(columns: _Columns, page: Page, desk: Desk) -> _Columns:
    """Add the levels that are missing, where any request on the page names levels."""
    now = desk.clock.now()
    needed = any(_needs(row, now) for row in page.rows)
    return (*columns[:-1], _NEEDS, columns[-1]) if needed else columns


def note_late(desk: Desk) -> None:
    """Name the effects that act for longer than they said."""
    for each in desk.late_effects():
        note(late_in_words(each))


def late_in_words(late: LateEffect) -> str:
    """Say which effect acts for longer than it said."""
    return f"{late.tool} of ticket {late.ticket} acts for {age(late.acting)}, past its time."


def _print(page: Page, desk: Desk, argv: Sequence[str], columns: _Columns) -> None:
    if page.rows:
        now = desk.clock.now()
        rows = [[show(row, now) for _, _, show in columns] for row in page.rows]
        table([name for name, _, _ in columns], rows, _most(columns))
    elif not page.damaged:
        note(f"No such tickets in {desk.documents.name}.")
    note_rest(page, argv)


def _most(columns: _Columns) -> list[int]:
    return [most for _, most, _ in columns[:-1]]


def _next_command(argv: Sequence[str], cursor: str) -> str:
    kept: list[str] = []
    skip = False
    for word in argv:
        if not skip and word != "--after" and not word.startswith("--after="):
            kept.append(word)
        skip = word == "--after"
    return shlex.join(["support", *kept, "--after", cursor])
