"""Reading lines of work as a stream, JSON Lines or CSV: a line that is no good spoils no other.

In CSV the columns `decision`, `message` and `changed_args` are the decision, and `tickets`, `args`
and `changed_args` hold JSON. A record may take several lines of the file; it counts from its first.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from support_cli.domain.work import LINE_LIMIT, QUESTION_KEYS, WORK_KEYS
from support_cli.errors import UsageError

WORK_COLUMNS = (*WORK_KEYS, "message", "changed_args")
QUESTION_COLUMNS = QUESTION_KEYS
_JSON_CELLS = ("tickets", "args", "changed_args")
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_TOO_LONG = f"The line has more than {LINE_LIMIT:,} bytes (1 MiB)."
_NOT_TEXT = "The line is not UTF-8 text."
_MARK = b"\xef\xbb\xbf"  # some editors put it before the first line


@dataclass(frozen=True, slots=True)
class Line:
    """One line: where it begins, and what it says, or what is wrong with it."""

    number: int
    value: Mapping[str, Any] | None
    fault: str | None = None


class _Bad(Exception):
    """This line cannot be read."""


def read_lines(stream: BinaryIO, columns: Sequence[str], *, is_csv: bool | None) -> Iterator[Line]:
    """Read lines from a stream that can seek.

    Args:
        stream: the bytes.
        columns: those that the head of a CSV may have.
        is_csv: None looks at the first line to tell.

    Raises:
        UsageError: the head of a CSV has another column.
    """
    if is_csv is None:
        first = stream.readline(LINE_LIMIT).removeprefix(_MARK).lstrip()
        is_csv = first != b"" and not first.startswith(b"{")
    stream.seek(0)
    csv.field_size_limit(LINE_LIMIT)
    yield from _csv_lines(stream, columns) if is_csv else _json_lines(stream)


def harmless(cell: str) -> str:
    """Make a cell that a spreadsheet would take for a formula a text, by an apostrophe."""
    return f"'{cell}" if cell.lstrip("'").startswith(_DANGEROUS) else cell


def as_it_was(cell: str) -> str:
    """Read a cell that was made harmless."""
    guarded = cell.startswith("'") and cell.lstrip("'").startswith(_DANGEROUS)
    return cell[1:] if guarded else cell


def _json_lines(stream: BinaryIO) -> Iterator[Line]:
    for number, raw in enumerate(_physical(stream), start=1):
        if isinstance(raw, bytes) and not raw.strip():
            continue
        try:
            yield Line(number, _object(_decoded(raw)))
        except _Bad as bad:
            yield Line(number, None, str(bad))


def _object(text: str) -> Mapping[str, Any]:
    value = _json(text)
    if not isinstance(value, dict):
        raise _Bad("The line is not a JSON object.")
    return value


def _json(text: str) -> Any:
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
        json.dumps(value, ensure_ascii=False).encode()
    except (json.JSONDecodeError, RecursionError) as exc:
        what = getattr(exc, "msg", "it is nested too deeply")
        raise _Bad(f"The line is not JSON: {what}.") from exc
    except ValueError as exc:  # half a surrogate pair, or a number of thousands of digits
        raise _Bad("The line has a character or a number that cannot be kept.") from exc
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise _Bad("The line has a key twice.")
    return value


def _refuse(constant: str) -> Any:
    raise _Bad(f"{constant} is not JSON.")


class _Records:
    """Hands the lines of a file to the csv module, and knows which one a record began on."""

    def __init__(self, stream: BinaryIO) -> None:
        self._lines = enumerate(_physical(stream), start=1)
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
            raise _Bad(_TOO_LONG)
        self._bytes += len(raw)
        self._quotes += raw.count(b'"')
        if self._bytes > LINE_LIMIT:
            raise _Bad(_TOO_LONG)
        # Undecodable bytes wait until the record is whole, so that its end is found.
        return raw.decode("utf-8-sig" if self.last == 1 else "utf-8", "surrogateescape")

    @property
    def lost(self) -> bool:
        """Tell whether nobody can say where the next record begins.

        Behind a quote that is not closed, a customer's text could pass for a record.
        """
        return self.last > self.first or self._quotes % 2 == 1


def _csv_lines(stream: BinaryIO, columns: Sequence[str]) -> Iterator[Line]:
    records = _Records(stream)
    head, reader = _head(records, columns)
    while True:
        records.begin()
        try:
            cells = next(reader)
            if cells:
                yield Line(records.first, _from_cells(head, cells))
        except StopIteration:
            return
        except (_Bad, csv.Error) as bad:
            lost = " From here on the file was not read." if records.lost else ""
            yield Line(records.first, None, _sentence(bad) + lost)
            if lost:
                return


def _head(records: _Records, columns: Sequence[str]) -> tuple[Sequence[str], Iterator[list[str]]]:
    try:
        first = next(iter(records), "")
    except _Bad as bad:
        raise UsageError(f"Line 1: {bad}") from bad
    delimiter = max(",;\t", key=first.count)  # spreadsheets write what their country does
    head = [cell.strip().lower() for cell in next(csv.reader([first], delimiter=delimiter), [])]
    unknown = [name for name in head if name not in columns]
    if unknown or not head or len(set(head)) < len(head):
        raise UsageError(
            "The first line is neither JSON nor a CSV's head with columns out of "
            f"{', '.join(columns)}."
        )
    return head, csv.reader(records, delimiter=delimiter, strict=True)


def _from_cells(head: Sequence[str], cells: Sequence[str]) -> Mapping[str, Any]:
    if len(cells) != len(head):
        raise _Bad(f"The record has {len(cells)} cells; the head has {len(head)}.")
    for cell in cells:
        _check_text(cell)
    texts = dict(zip(head, map(as_it_was, cells), strict=True))
    given = {name: _cell(name, text) for name, text in texts.items()}
    if "decision" in given or "message" in given or "changed_args" in given:
        parts = (("type", "decision"), ("message", "message"), ("args", "changed_args"))
        given["decision"] = {part: given.pop(name, None) for part, name in parts}
    return given


def _cell(name: str, text: str) -> Any:
    if not text.strip():
        return None
    return _json(text) if name in _JSON_CELLS else text


def _decoded(raw: bytes | int) -> str:
    if isinstance(raw, int):
        raise _Bad(_TOO_LONG)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise _Bad(_NOT_TEXT) from exc


def _check_text(cell: str) -> None:
    try:
        cell.encode()
    except UnicodeEncodeError as exc:
        raise _Bad(_NOT_TEXT) from exc


def _sentence(bad: Exception) -> str:
    return str(bad) if isinstance(bad, _Bad) else f"The record is not CSV: {bad}."


def _physical(stream: BinaryIO) -> Iterator[bytes | int]:
    """Read line by line. Of one that is too long to be held, count the quotes."""
    while raw := stream.readline(LINE_LIMIT + 1):
        if len(raw) <= LINE_LIMIT or raw.endswith(b"\n"):
            yield raw
            continue
        quotes = raw.count(b'"')
        while raw and not raw.endswith(b"\n"):
            raw = stream.readline(LINE_LIMIT)
            quotes += raw.count(b'"')
        yield quotes
