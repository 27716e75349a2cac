"""A policy file says nothing unknown: every slip is found, with its line and what was meant."""

from __future__ import annotations

import re

import pytest

from support_cli.domain.facts import Holds
from support_cli.errors import UsageError
from support_cli.policy.cel import CelExpressions
from support_cli.services.policy_file import Known, read_policy
from tests.policy.shop import DEFAULT

TEXT = DEFAULT.read_text(encoding="utf-8")
TOOLS = ("refund_order", "cancel_order", "adjust_price", "update_account", "issue_credit")
KNOWN = Known((*TOOLS, "run_action", "human_assistance"), {"own.parcel_value": Holds.MONEY})
CONDITION = "action.amount > money('100.00')"
SLIPS = [
    ("customer.tier ==", "customer.teir ==", "no fact customer.teir; did you mean customer.tier?"),
    ("order.items > 1", "own.parcel_value > 50", "“>” has money on one side only"),
    ("order.items > 1", "own.parcel_valu > 1", "did you mean own.parcel_value?"),
    ("order.items > 1", "order.items", "it comes to a number, not to true or false"),
    ("order.items > 1", "order.items >", "something is missing at its end"),
    (CONDITION, "action.amount > 100", "must be written money('100.00')"),
    (CONDITION, "action.amount > 100u", "write money('…') instead of 100u"),
    (CONDITION, "action.amount > money('100.001')", "“100.001” is not an amount of EUR"),
    ('"manager", "director"]\nrisk', '"manger"]\nrisk', "no level manger; did you mean manager?"),
    ('["issue_credit"]', '["isue_credit"]', "no tool isue_credit; did you mean issue_credit?"),
    ('verdict = "refuse"', 'verdct = "refuse"', "no key verdct; did you mean verdict?"),
    ('verdict = "refuse"', 'verdict = "refus"', "no verdict refus; did you mean refuse?"),
    ('"There is no such order of yours."', '""', "a refusal needs a reason"),
    ('currency = "EUR"', 'currency = "EURO"', "not a currency code"),
    ("confidence = 0.7", "confidence = 1.7", "confidence must be from 0 to 1"),
    ("confidence = 0.7", 'confidence = "high"', "confidence must be a number"),
    ("[people]", "[peple]", "no key peple; did you mean people?"),
    ('# "dana" = ["manager"]', '"dana" = ["mananger"]', "no level mananger"),
    ('time_limit = "1h"', 'time_limit = "1 fortnight"', "is not a duration"),
    ('risk = "low"', 'risk = "lo"', "no risk lo; did you mean low?"),
    ('name = "over 100"', 'name = "over 1,000"', "two rules named “over 1,000”"),
    ('name = "routine"\n', "", "name is missing"),
    ('name = "routine"', 'name = "routine"\nlevels = ["manager"]', "levels goes with"),
    ('name = "routine"', 'name = "routine"\ndecisions = ["approve"]', "decisions goes with"),
    ('tools = ["run_action"]', "tools = []", "tools names none"),
]


def read(text: str) -> None:
    read_policy("p.toml", text, KNOWN, CelExpressions())


@pytest.mark.parametrize(("before", "after", "problem"), SLIPS, ids=[slip[2] for slip in SLIPS])
def test_a_slip_is_found_with_its_line(before: str, after: str, problem: str) -> None:
    assert before in TEXT
    text = TEXT.replace(before, after, 1)
    with pytest.raises(UsageError) as told:
        read(text)
    assert problem in told.value.message
    number = int(re.findall(r"line (\d+)", told.value.message)[0])
    began = TEXT[: TEXT.index(before)].count("\n") + 1
    # What a rule lacks is told with the line that the rule begins on.
    first = began - 5 if "needs" in problem or "missing" in problem else began
    assert number in range(first, began + 3)


def test_a_condition_of_several_lines_is_told_by_the_line_within() -> None:
    text = TEXT.replace('"order.items > 1"', "'''\norder.items > 1\n|| order.itms > 3'''")
    with pytest.raises(UsageError, match=r"line 83, column 4, .* order\.items\?"):
        read(text)


def test_what_is_no_toml_is_told_with_its_line() -> None:
    with pytest.raises(UsageError, match="line 20"):
        read(TEXT.replace("[people]", "[people"))


def test_the_packaged_policy_is_well_formed_and_names_every_tool() -> None:
    policy = read_policy("p.toml", TEXT, KNOWN, CelExpressions())
    named = {tool for rule in policy.rules for tool in rule.tools}
    assert {*TOOLS, "run_action", "human_assistance"} <= named
