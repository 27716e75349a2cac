"""From a text to the terms it is found by: no case, no accents, no endings, one word per meaning.

English, small and predictable: the same text gives the same terms on every machine and store.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from support_cli.domain.vocabulary import SAME_MEANING, STOP_WORDS

_WORD = re.compile(r"[^\W_]+")
_SHORTENED = (
    (re.compile(r"\bcan('?t|not)\b"), "can not"),
    (re.compile(r"n't\b"), " not"),
    (re.compile(r"'(s|m|re|ve|d|ll)\b"), ""),
)
_VOWEL = re.compile(r"[aeiouy]")


def terms(text: str) -> list[str]:
    """List a text's terms in order, with repeats and without stop words."""
    return [term for term in _folded(_stems(text)) if term not in _STOP_STEMS]


@lru_cache(maxsize=10_000)
def stem(word: str) -> str:
    """Strip an English word's ending, so that `changes`, `changed` and `changing` are one term."""
    word = _singular(word)
    for ending in ("ation", "ing", "ment", "ion", "ed", "ly", "e"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= 3 and _VOWEL.search(rest):
            word = rest
            break
    word = word.removesuffix("e") if len(word) > 4 else word
    if len(word) > 3 and word[-1] == word[-2] and word[-1].isalpha() and word[-1] not in "lsz":
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 3 and word.endswith("y") else word


def plain(text: str) -> str:
    """Write a text without case, accents and shortened forms (`can't` is `can not`)."""
    letters = unicodedata.normalize(
        "NFKD", text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    ).casefold()
    text = "".join(letter for letter in letters if not unicodedata.combining(letter))
    for pattern, whole in _SHORTENED:
        text = pattern.sub(whole, text)
    return text


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] not in "sui" else word


def _stems(text: str) -> list[str]:
    return [stem(word) for word in _WORD.findall(plain(text))]


def _groups() -> dict[tuple[str, ...], str]:
    """Read the vocabulary as a map from a phrase's stems to the one term that stands for them."""
    folded: dict[tuple[str, ...], str] = {}
    for line in SAME_MEANING.strip().splitlines():
        first, *others = (tuple(_stems(phrase)) for phrase in line.split(","))
        for phrase in (first, *others):
            folded[phrase] = "-".join(first)
    return folded


_STOP_STEMS = frozenset(stem(word) for word in STOP_WORDS.split())
_FOLDED = _groups()
_LONGEST = max(map(len, _FOLDED))


def _folded(stems: list[str]) -> list[str]:
    """Replace each phrase of the vocabulary, the longest first, by its term."""
    found: list[str] = []
    at = 0
    while at < len(stems):
        phrase = next(
            p
            for n in range(_LONGEST, 0, -1)
            if (p := tuple(stems[at : at + n])) in _FOLDED or n == 1
        )
        found.append(_FOLDED.get(phrase, phrase[0]))
        at += len(phrase)
    return found
