"""Reading a policy from TOML: nothing unknown, nothing guessed, every fault with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from support_cli.domain.durations import parse_duration
from support_cli.domain.facts import FACTS, Holds
from support_cli.domain.names import checked_name, same_person
from support_cli.domain.policy import CONFIDENCE, EVERY, Policy, Rule
from support_cli.domain.policy_change import Owners
from support_cli.domain.policy_review import can_agree
from support_cli.domain.rates import Rates
from support_cli.domain.staff import Audience, Staff, staff_of
from support_cli.domain.verdict import Choice, Ruling
from support_cli.errors import UsageError
from support_cli.services.policy_people import check_owners
from support_cli.services.policy_rates import read_rates
from support_cli.services.policy_table import File, Table, meant
from support_cli.services.ports import BadCondition, Expressions
from support_cli.services.toml_lines import Lines

_AS_ACTIVE = "support admin policy show prints the one that holds"
RISKS = ("low", "medium", "high")
_TOP = {
    "currency": str,
    "confidence": float,
    "levels": list,
    "questions": str,
    "people": dict,
    "currencies": dict,
    "rules": list,
    "policy_owners": list,
    "policy_owners_needed": int,
}
_RULE = {
    "name": str,
    "tools": list,
    "when": str,
    "verdict": str,
    "levels": list,
    "in_order": bool,
    "decisions": list,
    "risk": str,
    "reason": str,
    "time_limit": str,
}
_ASK_ONLY = ("levels", "in_order", "decisions", "risk", "time_limit")
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Known:
    """The names a policy may use; None: any, for a text that was checked when it was applied."""

    tools: Collection[str] | None = None
    own_facts: Mapping[str, Holds] | None = None


def read_policy(name: str, text: str, known: Known, expressions: Expressions) -> Policy:
    """Read a policy.

    Args:
        name: what the text is called in an error: its file.
        text: the TOML.
        known: the names that it may use.
        expressions: the language of its conditions.

    Raises:
        UsageError: something in it is unknown or of the wrong form; the sentence names the line,
            and the nearest spelling.
    """
    file = File(name, Lines(text))
    told = file.read(text)
    top = Table(file, told, 0, "")
    top.check(_TOP, ("currency",))
    if not _CURRENCY.fullmatch(told["currency"]):
        top.wrong(f"“{told['currency']}” is not a currency code such as EUR", "currency")
    confidence = float(told.get("confidence", CONFIDENCE))
    if not 0 <= confidence <= 1:
        top.wrong("confidence must be from 0 to 1", "confidence")
    levels = top.texts("levels")
    rules = [
        _rule(_rule_table(file, number, values), levels, known)
        for number, values in enumerate(told.get("rules", ()))
    ]
    _check_names(file, rules)
    rates = read_rates(file, told["currency"], told.get("currencies", {}))
    _check_conditions(file, rules, rates, known, expressions)
    questions = told.get("questions", Audience.EVERYBODY)
    top.one_of("questions", questions, list(Audience), "such audience as")
    people = _people(file, told.get("people", {}), levels)
    staff = staff_of(people, Audience(questions))
    owners = _owners(told)
    if known.tools is not None:
        check_owners(top, owners, people)
        _check_rules(file, rules, staff)
    return Policy(rates, levels, confidence, staff, tuple(rules), owners)


def _check_rules(file: File, rules: Sequence[Rule], staff: Staff) -> None:
    """Refuse a policy without rules, and a rule whose levels nobody can fill."""
    if not rules:
        raise UsageError(
            f"{file.name} has no rules, so every action would ask a person.", hint=_AS_ACTIVE
        )
    for number, rule in enumerate(rules):
        if not can_agree(staff, rule.levels):
            line = file.lines.key("levels", file.lines.table("rules", number))
            levels = " and ".join(rule.levels)
            problem = f"it needs {levels}, one person each, and [people] has too few who hold that"
            file.wrong(problem, line, _place(number))


def owners_of(text: str) -> Owners:
    """Read who may change a policy that was applied, whatever else is in it."""
    return _owners(tomllib.loads(text))


def _owners(told: Mapping[str, Any]) -> Owners:
    people = told.get("people")
    if not people:
        return Owners()
    # No check lets people be named without an owner; where it is so, they are the owners.
    names = told.get("policy_owners") or people
    return Owners(tuple(names), told.get("policy_owners_needed", 1))


def _rule_table(file: File, number: int, values: Any) -> Table:
    table = Table(file, values, file.lines.table("rules", number), _place(number))
    if not isinstance(values, dict):
        table.wrong("a rule must be a [[rules]] table")
    return table


def _rule(table: Table, levels: Sequence[str], known: Known) -> Rule:
    table.check(_RULE, ("name", "tools", "verdict"))
    values = table.values
    table.one_of("verdict", values["verdict"], list(Ruling), "verdict")
    ruling = Ruling(values["verdict"])
    for key in _ASK_ONLY:
        if key in values and ruling is not Ruling.ASK:
            table.wrong(f"{key} goes with the verdict ask only", key)
    if ruling is Ruling.REFUSE and not values.get("reason", "").strip():
        table.wrong("a refusal needs a reason, which the customer is told")
    _check_tools(table, known)
    for level in table.texts("levels"):
        table.one_of("levels", level, levels, "level")
    for choice in table.texts("decisions"):
        table.one_of("decisions", choice, list(Choice), "decision")
    if values.get("in_order") and len(table.texts("levels")) < 2:
        table.wrong("in_order is about several levels", "in_order")
    if "risk" in values:
        table.one_of("risk", values["risk"], RISKS, "risk")
    return Rule(
        name=values["name"],
        tools=table.texts("tools"),
        ruling=ruling,
        when=values.get("when"),
        levels=table.texts("levels"),
        in_order=values.get("in_order", False),
        allowed=tuple(map(Choice, table.texts("decisions"))) or tuple(Choice),
        risk=values.get("risk"),
        reason=values.get("reason"),
        due=_seconds(table),
    )


def _check_tools(table: Table, known: Known) -> None:
    if not table.texts("tools"):
        table.wrong('tools names none; write ["*"] for all', "tools")
    if known.tools is not None:
        for tool in table.texts("tools"):
            table.one_of("tools", tool, {EVERY, *known.tools}, "tool")


def _place(number: int) -> str:
    return f", rule {number + 1}"


def _seconds(table: Table) -> int | None:
    if "time_limit" not in table.values:
        return None
    try:
        return int(parse_duration(table.values["time_limit"]).total_seconds())
    except UsageError as error:
        table.wrong(error.message.rstrip("."), "time_limit")


def _check_names(file: File, rules: Sequence[Rule]) -> None:
    seen: set[str] = set()
    for number, rule in enumerate(rules):
        if rule.name in seen:
            line = file.lines.key("name", file.lines.table("rules", number))
            file.wrong(f"there are two rules named “{rule.name}”", line, _place(number))
        seen.add(rule.name)


def _check_conditions(
    file: File, rules: Sequence[Rule], rates: Rates, known: Known, expressions: Expressions
) -> None:
    if known.own_facts is None:
        return
    for number, rule in enumerate(rules):
        if rule.when is None:
            continue
        try:
            expressions.check(rule.when, rates, known.own_facts)
            _check_values(rule.when, known, expressions)
        except BadCondition as bad:
            line = file.lines.key("when", file.lines.table("rules", number))
            line, column = file.lines.within(rule.when, bad.at, line)
            names = (*FACTS, *known.own_facts)
            unknown = _unknown(bad.unknown, names) if bad.unknown is not None else ""
            file.wrong(f"{bad}{unknown}", line, _place(number), column)


def _check_values(condition: str, known: Known, expressions: Expressions) -> None:
    """Refuse a comparison with a text that the fact never is; it would be true or false always."""
    for each in expressions.compared_texts(condition):
        values = FACTS[each.fact].values if each.fact in FACTS else ()
        if each.fact == "tool.name":
            values = tuple(known.tools or ())
        if values and each.text not in values:
            near = meant(each.text, values) or f"; it is {', '.join(values)}"
            raise BadCondition(f"{each.fact} is never '{each.text}'{near}", at=each.at)


def _unknown(name: str, known: Collection[str]) -> str:
    near = meant(name, known)
    return f" {name}{near}" if near or "." in name else f" {name}; a text is written '{name}'"


def _people(
    file: File, told: Mapping[str, Any], levels: Sequence[str]
) -> Mapping[str, tuple[str, ...]]:
    table = Table(file, told, file.lines.table("people"), ", people")
    table.check(dict.fromkeys(told, list))
    for name in told:
        _check_person(table, name)
        for level in table.texts(name):
            table.one_of(name, level, levels, "level")
    return {name: table.texts(name) for name in told}


def _check_person(table: Table, name: str) -> None:
    try:
        checked_name(name)
    except UsageError as error:
        table.wrong(error.message.rstrip("."), name)
    for other in table.values:
        if other != name and same_person(other, name):
            table.wrong(f"{name} and {other} look alike, and count as one person", name)
