"""Which section of which article answers a question."""

from __future__ import annotations

from datetime import UTC, datetime

from support_cli.domain.article import Article
from support_cli.domain.passages import Passage, rank
from support_cli.domain.terms import terms

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PARCELS = """# Parcels

Parcels travel by bicycle.

## Track a parcel

<!-- asked:
Has the horse left?
-->

Open the tracking page.

## The parcel is damaged

Send us a photo. <!-- of every side -->
"""


def article(text: str, id: str = "parcels") -> Article:
    return Article(id, "Parcels", text, tuple(set(terms(text))), NOON, "bob")


def best(question: str, text: str = PARCELS) -> Passage:
    return rank(question, [article(text)], limit=5)[0]


def test_the_section_whose_heading_is_asked_for_comes_first() -> None:
    assert best("my parcel arrived damaged").heading == "The parcel is damaged"


def test_a_question_that_the_author_expected_finds_its_section() -> None:
    found = best("Has the horse left?")
    assert (found.heading, found.match) == ("Track a parcel", 1.0)


def test_text_before_the_first_section_goes_by_the_title() -> None:
    assert best("bicycle").heading == "Parcels"


def test_comments_are_not_shown() -> None:
    assert best("damaged photo").text == "Send us a photo."


def test_words_the_section_lacks_are_missing() -> None:
    found = best("How do I track a zebra?")
    assert found.missing == {"zebra"}
    assert found.coverage < 0.9


def test_words_of_different_sentences_are_not_one_answer() -> None:
    text = "# Shop\n\n## Colours\n\nWe paint fences. We sell zebras."
    assert best("fence", text).coverage > best("paint zebra", text).coverage


def test_a_negation_that_the_name_lacks_makes_it_less_alike() -> None:
    assert best("track a parcel").match > 1.5 * best("do not track a parcel").match


def test_nothing_in_common_finds_nothing() -> None:
    assert rank("zebra", [article(PARCELS)], limit=5) == []
    assert rank("zebra", [], limit=5) == []


def test_headings_in_a_block_of_code_begin_no_section() -> None:
    text = "# Shop\n\n## Colours\n\n```\n## zebra\n# comment\n```\n"
    assert best("zebra", text).heading == "Colours"
    assert "# comment" in best("zebra", text).text


def test_a_block_of_code_that_never_ends_loses_nothing() -> None:
    assert best("zebra", "# Shop\n\n## Colours\n\n```\nzebra").text == "```\nzebra"


def test_equal_sections_are_ordered_by_article() -> None:
    twins = [article(PARCELS, "b"), article(PARCELS, "a")]
    assert [found.article for found in rank("damaged photo", twins, limit=2)] == ["a", "b"]


def test_no_more_than_asked_for_are_given() -> None:
    assert len(rank("parcel", [article(PARCELS)], limit=2)) == 2
