"""The sections of articles, and which of them answers a question: one ranking for every store.

A section is known by its names: its heading, and the questions that its author expects customers
to ask, one a line in a comment that nobody is shown:

    ## When do I get my refund?

    <!-- asked:
    How long does a refund take?
    -->

Sections are scored by BM25 (k1 1.2, b 0.75; Robertson and Zaragoza 2009, "The Probabilistic
Relevance Framework") over text, names and the article's title, plus how well the best name fits.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from support_cli.domain.article import Article
from support_cli.domain.spelling import corrected
from support_cli.domain.terms import terms

_K1, _B = 1.2, 0.75
_HEADING = re.compile(r"##\s+\S")
_TITLE = re.compile(r"^#\s.*$", re.MULTILINE)
_ASKED = re.compile(r"<!--\s*asked:(.*?)-->", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_SENTENCE = re.compile(r"(?<=[.!?:;])\s+|\n\s*\n")


@dataclass(frozen=True, slots=True)
class Passage:
    """One section that may answer a question, and how well it does; shares are from 0 to 1.

    `score` orders passages. `coverage` is the share of the question that one sentence of the
    section has, together with the best name and the article's title. `match` is how alike the
    question and the best name are. `missing` are the question's terms that are nowhere in the
    section.
    """

    article: str
    title: str
    heading: str
    text: str
    score: float = 0.0
    coverage: float = 0.0
    match: float = 0.0
    missing: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Section:
    article: Article
    heading: str
    text: str
    names: tuple[frozenset[str], ...]
    title: frozenset[str]
    sentences: tuple[frozenset[str], ...]
    counts: Counter[str]


def rank(question: str, articles: Iterable[Article], limit: int) -> list[Passage]:
    """List the sections that answer a question best, the best first."""
    sections = [section for article in articles for section in _sections(article)]
    weights = _weights(sections)
    asked = frozenset(corrected(terms(question), weights))
    rare = max(weights.values(), default=1.0)
    weigh = dict.fromkeys(asked, rare) | weights
    mean = sum(s.counts.total() for s in sections) / (len(sections) or 1) or 1.0
    passages = [_passage(section, asked, weigh, mean) for section in sections]
    found = [passage for passage in passages if passage.score > 0]
    return sorted(found, key=lambda p: (-p.score, p.article, p.heading))[:limit]


@lru_cache(maxsize=64)  # taking an article to pieces takes longer than everything else
def _sections(article: Article) -> Sequence[_Section]:
    lines = [f"## {article.title}", *_TITLE.sub("", article.text, count=1).splitlines()]
    starts = _headings(lines)
    found = [
        _section(article, lines[start], "\n".join(lines[start + 1 : end]))
        for start, end in pairwise([*starts, len(lines)])
    ]
    return [section for section in found if section.text]


def _headings(lines: Sequence[str]) -> list[int]:
    """Find the lines that begin a section; in a block of code there is none."""
    fenced, found = False, list[int]()
    for number, line in enumerate(lines):
        fenced ^= line.lstrip().startswith("```")
        if not fenced and _HEADING.match(line):
            found.append(number)
    return found


def _section(article: Article, headed: str, body: str) -> _Section:
    heading = headed.strip("# ")
    asked = [line for block in _ASKED.findall(body) for line in block.splitlines() if line.strip()]
    text = _COMMENT.sub("", body).strip()
    names = [terms(name) for name in (heading, *asked)]
    title = terms(article.title)
    return _Section(
        article=article,
        heading=heading,
        text=text,
        names=tuple(frozenset(name) for name in names),
        title=frozenset(title),
        sentences=tuple(frozenset(terms(sentence)) for sentence in _SENTENCE.split(text)),
        counts=Counter(terms(text) + title + [term for name in names for term in name]),
    )


def _weights(sections: Sequence[_Section]) -> dict[str, float]:
    """Give each term its inverse document frequency among the sections."""
    having = Counter(term for section in sections for term in section.counts)
    weights = {
        term: math.log(1 + (len(sections) - count + 0.5) / (count + 0.5))
        for term, count in having.items()
    }
    # However common, it turns the meaning of a question round.
    return weights | {"not": max(weights.values(), default=1.0)}


def _passage(
    section: _Section, asked: frozenset[str], weigh: Mapping[str, float], mean: float
) -> Passage:
    def weight(some: frozenset[str]) -> float:
        return math.fsum(weigh[term] for term in some)  # the same in any order

    def alike(name: frozenset[str]) -> float:
        turned = 0.5 if ("not" in name) != ("not" in asked) else 1.0
        return turned * 2 * weight(name & asked) / (weight(name) + weight(asked) or 1.0)

    name = max(section.names, key=alike)
    known = max(weight(asked & (sentence | name | section.title)) for sentence in section.sentences)
    length = _K1 * (1 - _B + _B * section.counts.total() / mean)
    hits = {term: section.counts[term] for term in asked if section.counts[term]}
    found = math.fsum(weigh[t] * n * (_K1 + 1) / (n + length) for t, n in hits.items())
    return Passage(
        article=section.article.id,
        title=section.article.title,
        heading=section.heading,
        text=section.text,
        score=found * (0.1 + alike(name)) ** 3,
        coverage=known / (weight(asked) or 1.0),
        match=alike(name),
        missing=asked - hits.keys(),
    )
