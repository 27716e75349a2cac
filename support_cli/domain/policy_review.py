"""What cannot work in a policy that is well formed: rules that never apply, levels nobody fills."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from support_cli.domain.levels import fillable
from support_cli.domain.policy import EVERY, Policy, Rule
from support_cli.domain.staff import Staff
from support_cli.domain.verdict import Ruling

# Tells whether, wherever the first condition holds, the second does.
Implies = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Note:
    """Something about a rule that its author should know."""

    rule: str
    problem: str


def can_agree(staff: Staff, levels: Sequence[str]) -> bool:
    """Tell whether there are people enough to fill levels, one person each."""
    return not staff.named or fillable(levels, staff.others(()))


def shadowed(policy: Policy, implies: Implies) -> Iterator[Note]:
    """Name the rules that can never apply, since others above them always decide."""
    for index, rule in enumerate(policy.rules):
        if rule.when is not None and rule.when.strip() == "false":
            yield Note(rule.name, "it can never apply: its condition is false")
            continue
        above = [each for each in policy.rules[:index] if _always(rule, each, implies)]
        deciding = [_first(tool, rule, above) for tool in rule.tools]
        found = [each.name for each in deciding if each is not None]
        if deciding and len(found) == len(deciding):
            names = " and ".join(f"“{name}”" for name in dict.fromkeys(found))
            yield Note(rule.name, f"it can never apply, since {names} above it always does")


def _always(rule: Rule, above: Rule, implies: Implies) -> bool:
    """Tell whether a rule above applies wherever this one would, if it speaks of the tool."""
    return above.when is None or (rule.when is not None and implies(rule.when, above.when))


def _first(tool: str, rule: Rule, above: Sequence[Rule]) -> Rule | None:
    return next((each for each in above if _speaks_of(each, tool, rule)), None)


def _speaks_of(above: Rule, tool: str, rule: Rule) -> bool:
    if tool in above.tools and tool != EVERY:
        return True
    # An allowing rule for all tools speaks of reads only; so does another one below it.
    every = above.ruling is not Ruling.ALLOW or (tool == EVERY and rule.ruling is Ruling.ALLOW)
    return EVERY in above.tools and every
