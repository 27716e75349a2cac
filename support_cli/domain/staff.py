"""The people who decide, and the levels they hold, as the active policy names them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from support_cli.domain.names import skeleton


class Audience(StrEnum):
    """Who may answer questions where people are named."""

    EVERYBODY = "everybody"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Staff:
    """Who may decide. With nobody named, everybody may, and holds every level.

    `levels` are held by a name's skeleton, so that one person cannot come under two names.
    """

    levels: Mapping[str, frozenset[str]] = field(default_factory=dict)
    questions: Audience = Audience.EVERYBODY

    @property
    def named(self) -> bool:
        """Tell whether anyone is named."""
        return bool(self.levels)

    @property
    def every_level(self) -> frozenset[str]:
        """Every level that anyone holds."""
        return frozenset().union(*self.levels.values())

    def includes(self, name: str) -> bool:
        """Tell whether a person is one of those who may decide."""
        return not self.named or skeleton(name) in self.levels

    def held(self, name: str, among: Collection[str]) -> frozenset[str]:
        """Tell which of these levels a person holds."""
        if not self.named:
            return frozenset(among)
        return self.levels.get(skeleton(name), frozenset()).intersection(among)

    def others(self, but: Iterable[str]) -> list[frozenset[str]]:
        """List what everybody named holds, but for these people."""
        left_out = {skeleton(name) for name in but}
        return [held for key, held in self.levels.items() if key not in left_out]


def staff_of(people: Mapping[str, Iterable[str]], questions: Audience) -> Staff:
    """Make the staff of the names that a policy gives."""
    return Staff({skeleton(name): frozenset(held) for name, held in people.items()}, questions)
