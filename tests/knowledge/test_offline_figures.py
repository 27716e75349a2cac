"""The offline model's figures, on every store."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support_cli.services.ports import Documents
from support_cli.store.sqlite import SqliteDocuments
from tests.knowledge.figures import (
    ARTICLES,
    SETS,
    Place,
    Question,
    answers,
    figures,
    filled,
    of_set,
    questions,
    table,
)

Answered = dict[Question, Place | None]


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Answered]:
    documents = SqliteDocuments(tmp_path_factory.mktemp("figures") / "support.db")
    found = answers(filled(documents), [*questions(), *questions("strangers")])
    print(table(found))
    yield found
    documents.close()


@pytest.mark.parametrize("name", SETS)
def test_at_most_one_question_in_fifty_is_answered_wrongly(answered: Answered, name: str) -> None:
    assert figures(of_set(answered, name)).wrong_share <= 0.02


@pytest.mark.parametrize("name", ["tune", "held"])
def test_seven_in_ten_questions_of_the_articles_author_are_answered(
    answered: Answered, name: str
) -> None:
    assert figures(of_set(answered, name)).right_share >= 0.70


def test_the_question_about_nginx_goes_to_a_person(answered: Answered) -> None:
    asked = {question.text: place for question, place in answered.items()}
    assert asked["How do I configure SSL certificates for nginx?"] is None


def test_every_label_names_a_section_that_exists() -> None:
    texts = {article.stem: article.read_text(encoding="utf-8") for article in ARTICLES.iterdir()}
    asked = [*questions(), *questions("strangers")]
    labels = {(q.article, section) for q in asked if q.article for section in q.sections}
    assert not [label for label in labels if f"## {label[1]}\n" not in texts[label[0]]]


def test_every_store_gives_the_same_answers(documents: Documents, answered: Answered) -> None:
    some = of_set(answered, "held")
    assert answers(filled(documents), some) == some
