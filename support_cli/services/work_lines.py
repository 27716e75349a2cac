"""Reading lines of work as a stream, JSON Lines or CSV: a line that is no good spoils no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

from support_cli.domain.work import LINE_LIMIT, QUESTION_KEYS, WORK_KEYS
from support_cli.services.csv_lines import Remark, csv_lines
from support_cli.services.raw_lines import (
    NOT_TEXT,
    TOO_LONG,
    BadLine,
    Line,
    as_utf_8,
    parse_json,
    physical_lines,
)

WORK_COLUMNS = (*WORK_KEYS, "message", "changed_args")
QUESTION_COLUMNS = QUESTION_KEYS
_MARK = b"\xef\xbb\xbf"  # some editors put it before the first line


def read_lines(
    stream: BinaryIO, columns: Sequence[str], remark: Remark, *, is_csv: bool | None
) -> Iterator[Line]:
    """Read lines from a stream that can seek.

    Args:
        stream: the bytes, UTF-8 or with the mark of UTF-16.
        columns: those of a CSV that are read.
        remark: is told what was ignored or guessed, and on which line.
        is_csv: None looks at the first line to tell.

    Raises:
        UsageError: the head of a CSV is none.
    """
    if is_csv is None:
        first = as_utf_8(stream).readline(LINE_LIMIT).removeprefix(_MARK).lstrip()
        is_csv = first != b"" and not first.startswith(b"{")
    text = as_utf_8(stream)
    yield from csv_lines(text, columns, remark) if is_csv else _json_lines(text)


def _json_lines(stream: BinaryIO) -> Iterator[Line]:
    for number, raw in enumerate(physical_lines(stream), start=1):
        if isinstance(raw, bytes) and not raw.strip():
            continue
        try:
            yield Line(number, _object(_decoded(raw)))
        except BadLine as bad:
            yield Line(number, None, str(bad))


def _object(text: str) -> Mapping[str, Any]:
    value = parse_json(text)
    if not isinstance(value, dict):
        raise BadLine("The line is not a JSON object.")
    return value


def _decoded(raw: bytes | int) -> str:
    if isinstance(raw, int):
        raise BadLine(TOO_LONG)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise BadLine(NOT_TEXT) from exc
