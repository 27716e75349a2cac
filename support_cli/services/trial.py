"""Trying a policy on what was judged before: which verdicts would change, and what cannot work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from support_cli.domain.action import Action
from support_cli.domain.facts import amounts_of, total
from support_cli.domain.money import Money
from support_cli.domain.policy import Subject
from support_cli.domain.policy_review import Note, can_agree
from support_cli.domain.request import Kind, Request
from support_cli.domain.ticket import Status, Ticket
from support_cli.domain.verdict import Verdict
from support_cli.services.changes import Changes
from support_cli.services.history import History
from support_cli.services.paging import every_row, overlook
from support_cli.services.ports import Check
from support_cli.services.rulebook import Rulebook

_NEWEST = 200  # actions, or open requests, that are looked at where all would take too long

_NAME_PEOPLE = "name people who hold them under [people], and apply the policy"


@dataclass(frozen=True, slots=True)
class Difference:
    """One verdict that would be another; `amount` is what the action would pay, if that is told."""

    ticket: str
    tool: str
    before: Verdict
    after: Verdict
    amount: tuple[Money, ...] = ()


@dataclass(frozen=True, slots=True)
class Kinds:
    """How many verdicts would go from one kind to another, and the money in them."""

    before: Verdict
    after: Verdict
    count: int
    money: tuple[Money, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a trial found.

    What waits is frozen, so no verdict of it changes; `stuck` are the requests that would have
    nobody to decide them, by the levels they need and the people of the policy tried.
    """

    actions: int
    waiting: int
    differences: tuple[Difference, ...] = ()
    notes: tuple[Note, ...] = ()
    stuck: tuple[str, ...] = ()

    def by_kind(self) -> list[Kinds]:
        """Count the differences by what they change from and to, the most first."""
        groups: dict[object, list[Difference]] = {}
        for each in self.differences:
            groups.setdefault((_kind(each.before), _kind(each.after)), []).append(each)
        return [_counted(group) for group in sorted(groups.values(), key=len, reverse=True)]


class Trial:
    """Tries policies on the history and on the tickets that wait."""

    def __init__(self, history: History, changes: Changes) -> None:
        self._history = history
        self._changes = changes

    def run(self, book: Rulebook) -> Outcome:
        """Judge all that was judged before, on the facts there were then."""
        found: list[Difference] = []
        untold = _Untold(book)
        for action in self._history.all():
            subject = _subject(action)
            untold.look(subject)
            after = book.judge(subject)
            if _kind(action.verdict) != _kind(after):
                amount = amounts_of(action.verdict.facts.get("action.amount", ""))
                found.append(Difference(action.ticket, action.tool, action.verdict, after, amount))
        waiting, stuck = 0, list[str]()
        for ticket, request in self._waiting():
            waiting += 1
            if not can_agree(book.policy.staff, request.levels):
                stuck.append(ticket)
        notes = (*book.notes(), *untold.notes())
        return Outcome(untold.looked, waiting, tuple(found), notes, tuple(stuck))

    def review(self, book: Rulebook) -> list[Note]:
        """Say what cannot work in a policy, as far as the newest actions show it."""
        untold = _Untold(book)
        for action in self._history.newest(_NEWEST):
            untold.look(_subject(action))
        return [*book.notes(), *untold.notes()]

    def stuck(self, book: Rulebook) -> list[str]:
        """Name, among the requests that wait longest, those that nobody holds the levels for."""
        staff = book.policy.staff
        oldest = islice(self._waiting(), _NEWEST)
        return [ticket for ticket, request in oldest if not can_agree(staff, request.levels)]

    def checks(self, book: Rulebook) -> Iterator[Check]:
        """Examine the policy for `admin doctor`: what in it cannot work."""
        for each in self.review(book):
            detail = f"“{each.rule}”: {each.problem}"
            yield Check("rule", True, detail, "put the rule right, and apply the policy")
        unfilled = [
            rule for rule in book.policy.rules if not can_agree(book.policy.staff, rule.levels)
        ]
        if unfilled:
            names = ", ".join(f"“{rule.name}”" for rule in unfilled)
            yield Check("levels", False, f"nobody can fill the levels of {names}", _NAME_PEOPLE)
        stuck = self.stuck(book)
        if stuck:
            detail = f"nobody holds the levels that these need: {', '.join(stuck)}"
            yield Check("levels", False, detail, _NAME_PEOPLE)

    def of_ticket(self, ticket: str) -> Iterator[Action]:
        """List what was judged on a ticket, the oldest first."""
        return self._history.all(ticket)

    def _waiting(self) -> Iterator[tuple[str, Request]]:
        find = partial(
            self._changes.documents.find,
            Ticket,
            fields=("id", "requests"),
            where={"status": Status.WAITING, "kinds": Kind.APPROVAL},
        )
        for row in every_row(find, overlook):
            for request in row["requests"]:
                if request.decision is None and request.verdict is not None:
                    yield row["id"], request


class _Untold:
    """Counts, by rule, the actions on which its condition could not be told."""

    def __init__(self, book: Rulebook) -> None:
        self._book = book
        self._looked = Counter[str]()
        self._untold = Counter[str]()
        self._why: dict[str, str] = {}
        self.looked = 0

    def look(self, subject: Subject) -> None:
        """Try all rules on an action."""
        self.looked += 1
        for rule, problem in self._book.untold(subject).items():
            self._looked[rule] += 1
            if problem is not None:
                self._untold[rule] += 1
                self._why[rule] = problem

    def notes(self) -> Iterator[Note]:
        """Name the rules that could not be told on any action they speak of."""
        for rule, count in self._untold.items():
            if count == self._looked[rule]:
                problem = f"its condition failed on all of {count:,}: {self._why[rule]}"
                yield Note(rule, problem.rstrip("."))


def _subject(action: Action) -> Subject:
    return Subject(action.tool, action.reads, action.confidence, action.verdict.facts)


def _kind(verdict: Verdict) -> object:
    return verdict.ruling, verdict.levels, verdict.in_order


def _counted(group: Sequence[Difference]) -> Kinds:
    money = amounts_of(total(amount for each in group for amount in each.amount))
    return Kinds(group[0].before, group[0].after, len(group), money)
