from __future__ import annotations

import pytest

from support_cli.domain.ids import ALPHABET, new_ticket_id, parse_ticket_id
from support_cli.errors import NotFound


def test_a_new_id_is_two_groups_of_four_letters_of_the_alphabet() -> None:
    first, second = new_ticket_id().split("-")
    assert len(first) == len(second) == 4
    assert set(first + second) <= set(ALPHABET)


def test_a_thousand_new_ids_differ() -> None:
    assert len({new_ticket_id() for _ in range(1000)}) == 1000


def test_a_new_id_reads_as_itself() -> None:
    drawn = new_ticket_id()
    assert parse_ticket_id(drawn) == drawn


@pytest.mark.parametrize(
    "text", ["K7M2-9QXD", "k7m2-9qxd", "K7M29QXD", " k7m29qxd\n", "K7-M29-QXD"]
)
def test_an_id_is_accepted_in_any_case_and_without_the_dash(text: str) -> None:
    assert parse_ticket_id(text) == "K7M2-9QXD"


def test_letters_that_look_like_digits_are_read_as_digits() -> None:
    assert parse_ticket_id("oOiI-lL00") == "0011-1100"


@pytest.mark.parametrize(
    "text", ["", "K7M2-9QX", "K7M2-9QXDD", "K7M2-9QXU", "K7M2-9QX!", "K7M2/9QXD"]
)
def test_what_cannot_be_an_id_is_not_found(text: str) -> None:
    with pytest.raises(NotFound):
        parse_ticket_id(text)
