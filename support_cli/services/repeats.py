"""Lines of one batch that decide the same request."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from support_cli.domain.trail import canonical, digest
from support_cli.domain.work import Outcome, Said
from support_cli.services.batch import Item, Result

_DIGITS = 16  # of a hash: there may be 100,000 lines, and each is kept
_Line = tuple[int, int]  # its number, and what it says


@dataclass(frozen=True, slots=True)
class Repeat:
    """A line that says of a request what an earlier one has said, or something else."""

    line: int
    before: int
    same: bool

    def __str__(self) -> str:
        """Say it in a sentence."""
        if self.same:
            return f"Line {self.line}: repeats line {self.before}."
        return f"Line {self.line}: contradicts line {self.before}, which would be applied."


class Repeats:
    """Finds, among the lines that would apply, those that would not after the others have."""

    def __init__(self) -> None:
        self._first: dict[int, _Line] = {}
        self._more: dict[int, list[_Line]] = {}

    def add(self, item: Item, foreseen: Result) -> None:
        """Take a line and what it would come to; the lines may come in any order."""
        if foreseen.outcome is not Outcome.APPLIED or item.said is None:
            return
        request = _hashed([foreseen.ticket, foreseen.request])
        line = (item.line, _hashed(_meant(item.said)))
        if request in self._first:
            self._more.setdefault(request, []).append(line)
        else:
            self._first[request] = line

    def found(self) -> Iterator[Repeat]:
        """Compare each with the first line of the file that decides its request."""
        for request, more in self._more.items():
            (before, said), *later = sorted([self._first[request], *more])
            for line, other in later:
                yield Repeat(line, before, other == said)


def _meant(said: Said) -> list[object]:
    return [said.type, said.message.strip() if said.message else None, said.args]


def _hashed(value: object) -> int:
    return int(digest(canonical(value))[:_DIGITS], 16)
