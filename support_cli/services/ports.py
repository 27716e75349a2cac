"""What the use cases need from the world, as protocols; and the one declaration of the indexes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from support_cli.domain.command import Command, CommandEnd
    from support_cli.domain.facts import Facts, Holds
    from support_cli.domain.order import Spending
    from support_cli.domain.rates import Rates
    from support_cli.domain.run import Position, Step
    from support_cli.domain.staff import Staff
    from support_cli.domain.ticket import Ticket
    from support_cli.domain.verdict import Proposal, Verdict


@dataclass(frozen=True, slots=True)
class Key:
    """A customer's idempotency key for a submission; its id is a hash of both."""

    id: str
    ticket: str
    version: int = 0


class Record(Protocol):
    """What a store keeps: a frozen dataclass with an id and the version it was read at."""

    @property
    def id(self) -> str:
        """Name the record among those of its kind."""
        ...

    @property
    def version(self) -> int:
        """Count the writes there were when it was read."""
        ...


R = TypeVar("R", bound=Record)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listing:
    """How records of one kind are listed.

    `facets` are attributes that `find` may combine at will; one that holds a tuple matches any of
    its elements. `sort` is the attribute that orders the list, the id breaking ties.
    """

    facets: tuple[str, ...]
    sort: str


# By the names of the dataclasses: to list tickets, nobody needs to import orders.
LISTINGS: Mapping[str, Listing] = {
    "Ticket": Listing(facets=("status", "kinds", "customer"), sort="since"),
    "Article": Listing(facets=(), sort="title"),
    "Credit": Listing(facets=("customer",), sort="at"),
    "Effect": Listing(facets=("ticket", "state"), sort="started_at"),
    "Order": Listing(facets=("customer",), sort="placed_at"),
    "Action": Listing(facets=("ticket",), sort="at"),
    "KeptPolicy": Listing(facets=(), sort="at"),
    "SetAside": Listing(facets=(), sort="until"),
}
SEARCHED: Mapping[str, str] = {"Article": "terms"}


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: the fields asked for, and the next page's cursor (None at the end).

    `damaged` are the ids of records that belong here and cannot be read.
    """

    rows: Sequence[Mapping[str, Any]]
    next: str | None
    damaged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `admin doctor`: what was looked at, what was seen, what to do where it is bad."""

    name: str
    ok: bool
    detail: str
    remedy: str | None = None


class Documents(Protocol):
    """The document store. Every write is one atomic change of one document."""

    @property
    def name(self) -> str:
        """Where the documents are, without secrets."""
        ...

    def insert(self, record: Record) -> bool:
        """Store a new record with version 1; False where the id exists."""
        ...

    def get(self, kind: type[R], id: str) -> R | None:
        """Load one record, or None. Raises Damaged."""
        ...

    def replace(self, record: Record) -> bool:
        """Store the record as version + 1 if the stored one still has its version; else False."""
        ...

    def delete(self, kind: type[Any], id: str) -> bool:
        """Remove one record; False where there was none."""
        ...

    def keep(self, kind: type[Any], id: str) -> None:
        """Make sure that a record as it was read outlives any server, whoever wrote it."""
        ...

    def find(
        self,
        kind: type[Any],
        *,
        fields: Sequence[str],
        where: Mapping[str, str] = ...,
        until: datetime | None = None,
        descending: bool = False,
        limit: int = 50,
        after: str | None = None,
    ) -> Page:
        """List records by their declared facets, loading only the fields named.

        A record that cannot be read is named by the page, and keeps nobody from the others.
        """
        ...

    def search(self, kind: type[R], terms: Sequence[str], limit: int) -> list[R]:
        """Load the records with the most of these terms, then by id; none that is damaged."""
        ...

    def checks(self) -> list[Check]:
        """Examine the store for `admin doctor`."""
        ...

    def close(self) -> None:
        """Let go of the connection."""
        ...


class Session(Protocol):
    """The agent at work on one ticket under one fence."""

    def position(self) -> Position:
        """Look at the newest saved state of the highest fence."""
        ...

    def take(self, step: Step, ticket: Ticket) -> Position:
        """Do one step and look again. Raises whatever the agent could not handle itself."""
        ...

    def prune(self, keep: str) -> None:
        """Delete the saved states up to this fence, but for the one to keep."""
        ...


Report = Callable[[str], None]


class Agent(Protocol):
    """Runs tickets, and reports text for the customer as it comes."""

    def session(self, ticket_id: str, fence: int, report: Report | None) -> Session:
        """Begin to work on a ticket; `report` hears its texts, None where nobody listens."""
        ...


