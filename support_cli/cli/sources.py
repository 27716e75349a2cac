"""The file that a batch reads, more than once."""

from __future__ import annotations

import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

from support_cli.cli.asking import STDIN
from support_cli.errors import UsageError
from support_cli.services.raw_lines import Line
from support_cli.services.work_lines import read_lines

_SHOWN = 10  # remarks
_CSV = {".csv": True, ".tsv": True, ".jsonl": False, ".ndjson": False}


@dataclass(frozen=True)
class Source:
    """Lines that can be read again from the beginning.

    `remarks` say what was ignored or guessed when they were read last; of many, the first.
    """

    stream: BinaryIO
    is_csv: bool | None
    remarks: list[str] = field(default_factory=list)

    def lines(self, columns: Sequence[str]) -> Iterator[Line]:
        """Read the lines, from the first one."""
        self.remarks.clear()
        return read_lines(self.stream, columns, self._remark, is_csv=self.is_csv)

    def _remark(self, line: int, text: str) -> None:
        if len(self.remarks) < _SHOWN:
            self.remarks.append(f"Line {line} {text}")
        elif len(self.remarks) == _SHOWN:
            self.remarks.append("More lines are like these.")


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """Open a file, or standard input for `-`; what cannot be read twice is kept beside, unnamed.

    Raises:
        UsageError: it cannot be read.
    """
    if str(path) == STDIN:
        with _spooled(sys.stdin.buffer) as stream:
            yield Source(stream, None)
        return
    try:
        opened = path.open("rb")
    except OSError as exc:
        raise UsageError(f"The file {path} cannot be read: {exc.strerror}.") from exc
    with opened:
        is_csv = _CSV.get(path.suffix.lower())
        if stat.S_ISREG(path.stat().st_mode):
            yield Source(opened, is_csv)
            return
        with _spooled(opened) as stream:
            yield Source(stream, is_csv)


def check_apart(source: Path, results: Path | None) -> None:
    """Keep results from overwriting the lines that are read.

    Raises:
        UsageError: they would.
    """
    if results is not None and results.exists() and source.exists() and results.samefile(source):
        raise UsageError("--results would overwrite the lines that are read.")


@contextmanager
def _spooled(stream: BinaryIO) -> Iterator[BinaryIO]:
    with tempfile.TemporaryFile() as kept:
        shutil.copyfileobj(stream, kept)
        yield cast("BinaryIO", kept)
