"""Reading a policy from TOML: nothing unknown, nothing guessed, every fault with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NoReturn

from support_cli.domain.durations import parse_duration
from support_cli.domain.facts import FACTS, OWN
from support_cli.domain.policy import CONFIDENCE, EVERY, Policy, Rule
from support_cli.domain.verdict import Choice, Ruling
from support_cli.errors import UsageError
from support_cli.services.ports import BadCondition, Expressions
from support_cli.services.toml_lines import Lines

RISKS = ("low", "medium", "high")
_TOP = {"currency": str, "confidence": float, "levels": list, "people": dict, "rules": list}
_RULE = {
    "name": str,
    "tools": list,
    "when": str,
    "verdict": str,
    "levels": list,
    "decisions": list,
    "risk": str,
    "reason": str,
    "time_limit": str,
}
_ASK_ONLY = ("levels", "decisions", "risk", "time_limit")
_CALLED = {str: "a text", float: "a number", list: "a list of texts", dict: "a table"}
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_OWN_FACT = re.compile(rf"\b{OWN}\.(\w+)")


@dataclass(frozen=True, slots=True)
class Known:
    """The names a policy may use; None: any, for a text that was checked when it was applied."""

    tools: Collection[str] | None = None
    own_facts: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class _Table:
    """One table of the text: its values, where it begins, and what it is called."""

    file: _File
    values: Mapping[str, Any]
    line: int
    name: str

    def wrong(self, problem: str, key: str | None = None, value: str | None = None) -> NoReturn:
        line = self.line if key is None else self.file.lines.key(key, self.line)
        if value is not None:
            line = self.file.lines.value(value, line)
        self.file.wrong(problem, line, self.name)

    def check(self, kinds: Mapping[str, type], needed: Iterable[str] = ()) -> None:
        for key, value in self.values.items():
            if key not in kinds:
                self.wrong(f"there is no key {key}{_meant(key, kinds)}", key)
            if not _is(value, kinds[key]):
                self.wrong(f"{key} must be {_CALLED[kinds[key]]}", key)
        for key in needed:
            if key not in self.values:
                self.wrong(f"{key} is missing")

    def one_of(self, key: str, given: str, known: Collection[str], what: str) -> None:
        if given not in known:
            self.wrong(f"there is no {what} {given}{_meant(given, known)}", key, given)

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(self.values.get(key, ()))


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    lines: Lines

    def wrong(self, problem: str, line: int, place: str = "") -> NoReturn:
        sentence = f"{self.name}, line {line}{place}: {problem}"
        end = "" if sentence.endswith("?") else "."
        raise UsageError(sentence + end, hint="support admin policy check FILE")


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
    file = _File(name, Lines(text))
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise UsageError(f"{name} is not TOML: {exc}", hint="https://toml.io") from exc
    top = _Table(file, told, 0, "")
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
    _check_conditions(file, rules, told["currency"], known, expressions)
    people = _people(file, told.get("people", {}), levels)
    return Policy(told["currency"], levels, confidence, people, tuple(rules))


def _rule_table(file: _File, number: int, values: Any) -> _Table:
    table = _Table(file, values, file.lines.table("rules", number), _place(number))
    if not isinstance(values, dict):
        table.wrong("a rule must be a [[rules]] table")
    return table


def _rule(table: _Table, levels: Sequence[str], known: Known) -> Rule:
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
    if "risk" in values:
        table.one_of("risk", values["risk"], RISKS, "risk")
    return Rule(
        name=values["name"],
        tools=table.texts("tools"),
        ruling=ruling,
        when=values.get("when"),
        levels=table.texts("levels"),
        allowed=tuple(map(Choice, table.texts("decisions"))) or tuple(Choice),
        risk=values.get("risk"),
        reason=values.get("reason"),
        due=_seconds(table),
    )


def _check_tools(table: _Table, known: Known) -> None:
    if not table.texts("tools"):
        table.wrong('tools names none; write ["*"] for all', "tools")
    if known.tools is not None:
        for tool in table.texts("tools"):
            table.one_of("tools", tool, {EVERY, *known.tools}, "tool")


def _place(number: int) -> str:
    return f", rule {number + 1}"


def _seconds(table: _Table) -> int | None:
    if "time_limit" not in table.values:
        return None
    try:
        return int(parse_duration(table.values["time_limit"]).total_seconds())
    except UsageError as error:
        table.wrong(error.message.rstrip("."), "time_limit")


def _check_names(file: _File, rules: Sequence[Rule]) -> None:
    seen: set[str] = set()
    for number, rule in enumerate(rules):
        if rule.name in seen:
            line = file.lines.key("name", file.lines.table("rules", number))
            file.wrong(f"there are two rules named “{rule.name}”", line, _place(number))
        seen.add(rule.name)


def _check_conditions(
    file: _File, rules: Sequence[Rule], currency: str, known: Known, expressions: Expressions
) -> None:
    for number, rule in enumerate(rules):
        if rule.when is None:
            continue
        line = file.lines.key("when", file.lines.table("rules", number))
        try:
            expressions.compile([rule.when], currency)
        except BadCondition as bad:
            unknown = f" {bad.unknown}{_meant(bad.unknown, FACTS)}" if bad.unknown else ""
            file.wrong(f"{bad}{unknown}", line + bad.line - 1, _place(number))
        for fact in _OWN_FACT.findall(rule.when) if known.own_facts is not None else ():
            if fact not in (known.own_facts or ()):
                near = _meant(fact, known.own_facts or ())
                file.wrong(f"there is no fact {OWN}.{fact}{near}", line, _place(number))


def _people(
    file: _File, told: Mapping[str, Any], levels: Sequence[str]
) -> Mapping[str, tuple[str, ...]]:
    table = _Table(file, told, file.lines.table("people"), ", people")
    table.check(dict.fromkeys(told, list))
    for name in told:
        for level in table.texts(name):
            table.one_of(name, level, levels, "level")
    return {name: table.texts(name) for name in told}


def _is(value: Any, kind: type) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind is list:
        return isinstance(value, list) and all(isinstance(each, str | dict) for each in value)
    return isinstance(value, kind)


def _meant(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; did you mean {near[0]}?" if near else ""
