"""What the offline model takes for a plain request, over all labelled sentences."""

from __future__ import annotations

import pytest

from tests.orders.figures import SETS, STRANGERS, moved_wrongly, sentences


@pytest.mark.parametrize("name", SETS)
def test_no_money_moves_on_a_sentence_that_does_not_ask_for_it(name: str) -> None:
    assert moved_wrongly(sentences(name)) == []


@pytest.mark.parametrize("name", [each for each in SETS if each != STRANGERS])
def test_most_plain_requests_are_taken_up(name: str) -> None:
    plain = [each for each in sentences(name) if each.plain]
    assert sum(each.done == each.label for each in plain) >= 0.75 * len(plain)