class Policy(Protocol):
    """Says what needs a person, from facts in the store."""

    def judge(self, proposal: Proposal) -> Verdict:
        """Judge a proposal of the agent's under the active policy, and write it down."""
        ...

    def judge_edit(self, proposal: Proposal, version: str | None) -> Verdict:
        """Judge an edit under the version frozen with its request; nothing is written down."""
        ...

    def record_edit(self, proposal: Proposal, verdict: Verdict) -> None:
        """Write down an edit that is accepted; again changes nothing."""
        ...

    def staff(self) -> Staff:
        """Tell who may decide now, and the levels they hold."""
        ...


class BadCondition(Exception):
    """A condition that cannot be compiled: why, and from which of its characters, from 0.

    `unknown` is the name it reads that is no fact.
    """

    def __init__(self, problem: str, *, at: int | None = None, unknown: str | None = None) -> None:
        super().__init__(problem)
        self.at = at
        self.unknown = unknown


@dataclass(frozen=True, slots=True)
class Compared:
    """A text that a condition compares with a fact, and where it stands, from 0."""

    fact: str
    text: str
    at: int


class Conditions(Protocol):
    """Conditions that were compiled."""

    def over(self, facts: Facts) -> Callable[[str], bool]:
        """Give what tells whether a condition holds on these facts; it raises CannotTell."""
        ...

    def facts_read(self, condition: str) -> Iterable[str]:
        """List the facts that a condition reads; every one where it cannot be compiled."""
        ...


class Expressions(Protocol):
    """The language that conditions are written in."""

    def check(self, condition: str, rates: Rates, own: Mapping[str, Holds]) -> None:
        """Check a condition over the desk's facts and these. Raises BadCondition."""
        ...

    def compared_texts(self, condition: str) -> Iterable[Compared]:
        """List the texts that a condition compares with facts."""
        ...

    def implies(self, later: str, earlier: str) -> bool:
        """Tell whether, wherever the later condition holds, the earlier certainly does."""
        ...

    def compile(
        self, conditions: Iterable[str], rates: Rates, own: Mapping[str, Holds]
    ) -> Conditions:
        """Compile conditions; one that does not fit the facts cannot be told."""
        ...


class Permit(Protocol):
    """Says whether what was permitted still is, as an effect is about to act."""

    def objection(self, proposal: Proposal, spending: Spending) -> str | None:
        """Say why an action may no longer be done without asking; None where it may."""
        ...


class Commands(Protocol):
    """Local commands that outlive this process, and how they ended on this host."""

    def run(self, command: Command, effect: str, attempt: str) -> CommandEnd:
        """Run a command to its end. Raises DidNotHappen, ActionFailed."""
        ...

    def end_of(self, effect: str, attempt: str) -> CommandEnd | None:
        """Look for how an attempt ended here."""
        ...

    def acts(self, effect: str, attempt: str) -> bool:
        """Tell whether an attempt lives on this host."""
        ...

    def ends(self) -> Iterator[tuple[str, str]]:
        """Name the effects and attempts whose ends are kept here."""
        ...

    def forget(self, effect: str, attempt: str) -> None:
        """Remove what is kept of an attempt, once the ledger has its end."""
        ...


class Call(Protocol):
    """A function at work in a thread, which nobody can stop."""

    def then(self, do: Callable[[], None]) -> None:
        """Do something in its thread once it is over; at once, where it is."""
        ...


class Late(Exception):
    """A call did not come back in its time, and goes on."""

    def __init__(self, call: Call) -> None:
        super().__init__("It did not come back in its time.")
        self.call = call


class Calls(Protocol):
    """Calls functions that may never come back, and waits for none longer than it should."""

    def run(self, do: Callable[[], T], patience: timedelta) -> T:
        """Call a function, and return or raise what it does. Raises Late, Interrupted."""
        ...

    def leave(self) -> None:
        """Wait for no call any longer: whoever waits for one now or later raises Interrupted."""
        ...


class Clock(Protocol):
    """The time, and the passing of it."""

    def now(self) -> datetime:
        """Tell the time, in UTC."""
        ...

    def sleep(self, span: timedelta) -> None:
        """Let a span of time pass."""
        ...


class Heart(Protocol):
    """Does something again and again while a block of code works."""

    def beating(self, every: timedelta, beat: Callable[[], None]) -> AbstractContextManager[None]:
        """Call `beat` at this interval until the block ends."""
        ...
