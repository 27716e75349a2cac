"""A policy that is well formed and cannot work is told before it holds, in a manager's words."""

from __future__ import annotations

from pathlib import Path

import pytest

from support_cli.errors import UsageError
from support_cli.policy.comparison import implies
from support_cli.services.rulebook import Rulebook
from support_cli.services.trial import Outcome
from tests.cli.conftest import Run
from tests.policy.shop import DEFAULT, Shop, policy_with

MANAGERS = 'policy_owners = ["mia"]\n[people]\nmia = ["manager"]\nmax = ["manager"]\n'
VIP = "customer.tier == 'vip'"
HEAD = 'currency = "EUR"\nlevels = ["manager"]\n'
STOP = '[[rules]]\nname = "stop"\ntools = ["*"]\nverdict = "ask"\n'


def checked(shop: Shop, file: Path) -> Rulebook:
    return shop.desk.rulebooks.checked(file)[1]


def tried(shop: Shop, file: Path) -> Outcome:
    return shop.desk.trial.run(checked(shop, file))


def rules(*conditions: str) -> str:
    return HEAD + "".join(
        f'[[rules]]\nname = "r{number}"\ntools = ["refund_order"]\nwhen = """{when}"""\n'
        'verdict = "ask"\n'
        for number, when in enumerate(conditions)
    )


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("order.status == 'delivred'", "never 'delivred'; did you mean delivered?"),
        ("order.status != 'Delivered'", "never 'Delivered'; did you mean delivered?"),
        ("'gold' == customer.tier", "customer.tier is never 'gold'"),
        ("customer.tier in ['vip', 'gold']", "column 34, rule 1: customer.tier is never 'gold'"),
        ("tool.name == 'refund_ordr'", "did you mean refund_order?"),
        ("action.field == 'e-mail'", "did you mean email?"),
        ("order.items = 1", "column 21, rule 1: “=” has no meaning here; write =="),
        ("order.exists and order.items > 1", "“and” has no meaning here; write &&"),
        ("order.exists OR order.items > 1", "“OR” has no meaning here; write ||"),
        ("not order.exists", "“not” has no meaning here; write !"),
        ("order.items => 1", "“=>” has no meaning here; write >="),
        ("order.status == ‘placed’", "‘ is a quotation mark of a word processor"),  # noqa: RUF001
        ("order.status == placed", "there is no fact placed; a text is written 'placed'"),
        ("action.amount > €100", "write an amount as money('100.00')"),
        ("action.amount > money(100)", "must be written money('100.00')"),
        ("order.items\u00a0> 1", "the character U+00A0 (no-break space) is in it"),
        ("order.status == 'placed", "the quotation mark ' is not closed"),
        ("order.items > 1 order.exists", "a sign such as && is missing before this"),
        ("", "the condition is empty"),
        ("(" * 300 + "true" + ")" * 300, "nested too deep"),
    ],
)
def test_a_slip_in_a_condition_is_a_sentence_with_its_place(
    shop: Shop, tmp_path: Path, condition: str, told: str
) -> None:
    file = tmp_path / "p.toml"
    file.write_text(rules(condition).replace('"""', '"'), encoding="utf-8")
    with pytest.raises(UsageError) as error:
        checked(shop, file)
    assert "line 6" in error.value.message
    assert told in error.value.message


