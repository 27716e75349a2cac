"""When the offline model answers by itself, and when a person should."""

from __future__ import annotations

from dataclasses import replace

import pytest

from support_cli.agent.sure import answer
from support_cli.domain.passages import Passage

RETURNS = Passage(
    article="returns",
    title="Return an item",
    heading="How to return an item",
    text="Print the label.",
    score=9.0,
    coverage=1.0,
    match=1.0,
)
QUESTION = "How do I return an item?"


def test_a_clear_question_is_answered_with_its_source() -> None:
    assert answer(QUESTION, [RETURNS]) == (
        "Print the label.\n\n(From our help article “Return an item”.)"
    )


def test_nothing_found_goes_to_a_person() -> None:
    assert answer(QUESTION, []) is None


@pytest.mark.parametrize(
    "doubt",
    [
        replace(RETURNS, coverage=0.8),
        replace(RETURNS, match=0.6),
        replace(RETURNS, missing=frozenset({"4711"})),
    ],
    ids=["a word is missing", "another topic", "an unknown number"],
)
def test_a_doubtful_passage_goes_to_a_person(doubt: Passage) -> None:
    assert answer(QUESTION, [doubt]) is None


def test_a_passage_that_is_as_good_goes_to_a_person() -> None:
    assert answer(QUESTION, [RETURNS, replace(RETURNS, article="gifts", score=8.9)]) is None


def test_a_passage_whose_name_is_as_alike_goes_to_a_person() -> None:
    assert answer(QUESTION, [RETURNS, replace(RETURNS, article="gifts", score=5.0)]) is None


def test_a_worse_passage_is_no_doubt() -> None:
    assert answer(QUESTION, [RETURNS, replace(RETURNS, score=5.0, match=0.8)]) is not None


@pytest.mark.parametrize(
    "text",
    [
        "I want to speak to a human about how to return an item",
        "Let me talk to a real person about a return",
        "Return my item please",
        "please cancel my order",
        "Could you return the item?",
        "Can you send me the label?",
        "I want my money back for the item",
        "Has my return arrived?",
        "Why did you return the item?",
        "Where is my return?",
        "How do I return an item of order #20931?",
        "I'd like you to return the item",
    ],
)
def test_what_is_no_question_for_an_article_goes_to_a_person(text: str) -> None:
    assert answer(text, [RETURNS]) is None


@pytest.mark.parametrize("text", ["return", "item?", "the return", "returns!"])
def test_a_bare_word_goes_to_a_person(text: str) -> None:
    assert answer(text, [RETURNS]) is None


@pytest.mark.parametrize("text", ["How do I do a return?", "I'd like to do a return"])
def test_a_question_of_one_term_is_answered_where_it_was_expected(text: str) -> None:
    assert answer(text, [RETURNS]) is not None
    assert answer(text, [replace(RETURNS, match=0.9)]) is None
