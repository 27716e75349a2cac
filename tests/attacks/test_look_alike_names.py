"""Two names that look alike are one person, and a name has nothing in it that nobody sees."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from support_cli.domain.confusables import VERSION
from support_cli.domain.names import checked_name, same_person
from support_cli.domain.request import Choice
from support_cli.errors import NotAllowed, UsageError
from tests.cli.conftest import Ran
from tests.policy.shop import Shop, policy_with

CYRILLIC = str.maketrans("aeopcx", "\u0430\u0435\u043e\u0440\u0441\u0445")
WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
UNSEEN = [
    "ev\u200be",
    "ev\u034fe",
    "e\u2800",
    "\u3164",
    "ev\ufe0fe",
    "a\u115f",
    "e\x1b[2Jve",
    "a\nb",
]
UNSEEN += ["ev\u202ee", "ev\u00ade", "ev\U000e0001e", "ev\u2028e"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("dana", "Dana"),
        ("dana", "dana".translate(WIDE)),
        ("eve", "eve".translate(CYRILLIC)),
        ("jos\u00e9", "jose\u0301"),
        ("bill", "bi11"),
        ("bob", "b0b"),
        ("mia", "rnia"),
        ("ann lee", " ann  lee "),
        ("Stra\u00dfe", "STRASSE"),
        ("ibrahim", "\u0130brahim"),
        ("mia", "mi\u0307a"),
        ("mia", "m\u0456\u0307a"),
    ],
)
def test_two_spellings_are_not_two_people(one: str, other: str) -> None:
    assert same_person(one, other)
    assert same_person(other, one)


@pytest.mark.parametrize("other", ["田中ひろみ", "erik", "dan", "dana2"])
def test_other_people_stay_other_people(other: str) -> None:
    assert not same_person(other, "dana")
    assert not same_person(other, "田中ひろし")


@pytest.mark.parametrize("name", ["田中ひろし", "Zoë", "O'Neil", "\u0645\u062d\u0645\u062f", "नेहा"])
def test_nobody_is_refused_for_the_script_of_their_name(name: str) -> None:
    assert checked_name(name) == name


@pytest.mark.parametrize("name", UNSEEN)
def test_what_nobody_sees_is_not_in_a_name(name: str) -> None:
    with pytest.raises(UsageError, match="A name has"):
        checked_name(name)


def test_the_table_of_what_looks_alike_says_its_version() -> None:
    assert VERSION == "17.0.0"


@pytest.mark.parametrize("by", ["Ada", "ada".translate(CYRILLIC), "ada".translate(WIDE), "ADA"])
@pytest.mark.parametrize("choice", [Choice.APPROVE, Choice.REJECT, Choice.EDIT])
def test_a_customer_does_not_decide_under_another_spelling(
    shop: Shop, by: str, choice: Choice
) -> None:
    shop.order(paid="229.00")
    ticket = shop.wants("229.00")
    with pytest.raises(NotAllowed, match="is the customer"):
        shop.decides(ticket, choice, by=by, edit={"amount": "1.00"})


@pytest.mark.parametrize("by", ["Mia", "rnia", "MIA"])
def test_one_person_does_not_give_two_levels_under_two_spellings(shop: Shop, by: str) -> None:
    shop.order(paid="1299.00")
    ticket = shop.decides(shop.wants("1299.00"), by="mia")
    again = shop.decides(ticket, by=by)
    assert [vote.by for vote in again.open_requests[0].votes] == ["mia"]
    assert shop.refunded().minor == 0


def test_people_hold_their_levels_however_they_are_spelled(staffed: Shop) -> None:
    staffed.order(paid="229.00")
    staffed.decides(staffed.wants("229.00"), by="MIA")
    assert str(staffed.refunded()) == "229.00 EUR"


@pytest.mark.parametrize("twin", ["Mia", "rnia"])
def test_a_policy_does_not_name_one_person_twice(shop: Shop, tmp_path: Path, twin: str) -> None:
    people = f'[people]\nmia = ["manager"]\n{twin} = ["director"]\n'
    with pytest.raises(UsageError, match="look alike, and count as one person"):
        shop.desk.rulebooks.checked(policy_with(tmp_path / "p.toml", people=people))


@pytest.mark.parametrize("name", ["ev\u200be", "ev\u034fe"])
def test_a_policy_does_not_name_whom_nobody_sees(shop: Shop, tmp_path: Path, name: str) -> None:
    people = f'[people]\n"{name}" = ["manager"]\n'
    with pytest.raises(UsageError, match="A name has"):
        shop.desk.rulebooks.checked(policy_with(tmp_path / "p.toml", people=people))


@pytest.mark.parametrize("variable", ["SUPPORT_ADMIN", "SUPPORT_CUSTOMER"])
def test_an_unseen_name_does_not_come_from_the_environment(
    support: Callable[..., Ran], variable: str
) -> None:
    words = ("admin", "orders", "import", "--sample") if "ADMIN" in variable else ("submit", "hi")
    ran = support(*words, **{variable: "ev\u200be"})
    assert ran.code == 2
    assert "A name has" in ran.err


def test_a_line_of_questions_does_not_bring_an_unseen_name(support: Callable[..., Ran]) -> None:
    line = b'{"text": "hi", "customer": "ev\\u034fe"}\n'
    ran = support("submit", "--batch", "-", stdin=line)
    assert (ran.code, '"outcome": "invalid"' in ran.out) == (1, True)
