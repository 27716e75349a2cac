"""Everything that is printed.

Data goes to stdout; prompts, progress and errors go to stderr. On a terminal a text is broken
between words, and a row is cut at the terminal's width. In a pipe or a file nothing is broken, cut
or styled. What came from outside is made visible here, in one place.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from textwrap import indent
from typing import TYPE_CHECKING, Any, TextIO

from support_cli.cli import schema
from support_cli.cli.text import one_line, visible
from support_cli.cli.width import cells, cut, fold
from support_cli.errors import SupportError

if TYPE_CHECKING:
    from rich.console import Console

    from support_cli.cli.wrapping import Wrapping

_NARROWEST = 20  # columns a text keeps, however far it is indented
_EXCERPT = "    "  # before the lines of a file that an error is about
_GAP = 2  # columns between two cells
_BAR = "│ "


def data(document: Mapping[str, Any]) -> None:
    """Print one JSON document on one line, in ASCII: nothing in it can move a cursor."""
    _write(sys.stdout, json.dumps(document) + "\n")


def say(text: str = "", *, lead: str = "", style: str = "", stream: TextIO | None = None) -> None:
    """Print a text, to stdout where no stream is given.

    Args:
        text: what came from wherever.
        lead: what stands before its first line; the other lines are indented as far.
        style: how it looks on a terminal.
        stream: where to.
    """
    _print_block(text, lead, " " * len(lead), style, stream or sys.stdout)


def quote(text: str, *, lead: str = "", stream: TextIO | None = None) -> None:
    """Print somebody's words behind a bar, which no line of theirs can leave.

    Args:
        text: what a customer, a person, a model or a server wrote.
        lead: what stands before the bar of the first line; the other bars stand below it.
        stream: where to; stdout where none is given.
    """
    _print_block(text, lead + _BAR, " " * len(lead) + _BAR, "", stream or sys.stdout)


def _print_block(text: str, first: str, rest: str, style: str, stream: TextIO) -> None:
    console = _console(stream)
    lines = visible(text).split("\n")
    if console is not None:
        lines = fold(visible(text), max(_NARROWEST, console.width - len(first)))
    shown = "\n".join(
        f"{rest if number else first}{each}".rstrip() for number, each in enumerate(lines)
    )
    if console is None or not style:
        _write(stream, f"{shown}\n")
    else:
        console.print(shown, style=style, soft_wrap=True)


def line(text: str, *, stream: TextIO | None = None) -> None:
    """Print one line that is never broken: it may hold a command to copy."""
    flat = visible(text).replace("\n", " ")
    _write(stream or sys.stdout, f"{flat}\n")


def note(text: str) -> None:
    """Print one line of progress to stderr."""
    line(text, stream=sys.stderr)


def explain(text: str) -> None:
    """Print a text of many lines to stderr as it is: a traceback, or help."""
    with suppress(BrokenPipeError):
        _write(sys.stderr, f"{visible(text).rstrip()}\n")


def complain(error: SupportError, as_json: bool) -> None:
    """Print an error to stderr: what is wrong, and what to type next."""
    with suppress(BrokenPipeError):
        if as_json:
            told = schema.error(error.code, error.message, error.hint)
            _write(sys.stderr, json.dumps(told) + "\n")
            return
        note(f"Error: {one_line(error.message)}")
        if error.excerpt:
            explain(indent(error.excerpt, _EXCERPT))
        if error.hint:
            note(f"Try: {one_line(error.hint)}")


def table(head: Sequence[str], rows: Sequence[Sequence[str]], most: Sequence[int]) -> None:
    """Print rows; in a pipe without a head, the cells parted by tabs.

    Args:
        head: the columns' names; none for a lone row.
        rows: a text for each column.
        most: how wide each column but the last may grow on a terminal.
    """
    plain = [[one_line(cell) for cell in row] for row in rows]
    console = _console(sys.stdout)
    if console is None:
        _write(sys.stdout, "".join("\t".join(row) + "\n" for row in plain))
    else:
        _print_table(console, head, plain, most)


def _print_table(
    console: Console, head: Sequence[str], rows: Sequence[Sequence[str]], most: Sequence[int]
) -> None:
    shown = [head, *rows] if head else rows
    columns = list(zip(*shown, strict=True))[:-1]
    widths = [
        min(limit, max(map(cells, column))) for column, limit in zip(columns, most, strict=True)
    ]
    widths.append(max(_NARROWEST, console.width - sum(widths) - _GAP * len(widths)))
    for row in shown:
        printed = (" " * _GAP).join(map(_fit, row, widths)).rstrip()
        if row is head:
            console.print(printed, style="bold", soft_wrap=True)
        else:
            _write(sys.stdout, f"{printed}\n")


def _fit(cell: str, width: int) -> str:
    text = cut(cell, width)
    return text + " " * (width - cells(text))


class Reply:
    """Prints the agent's words as they come. A reader who went away does not end the run."""

    def __init__(self) -> None:
        self._heard = ""
        self._wrapping = _wrapping(sys.stdout)

    def hear(self, text: str) -> None:
        """Print the words that are complete by now."""
        self._heard += text
        self._show(self._wrapping.feed(text) if self._wrapping else visible(text))

    def heard(self, text: str) -> bool:
        """Tell whether these words were printed."""
        return text in self._heard

    def end(self, reply: str | None) -> None:
        """End the line; print the reply, unless it is what came last."""
        if self._wrapping:
            self._show(self._wrapping.rest())
        elif self._heard and not self._heard.endswith("\n"):
            self._show("\n")
        if reply is not None and not self._heard.strip().endswith(reply.strip()):
            say(reply)

    def _show(self, text: str) -> None:
        with suppress(BrokenPipeError):
            _write(sys.stdout, text)


def _wrapping(stream: TextIO) -> Wrapping | None:
    console = _console(stream)
    if console is None:
        return None
    from support_cli.cli.wrapping import Wrapping

    return Wrapping(console.width)


def _console(stream: TextIO) -> Console | None:
    """Make a console for a stream that is a terminal."""
    if not stream.isatty():
        return None
    from rich.console import Console

    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") in ("dumb", "unknown")
    return Console(
        file=stream,
        highlight=False,
        markup=False,
        emoji=False,
        color_system=None if plain else "auto",
    )


def _write(stream: TextIO, text: str) -> None:
    stream.write(text)
    stream.flush()
