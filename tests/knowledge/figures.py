"""How well the offline model answers, measured on labelled questions about the sample articles.

`python -m tests.knowledge.figures` prints the table of the README. Word lists, articles and
thresholds were made with the `tune` questions. Of the `held back` ones only totals were looked at,
but the articles' author wrote them. The `strangers'` were written, in five voices, by somebody who
had not read the articles, and labelled before anything was measured on them: nobody may tune to
them, or they say nothing any more.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from support_cli.agent.sure import answer
from support_cli.services.clock import SystemClock
from support_cli.services.knowledge import Knowledge
from support_cli.services.ports import Documents
from support_cli.store.sqlite import SqliteDocuments

ARTICLES = Path(__file__).parents[2] / "support_cli" / "data" / "articles"
SETS = ("tune", "held", "strangers")


@dataclass(frozen=True)
class Question:
    """A question, and which sections of which article answer it; none where a person should."""

    text: str
    article: str | None
    sections: frozenset[str]
    set: str


@dataclass(frozen=True)
class Figures:
    """Counts over some questions: how many, those an article answers, and what came out."""

    questions: int
    answerable: int
    right: int
    wrong: int

    @property
    def wrong_share(self) -> float:
        """The share of all questions that got a wrong answer, or one where a person should."""
        return self.wrong / self.questions

    @property
    def right_share(self) -> float:
        """The share of the answerable questions that got a right answer."""
        return self.right / self.answerable


Place = tuple[str, str]


def questions(file: str = "questions") -> list[Question]:
    """Read the labelled questions of a file."""
    lines = Path(__file__).with_name(f"{file}.jsonl").read_text(encoding="utf-8").splitlines()
    return [
        Question(row["question"], row["article"], frozenset(row["section"]), row["set"])
        for row in map(json.loads, lines)
    ]


def filled(documents: Documents) -> Knowledge:
    """Put the sample articles into a store."""
    knowledge = Knowledge(documents, SystemClock())
    knowledge.add([ARTICLES], "test")
    return knowledge


def answers(knowledge: Knowledge, asked: Iterable[Question]) -> dict[Question, Place | None]:
    """Ask each question: the article and section it is answered from, None for a person."""
    return {question: _place(knowledge, question.text) for question in asked}


def figures(answered: dict[Question, Place | None]) -> Figures:
    """Count what came out. Right is only a right section of the right article."""
    given = {question: place for question, place in answered.items() if place is not None}
    right = sum(place[0] == q.article and place[1] in q.sections for q, place in given.items())
    return Figures(
        questions=len(answered),
        answerable=sum(question.article is not None for question in answered),
        right=right,
        wrong=len(given) - right,
    )


def of_set(answered: dict[Question, Place | None], name: str) -> dict[Question, Place | None]:
    """Pick the questions of one set."""
    return {question: place for question, place in answered.items() if question.set == name}


def table(answered: dict[Question, Place | None]) -> str:
    """Write the figures as the README shows them."""
    return "\n".join(
        [
            "| questions | | answered right, of the answerable | answered wrong, of all |",
            "|---|--:|--:|--:|",
            *(_row(name, figures(of_set(answered, name))) for name in SETS),
        ]
    )


def _row(name: str, of: Figures) -> str:
    right = f"{of.right} of {of.answerable} ({of.right_share:.0%})"
    return f"| {name} | {of.questions} | {right} | {of.wrong} ({of.wrong_share:.1%}) |"


def _place(knowledge: Knowledge, question: str) -> Place | None:
    passages = knowledge.passages(question)
    if answer(question, passages) is None:
        return None
    return passages[0].article, passages[0].heading


def main() -> None:
    """Print the table, over a store of its own."""
    with tempfile.TemporaryDirectory() as folder:
        documents = SqliteDocuments(Path(folder) / "support.db")
        asked = [*questions(), *questions("strangers")]
        print(table(answers(filled(documents), asked)))
        documents.close()


if __name__ == "__main__":
    main()