def test_a_slip_is_shown_with_a_sign_below_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(rules("order.items = 1").replace('"""', '"'))
    told = run("admin", "policy", "check", str(tmp_path / "p.toml"))
    lines = told.err.splitlines()
    assert lines[1].index("= 1") == lines[2].index("^")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is empty"),
        (" \n\n", "is empty"),
        ("# one day\n", "holds nothing but comments"),
        ('currency = "EUR"\n', "has no rules"),
        ("currency = “EUR”\n", "line 1, column 12: .*word processor"),
        ("a = " + "[" * 60_000, "nested too deep"),
        ("currency = 'EUR'\n[[rules]]\nname = 'x", "line 3|end"),
    ],
)
def test_a_file_that_is_no_policy_is_a_sentence(
    shop: Shop, tmp_path: Path, text: str, told: str
) -> None:
    (tmp_path / "p.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=told):
        checked(shop, tmp_path / "p.toml")


def test_a_byte_order_mark_is_no_part_of_a_policy(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(DEFAULT.read_text(encoding="utf-8"), encoding="utf-8-sig")
    assert checked(shop, tmp_path / "p.toml").name == shop.desk.rulebooks.active().name


def test_another_encoding_is_told(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(rules("true"), encoding="utf-16")
    with pytest.raises(UsageError, match="not UTF-8"):
        checked(shop, tmp_path / "p.toml")


def test_a_level_that_nobody_can_give_is_a_slip(shop: Shop, tmp_path: Path) -> None:
    file = policy_with(tmp_path / "p.toml", people=MANAGERS)
    with pytest.raises(UsageError, match="rule 3: it needs manager and director, one person each"):
        shop.applies(file)


def test_one_person_does_not_fill_two_levels(shop: Shop, tmp_path: Path) -> None:
    both = MANAGERS.replace('mia = ["manager"]\nmax = ["manager"]', 'mia = ["manager", "director"]')
    with pytest.raises(UsageError, match="one person each"):
        shop.applies(policy_with(tmp_path / "p.toml", people=both))


@pytest.mark.parametrize(
    ("above", "below", "never"),
    [
        ("action.amount > money('100.00')", "action.amount > money('1000.00')", True),
        ("action.amount > money('1000.00')", "action.amount > money('100.00')", False),
        ("action.amount > money('100.00')", "action.amount >= money('100.00')", False),
        ("action.amount >= money('100.00')", "action.amount > money('100.00')", True),
        ("order.items < 5", "order.items < 3", True),
        ("order.items > 1", "order.items == 3", True),
        ("order.items > 1", f"order.items > 2 && {VIP}", True),
        (f"order.items > 1 && {VIP}", "order.items > 2", False),
        (f"order.items > 1 || {VIP}", VIP, True),
        (VIP, f"(order.items > 1 || {VIP})", False),
        ("order.items > 1", "(order.items > 2 || order.items == 5)", True),
        ("order.items > 1", "order.age_days > 2", False),
        ("order.items == 3", "order.items <= 1", False),
        (VIP, VIP, True),
        ("true", VIP, True),
        ("!order.exists", "order.exists", False),
    ],
)
def test_a_rule_below_one_that_always_decides_is_told(
    shop: Shop, tmp_path: Path, above: str, below: str, never: bool
) -> None:
    assert implies(below, above) is never
    (tmp_path / "p.toml").write_text(rules(above, below))
    notes = checked(shop, tmp_path / "p.toml").notes()
    assert [each.rule for each in notes] == (["r1"] if never else [])


def test_what_stands_below_a_rule_for_everything_is_told(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(HEAD + STOP + rules("order.exists").removeprefix(HEAD))
    (note,) = checked(shop, tmp_path / "p.toml").notes()
    assert (note.rule, "“stop” above it always does" in note.problem) == ("r0", True)


def test_the_packaged_policy_has_nothing_that_cannot_work(shop: Shop) -> None:
    assert shop.desk.rulebooks.active().notes() == []


def test_a_condition_that_fails_on_the_whole_history_is_told(shop: Shop, tmp_path: Path) -> None:
    shop.order()
    shop.wants("5.00")
    (tmp_path / "p.toml").write_text(rules("action.field == 'email'", "order.items > 1"))
    (note,) = tried(shop, tmp_path / "p.toml").notes
    assert (note.rule, note.problem) == (
        "r0",
        "its condition failed on all of 1: the fact action.field could not be computed",
    )


def test_what_waits_and_nobody_could_decide_any_more_is_told(shop: Shop, tmp_path: Path) -> None:
    shop.order(paid="2000.00")
    ticket = shop.wants("1500.00")
    low = ('levels = ["manager", "director"]\nrisk', 'levels = ["manager"]\nrisk')
    file = policy_with(tmp_path / "p.toml", low, people=MANAGERS)
    assert tried(shop, file).stuck == (ticket.id,)
    shop.applies(file)
    checks = shop.desk.trial.checks(shop.desk.rulebooks.active())
    assert [(each.name, each.ok) for each in checks] == [("levels", False)]


@pytest.fixture
def door(run: Run, shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Give the commands, on the shop's store."""
    monkeypatch.setenv("SUPPORT_HOME", str(tmp_path))
    return run


def test_the_trial_counts_by_what_changes_with_the_money(
    door: Run, shop: Shop, tmp_path: Path
) -> None:
    shop.order(paid="500.00")
    for amount in ("60.00", "70.00", "150.00"):
        shop.wants(amount)
    file = str(policy_with(tmp_path / "p.toml", ("'100.00'", "'50.00'")))
    told = door("admin", "policy", "test", file)
    assert "allow -> ask manager: 2, 130.00 EUR\n" in told.out
    assert "Nothing changes for what waits (1)" in told.err
    (kind,) = door("admin", "policy", "test", file, "--json").json["test"]["counts"]
    assert (kind["count"], kind["money"]) == (2, [{"amount": "130.00", "currency": "EUR"}])


def test_check_test_and_doctor_tell_of_a_rule_that_never_applies(
    door: Run, shop: Shop, tmp_path: Path
) -> None:
    file = tmp_path / "p.toml"
    file.write_text(rules("order.items > 1", "order.items > 2"))
    for words in (("check", str(file)), ("test", str(file))):
        told = door("admin", "policy", *words)
        assert (told.code, "rule “r1”: it can never apply" in told.err) == (0, True)
    shop.applies(file)
    assert "“r1”: it can never apply" in door("admin", "doctor").out
    notes = door("admin", "policy", "check", str(file), "--json").json["policy"]["notes"]
    assert [each["rule"] for each in notes] == ["r1"]
