"""Policy as values: rules tried in order, and the verdict that they come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from support_cli.domain.facts import FACTS, Facts, Plain, amounts_of
from support_cli.domain.policy_change import Owners
from support_cli.domain.rates import Rates
from support_cli.domain.staff import Staff
from support_cli.domain.verdict import Choice, Ruling, Verdict

EVERY = "*"  # among a rule's tools: all of them
CONFIDENCE = 0.7
UNNAMED = "what no rule names"

# Tells whether a condition holds on the facts at hand; raises CannotTell.
Holds = Callable[[str], bool]


class CannotTell(Exception):
    """A condition that could not be judged: a fact is missing, or the expression failed."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Without `when` it always applies. `due` is how many seconds a person may take.

    `levels` agree in any order, or one after the other where `in_order` says so. `reason` is for
    the approver, or for the customer where the action is refused.
    """

    name: str
    tools: tuple[str, ...]
    ruling: Ruling
    when: str | None = None
    levels: tuple[str, ...] = ()
    in_order: bool = False
    allowed: tuple[Choice, ...] = tuple(Choice)
    risk: str | None = None
    reason: str | None = None
    due: int | None = None

    def covers(self, subject: Subject) -> bool:
        """Tell whether the rule speaks of a tool; an effect is allowed by its name only."""
        if subject.tool in self.tools:
            return True
        return EVERY in self.tools and (self.ruling is not Ruling.ALLOW or subject.reads)


@dataclass(frozen=True, slots=True)
class Policy:
    """What needs a person. `rates` hold the currency of `money('…')`; `staff` decide."""

    rates: Rates
    levels: tuple[str, ...] = ()
    confidence: float = CONFIDENCE
    staff: Staff = field(default_factory=Staff)
    rules: tuple[Rule, ...] = ()
    owners: Owners = field(default_factory=Owners)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is judged: a tool, the facts, and how sure the model says it is; None counts as 0."""

    tool: str
    reads: bool
    confidence: float | None
    facts: Facts


@dataclass(frozen=True, slots=True)
class KeptPolicy:
    """One version of the policy as its authors wrote it; its id is the text's hash."""

    id: str
    text: str
    at: datetime
    by: str
    version: int = 0


def judged(policy: Policy, name: str, subject: Subject, holds: Holds) -> Verdict:
    """Judge by the first rule that applies; whatever cannot be told asks a person.

    Args:
        policy: the rules.
        name: the policy's version, for the record.
        subject: what is judged.
        holds: tells whether a condition holds.
    """
    covering = [rule for rule in policy.rules if rule.covers(subject)]
    for index, rule in enumerate(covering):
        try:
            applies = rule.when is None or holds(rule.when)
        except CannotTell as problem:
            asking = _strictest_left(covering[index:], holds)
            why = f"Rule “{rule.name}” cannot be judged: {problem}"
            return _noted(replace(asking, rule=rule.name, reason=why), name, subject)
        if applies:
            return _noted(_careful(_ruled(rule), policy, subject), name, subject)
    unnamed = Verdict(Ruling.ASK, rule=UNNAMED, reason="No rule of the policy names this action.")
    return _noted(unnamed, name, subject)


def asking(policy: Policy, subject: Subject, holds: Holds) -> tuple[Rule, ...]:
    """List every rule that asks on these facts, or cannot be told not to: the first one judged."""
    return tuple(rule for rule in policy.rules if rule.covers(subject) and _asks(rule, holds))


def untold(policy: Policy, subject: Subject, holds: Holds) -> dict[str, str | None]:
    """Say of each rule with a condition, by its name, why that cannot be told; None where it can.

    Of rules that speak of the subject only, whether or not another one decides before.
    """
    found: dict[str, str | None] = {}
    for rule in policy.rules:
        if rule.when is not None and rule.covers(subject):
            try:
                holds(rule.when)
                found[rule.name] = None
            except CannotTell as problem:
                found[rule.name] = str(problem)
    return found


def covered(shown: Verdict, present: Verdict) -> bool:
    """Tell whether an approval under one verdict has the levels that another needs."""
    if shown.ruling is not Ruling.ASK or present.ruling is not Ruling.ASK:
        return False
    if present.in_order:
        agreed = iter(shown.levels)
        return shown.in_order and all(level in agreed for level in present.levels)
    return Counter(present.levels) <= Counter(shown.levels)


def grown(shown: Facts, present: Facts, read: Iterable[str]) -> bool:
    """Tell whether a sum over time, among the facts read, is more than was shown."""
    sums = [name for name in read if FACTS[name].grows]
    return any(_more(present.get(name, 0), shown.get(name, 0)) for name in sums)


def with_changes(why: str, shown: Facts, present: Facts, read: Iterable[str]) -> str:
    """Add to a reason which of the facts read are others than those that were shown."""
    changed = [
        f"{name} was {shown.get(name, 'unknown')} and is now {present.get(name, 'unknown')}"
        for name in dict.fromkeys(read)
        if present.get(name) != shown.get(name)
    ]
    return f"{why} Since it was permitted, {', '.join(changed)}.".strip() if changed else why


def asked_again(verdict: Verdict, reason: str) -> Verdict:
    """Ask about what was permitted and overtaken; its reason is what has changed since."""
    if verdict.ruling is Ruling.REFUSE:
        return verdict
    return replace(verdict, ruling=Ruling.ASK, reason=reason)


def _more(present: Plain, shown: Plain) -> bool:
    """Tell whether a sum is more than another, in any of its currencies."""
    before, now = _sums(shown), _sums(present)
    return any(amount > before.get(currency, 0) for currency, amount in now.items())


def _sums(fact: Plain) -> Mapping[str, float]:
    amounts = amounts_of(fact)
    return {each.currency: each.minor for each in amounts} if amounts else {"": float(fact)}


def _ruled(rule: Rule) -> Verdict:
    return Verdict(
        rule.ruling,
        rule=rule.name,
        reason=rule.reason,
        levels=rule.levels,
        in_order=rule.in_order,
        allowed=rule.allowed,
        risk=rule.risk,
        due=rule.due,
    )


def _strictest_left(rules: Iterable[Rule], holds: Holds) -> Verdict:
    """Ask as the first rule would that asks and does not certainly not apply."""
    return next((_ruled(rule) for rule in rules if _asks(rule, holds)), Verdict(Ruling.ASK))


def _asks(rule: Rule, holds: Holds) -> bool:
    try:
        return rule.ruling is Ruling.ASK and (rule.when is None or holds(rule.when))
    except CannotTell:
        return True


def _careful(verdict: Verdict, policy: Policy, subject: Subject) -> Verdict:
    """Let the model's own confidence make the verdict stricter, never looser."""
    sure = subject.confidence or 0.0
    if subject.reads or sure >= policy.confidence or verdict.ruling is Ruling.REFUSE:
        return verdict
    unsure = (
        f"The agent asks for guidance: it is {sure:.2f} sure, the limit is {policy.confidence}."
    )
    reason = unsure if verdict.ruling is Ruling.ALLOW else f"{verdict.reason or ''} {unsure}"
    return replace(verdict, ruling=Ruling.ASK, reason=reason.strip())


def _noted(verdict: Verdict, name: str, subject: Subject) -> Verdict:
    return replace(verdict, policy_version=name, facts=subject.facts)
