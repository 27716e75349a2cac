"""When the offline model may answer by itself: only where one passage speaks of all that is asked.

A wrong answer costs a customer more than a person's minute, so every doubt goes to a person: an
order number, a request to do something, a question about what happened to this very customer, a
wish for a person, a word that the passage does not have, two passages that are as good.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from support_cli.domain.passages import Passage
from support_cli.domain.terms import plain, terms

COVERED = 0.9  # the share of the question, by weight, that one sentence and its names must have
ALIKE = 0.7  # how alike the question and a name of the section must be
TIE = 0.95  # from this share of the best score on, the next passage is as good

_ACTION = (
    "add|approve|call|cancel|change|charge|check|close|correct|delete|deliver|exchange|fix|give|"
    "pay|refund|remove|repair|replace|resend|reset|return|send|ship|stop|swap|transfer|update"
)
_FOR_A_PERSON = re.compile(
    rf"""
      \b(human|agent|representative|manager|supervisor|operator|lawyer|(real|actual)\ person)\b
    | \b(speak|talk|chat)\ (to|with)\b
    | \b(call|phone|ring|contact|write)\ me\b
    | (^|[.!?,;:]\s*|please\ )({_ACTION})\ (me|my|us|our|this|that|it|the|him|her)\b
    | (?<!when\ )(?<!how\ )\b(can|will)\ (you|some\w+|any\w+)\b.*\b(me|my|us|our)\b
    | \b(could|would)\ (you|some\w+|any\w+)\b
    | \bi\ (want|need|demand|expect|insist\ on|(would\ )?like)\ (my|you)\b
    | (^|[.!?,;:]\s*|why\ )(did|has|have|had)\b
    | (^|[.!?,;:]\s*)(was|were|is\ my|are\ my)\b
    | \bwhat\ is\ my\b
    | \bwhere\ (is|are)\ my\ (order|parcel|package|delivery|refund|return|money|item|stuff)\b
    | \#\s*\d
    """,
    re.VERBOSE,
)
# One word that says anything, such as `refund`, is no question; `How do I unsubscribe?` is.
_ASKS = re.compile(
    r"((how|what|when|where|which|do|does|can|is|are)\b|i (would like|like|want|need) to\b)"
    r"(\W+\w+){2}"
)


def answer(question: str, passages: Sequence[Passage]) -> str | None:
    """Answer from the best passage, or give None where a person should.

    Args:
        question: the customer's words.
        passages: what the knowledge base has for them, the best first.
    """
    asked = " ".join(plain(question).split())
    if not passages or _FOR_A_PERSON.search(asked):
        return None
    alike = ALIKE if len(set(terms(question))) > 1 else 1.0
    best, others = passages[0], passages[1:]
    if not (_answers(best, alike) and (alike < 1 or _ASKS.match(asked))):
        return None
    if any(_answers(other, alike) and _as_good(best, other) for other in others):
        return None
    return f"{best.text}\n\n(From our help article “{best.title}”.)"


def _answers(passage: Passage, alike: float) -> bool:
    unknown = any(any(map(str.isdigit, term)) for term in passage.missing)
    return passage.coverage >= COVERED and passage.match >= alike and not unknown


def _as_good(best: Passage, other: Passage) -> bool:
    return other.score >= TIE * best.score or other.match >= best.match
