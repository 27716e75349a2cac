"""The lines of a file as bytes and as JSON; one that is no good spoils no other."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from support_cli.domain.work import LINE_LIMIT
from support_cli.errors import UsageError
from support_cli.services.json_text import read_json

TOO_LONG = f"The line has more than {LINE_LIMIT:,} bytes (1 MiB)."
NOT_TEXT = "The line is not UTF-8 text."
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_PIECE = 64 * 1024  # bytes
_HALF = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
_BROKEN = b"\x81"  # no text in UTF-8, nor in Windows-1252


@dataclass(frozen=True, slots=True)
class Line:
    """One line: where it begins, and what it says, or what is wrong with it."""

    number: int
    value: Mapping[str, Any] | None
    fault: str | None = None


class BadLine(Exception):
    """This line cannot be read."""


def as_utf_8(stream: BinaryIO) -> BinaryIO:
    """Give a stream from its beginning, turned into UTF-8 where its mark says UTF-16."""
    stream.seek(0)
    mark = stream.read(2)
    stream.seek(0)
    if mark not in _UTF_16:
        return stream
    return cast("BinaryIO", io.BufferedReader(_FromUtf16(stream)))


def physical_lines(stream: BinaryIO) -> Iterator[bytes | int]:
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


def parse_json(text: str) -> Any:
    """Read a JSON value that can be kept.

    Raises:
        BadLine: it is none.
    """
    try:
        return read_json(text, "The line")
    except UsageError as error:
        raise BadLine(error.message) from error


class _FromUtf16(io.RawIOBase):
    """Half a character becomes bytes that are no UTF-8: its line is bad, and no other."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-16")("surrogatepass")
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest and (piece := self._stream.read(_PIECE)):
            text = self._decoder.decode(piece).encode("utf-8", "surrogatepass")
            self._rest = _HALF.sub(_BROKEN, text)
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size
