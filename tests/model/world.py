"""The world around the desk: what may break in it, who decides in it, and what was done to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, TypeVar

from support_cli.domain.staff import Audience, Staff, staff_of
from support_cli.domain.verdict import Proposal, Ruling, Verdict
from support_cli.errors import ReplyLost
from support_cli.services.ports import Check, Documents, Page, Record

R = TypeVar("R", bound=Record)
BOTH = ("manager", "director")
LEVELS: Mapping[str, tuple[str, ...]] = {
    "mia": ("manager",),
    "dan": ("director",),
    "zoe": BOTH,
    "amy": (),
}


class Killed(BaseException):
    """The process is gone: whatever it still tries fails."""


class Interrupted(BaseException):
    """Somebody pressed Ctrl-C: the process may still hand back what it holds."""


class End(Enum):
    """How a process ends, or its connection."""

    KILL = "kill"
    INTERRUPT = "interrupt"
    LOSE = "lose"


@dataclass
class Fate:
    """When a process meets its end: at which of the moments around what it does to the world.

    `acting`: only those around an effect count.
    """

    end: End = End.KILL
    moments: int | None = None
    acting: bool = False
    dead: bool = False

    def passes(self, *, acting: bool) -> None:
        """Live through one more moment."""
        self.lives()
        if self.moments is None or (self.acting and not acting):
            return
        self.moments -= 1
        if self.moments >= 0:
            return
        self.moments = None
        if self.end is End.LOSE:
            raise ReplyLost
        if self.end is End.INTERRUPT:
            raise Interrupted
        self.dead = True
        self.lives()

    def lives(self) -> None:
        """Do nothing, unless the process is gone."""
        if self.dead:
            raise Killed

    @contextmanager
    def around(self, *, acting: bool = False) -> Iterator[None]:
        """Live through the moment before something and the one after it."""
        self.passes(acting=acting)
        yield
        self.passes(acting=acting)


@dataclass
class MortalDocuments:
    """The store, as a process sees it that may die around each of its writes."""

    inner: Documents
    fate: Fate

    @property
    def name(self) -> str:
        """Name the store."""
        return self.inner.name

    def insert(self, record: Record) -> bool:
        """Insert, if alive."""
        with self.fate.around():
            return self.inner.insert(record)

    def get(self, kind: type[R], id: str) -> R | None:
        """Get, if alive."""
        self.fate.lives()
        return self.inner.get(kind, id)

    def replace(self, record: Record) -> bool:
        """Replace, if alive."""
        with self.fate.around():
            return self.inner.replace(record)

    def delete(self, kind: type[Any], id: str) -> bool:
        """Delete, if alive."""
        with self.fate.around():
            return self.inner.delete(kind, id)

    def keep(self, kind: type[Any], id: str) -> None:
        """Keep, if alive."""
        self.fate.lives()
        self.inner.keep(kind, id)

    def find(
        self,
        kind: type[Any],
        *,
        fields: Sequence[str],
        where: Mapping[str, str] | None = None,
        until: datetime | None = None,
        descending: bool = False,
        limit: int = 50,
        after: str | None = None,
    ) -> Page:
        """Find, if alive."""
        self.fate.lives()
        return self.inner.find(
            kind,
            fields=fields,
            where=where or {},
            until=until,
            descending=descending,
            limit=limit,
            after=after,
        )

    def search(self, kind: type[R], terms: Sequence[str], limit: int) -> list[R]:
        """Search, if alive."""
        self.fate.lives()
        return self.inner.search(kind, terms, limit)

    def checks(self) -> list[Check]:
        """Examine the store."""
        return self.inner.checks()

    def close(self) -> None:
        """Leave the store open for the next process."""


class StillHeart:
    """A heart that never beats: a run is as long as its lease."""

    @contextmanager
    def beating(self, every: timedelta, beat: Callable[[], None]) -> Iterator[None]:
        """Let the block work."""
        yield


@dataclass
class AmountPolicy:
    """Asks a manager, over 20 a director too, over 50 after the manager; never more than 100.

    `people` hold levels now: they are given and taken while requests wait.
    """

    people: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(LEVELS))

    def judge(self, proposal: Proposal) -> Verdict:
        """Judge by the amount alone."""
        amount = float(proposal.args["amount"])
        if amount > 100:
            return Verdict(Ruling.REFUSE, "too much", "v1", "Too much.")
        levels = BOTH if amount > 20 else BOTH[:1]
        return Verdict(Ruling.ASK, "asks", "v1", levels=levels, in_order=amount > 50)

    def judge_edit(self, proposal: Proposal, version: str | None) -> Verdict:
        """Judge an edit like any other."""
        return self.judge(proposal)

    def record_edit(self, proposal: Proposal, verdict: Verdict) -> None:
        """Keep no history."""

    def staff(self) -> Staff:
        """Name everybody with the levels they hold."""
        return staff_of(self.people, Audience.EVERYBODY)


@dataclass
class Provider:
    """Somebody else's system, in which effects happen; it counts them and never forgets."""

    keyed: set[str] = field(default_factory=set)
    times: Counter[str] = field(default_factory=Counter)
    args: dict[str, set[str]] = field(default_factory=dict)

    def act(self, key: str, args: Mapping[str, Any], *, keyed: bool) -> str:
        """Let an effect happen: once for a key, every time without one."""
        if not keyed or key not in self.keyed:
            self.times[key] += 1
        if keyed:
            self.keyed.add(key)
        self.args.setdefault(key, set()).add(str(sorted(args.items())))
        return "It is done."
