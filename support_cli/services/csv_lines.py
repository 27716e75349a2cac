"""Lines of work as spreadsheets write them.

The columns `decision`, `message` and `changed_args` are the decision, and `tickets`, `args` and
`changed_args` hold JSON. A record may take several lines of the file; it counts from its first.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, BinaryIO

from support_cli.domain.work import LINE_LIMIT
from support_cli.errors import UsageError
from support_cli.services.cells import as_it_was
from support_cli.services.raw_lines import (
    NOT_TEXT,
    TOO_LONG,
    BadLine,
    Line,
    parse_json,
    physical_lines,
)

Remark = Callable[[int, str], None]
_JSON_CELLS = ("tickets", "args", "changed_args", "variants")
_DELIMITERS = ",;\t|"  # spreadsheets write what their country does
_SEPARATOR = re.compile(rf'"?sep=([{_DELIMITERS}])"?\s*', re.IGNORECASE)
_NAMES, _NAME = 10, 40  # ignored columns that are named, and the letters of a name
_OLD = "cp1252"  # what spreadsheets write where they are not told to write UTF-8


def csv_lines(stream: BinaryIO, columns: Sequence[str], remark: Remark) -> Iterator[Line]:
    """Read the records of a CSV, its head first.

    Args:
        stream: the bytes.
        columns: those that are read.
        remark: is told what was ignored or guessed, and on which line.

    Raises:
        UsageError: the head has none of the columns, one twice, or one misspelt.
    """
    csv.field_size_limit(LINE_LIMIT)
    records = _Records(stream)
    head, reader = _head(records, columns, remark)
    while True:
        records.begin()
        try:
            cells = _decoded(next(reader), records.first, remark)
            if any(cell.strip() for cell in cells):
                yield Line(records.first, _from_cells(head, cells))
        except StopIteration:
            return
        except (BadLine, csv.Error) as bad:
            lost = " From here on the file was not read." if records.lost else ""
            yield Line(records.first, None, _sentence(bad) + lost)
            if lost:
                return


class _Records:
    """Hands the lines of a file to the csv module, and knows which one a record began on."""

    def __init__(self, stream: BinaryIO) -> None:
        self._lines = enumerate(physical_lines(stream), start=1)
        self.first = 0
        self.last = 0
        self._bytes = 0
        self._quotes = 0

    def begin(self) -> None:
        self.first = self.last + 1
        self._bytes = 0
        self._quotes = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self.last, raw = next(self._lines)
        if isinstance(raw, int):
            self._quotes += raw
            raise BadLine(TOO_LONG)
        self._bytes += len(raw)
        self._quotes += raw.count(b'"')
        if self._bytes > LINE_LIMIT:
            raise BadLine(TOO_LONG)
        # Undecodable bytes wait until the record is whole, so that its end is found.
        return raw.decode("utf-8-sig" if self.last == 1 else "utf-8", "surrogateescape")

    @property
    def lost(self) -> bool:
        """Tell whether nobody can say where the next record begins.

        Behind a quote that is not closed, a customer's text could pass for a record.
        """
        return self.last > self.first or self._quotes % 2 == 1


def _head(
    records: _Records, columns: Sequence[str], remark: Remark
) -> tuple[Sequence[str | None], Iterator[list[str]]]:
    try:
        first = next(records, "")
        declared = _SEPARATOR.fullmatch(first)
        text = next(records, "") if declared else first
    except BadLine as bad:
        raise UsageError(f"Line {records.last}: {bad}") from bad
    parted = {each: _names(text, each) for each in (declared[1] if declared else _DELIMITERS)}
    delimiter = max(parted, key=lambda each: len(set(columns).intersection(parted[each])))
    names = parted[delimiter]
    _check_head(names, columns)
    _tell_ignored([name for name in names if name not in columns], records.last, remark)
    head = [name if name in columns else None for name in names]
    return head, csv.reader(records, delimiter=delimiter, strict=True)


def _tell_ignored(ignored: Sequence[str], line: int, remark: Remark) -> None:
    told = [f"“{name[:_NAME]}”" for name in ignored if name][:_NAMES]
    rest = len(ignored) - len(told)
    if ignored:
        more = [f"{rest} more, or without a name"] if rest else []
        remark(line, f"has columns that are ignored: {', '.join([*told, *more])}.")


def _names(text: str, delimiter: str) -> list[str]:
    readable = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    try:
        cells = next(csv.reader([readable], delimiter=delimiter), [])
    except csv.Error:  # a carriage return in the middle: no head
        return []
    return [cell.strip().lower() for cell in cells]


def _check_head(names: Sequence[str], columns: Sequence[str]) -> None:
    known = [name for name in names if name in columns]
    if not known or len(set(known)) < len(known):
        raise UsageError(
            "The first line is neither JSON nor a CSV's head with columns out of "
            f"{', '.join(columns)}."
        )
    for name in names:
        near = get_close_matches(name, columns, n=1, cutoff=0.8) if name not in columns else []
        if near and near[0] not in names:  # ignored, it would leave every line half read
            raise UsageError(f"“{name}” is not a column; did you mean “{near[0]}”?")


def _from_cells(head: Sequence[str | None], cells: Sequence[str]) -> Mapping[str, Any]:
    surplus = cells[len(head) :]
    if len(cells) < len(head) or any(cell.strip() for cell in surplus):
        raise BadLine(f"The record has {len(cells)} cells; the head has {len(head)}.")
    texts = {name: as_it_was(cell) for name, cell in zip(head, cells, strict=False) if name}
    given = {name: _cell(name, text) for name, text in texts.items()}
    if "decision" in given or "message" in given or "changed_args" in given:
        parts = (("type", "decision"), ("message", "message"), ("args", "changed_args"))
        given["decision"] = {part: given.pop(name, None) for part, name in parts}
    return given


def _cell(name: str, text: str) -> Any:
    if not text.strip():
        return None
    return parse_json(text) if name in _JSON_CELLS else text


def _decoded(cells: Sequence[str], line: int, remark: Remark) -> Sequence[str]:
    try:
        "".join(cells).encode()
    except UnicodeEncodeError:
        told = _from_old(cells)
        remark(line, "is not UTF-8, and was read as Windows-1252.")
        return told
    return cells


def _from_old(cells: Sequence[str]) -> Sequence[str]:
    try:
        return [cell.encode("utf-8", "surrogateescape").decode(_OLD) for cell in cells]
    except UnicodeError as exc:
        raise BadLine(NOT_TEXT) from exc


def _sentence(bad: Exception) -> str:
    return str(bad) if isinstance(bad, BadLine) else f"The record is not CSV: {bad}."
