"""What a text is found by."""

from __future__ import annotations

import pytest

from support_cli.domain.spelling import corrected
from support_cli.domain.terms import stem, terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("changes", "changed"),
        ("cancelling", "cancellation"),
        ("deliveries", "delivery"),
        ("boxes", "box"),
        ("shopping", "shop"),
        ("CAFÉ", "café"),
        ("café", "cafe"),
    ],
)
def test_endings_case_and_accents_make_no_difference(one: str, other: str) -> None:
    assert terms(one) == terms(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sign in", "login"),
        ("logging in", "logged in"),
        ("money back", "refund"),
        ("a gift voucher", "the gift card"),
        ("it can't be cancelled", "it cannot be cancelled"),
        ("I don't remember it", "I forgot it"),
        ("two-step verification", "2FA"),
    ],
)
def test_what_means_the_same_is_the_same(one: str, other: str) -> None:
    assert terms(one) == terms(other)


@pytest.mark.parametrize(
    ("one", "other"), [("delivered", "not delivered"), ("gift card", "card"), ("4711", "471")]
)
def test_what_differs_stays_different(one: str, other: str) -> None:
    assert terms(one) != terms(other)


def test_words_that_say_nothing_are_left_out() -> None:
    assert terms("Hello, could you please tell me how I do that?") == []


def test_an_s_that_is_no_ending_stays() -> None:
    assert [stem(word) for word in ("address", "status", "gas")] == ["address", "status", "gas"]


def test_text_without_words_has_no_terms() -> None:
    assert terms("?! … 🦜 \x00") == []


@pytest.mark.parametrize("slip", ["pasword", "passwword", "passwird", "passwrod"])
def test_one_slip_of_the_keyboard_is_put_right(slip: str) -> None:
    assert corrected([slip], {"password", "parcel"}) == ["password"]


@pytest.mark.parametrize("word", ["passport", "word", "nginx"])
def test_another_word_is_no_slip(word: str) -> None:
    assert corrected([word], {"password", "ward"}) == [word]


def test_a_slip_between_two_words_is_left_alone() -> None:
    assert corrected(["bards"], {"barns", "barks"}) == ["bards"]
