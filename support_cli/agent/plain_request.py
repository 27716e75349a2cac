"""Reading a message as a plain request: one order, one wish, and nothing else in it.

A message is understood only where the patterns of whole clauses account for every word of it. One
word left over, and a person reads it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from support_cli.agent import request_courtesy as courtesy
from support_cli.agent import request_words as words
from support_cli.agent.request_goods import is_goods
from support_cli.agent.request_marks import without_marks
from support_cli.agent.request_names import without_names
from support_cli.agent.request_reasons import reads_as

CONFIDENCE = 0.9
TOOLS = tuple(words.WISHES)
_REASON = 500  # characters of the customer's words that are given as the reason
_WORDS = 100  # in a message that may be understood
_LENGTH = 600  # characters of a message that may be understood
_NUMBER = r"\d{1,9}(?:\.\d{1,2})?"  # `1.000` may be a thousand
_END = r"(?![.,]?\d|\ ?%|[a-z])"
_UNIT = r"(?:€|\$|£|(?:eur(?:os?)?|usd|gbp|chf|sek|nok|dkk|pln|czk|dollars?|pounds?)\b)"
_SIGNS: Mapping[str, str] = {
    "€": "EUR",
    "EURO": "EUR",
    "EUROS": "EUR",
    "$": "USD",
    "£": "GBP",
    "DOLLAR": "USD",
    "DOLLARS": "USD",
    "POUND": "GBP",
    "POUNDS": "GBP",
}
_TOKEN = re.compile(
    rf"""
      (?P<order>\#?(?P<id>[a-z]{{2,5}}-\d{{2,8}})(?![\w-]))
    | (?P<money>(?P<before>{_UNIT})\ ?(?P<a>{_NUMBER}{_END})|(?P<b>{_NUMBER})\ ?(?P<after>{_UNIT}))
    | (?P<number>{_NUMBER}{_END})
    | (?P<word>[a-z]+(?:['-][a-z]+)*)
    | (?P<stop>[.,;!?\n\u2013\u2014]|-+(?=\s))
    | (?P<space>[ \t\r]+)
    """,
    re.VERBOSE,
)
_KINDS: Mapping[str, re.Pattern[str]] = {
    **words.WISHES,
    "retreat": courtesy.TAKES_BACK,
    "need": courtesy.NO_NEED,
    "apology": courtesy.APOLOGY,
    "aside": courtesy.ASIDE,
    "outburst": courtesy.OUTBURST,
}


@dataclass(frozen=True, slots=True)
class Request:
    """What a customer plainly asks for. `amount` is None where it was not said.

    `currency` is the one that was said with it, if any.
    """

    tool: str
    order: str
    amount: str | None
    currency: str | None
    reason: str

    def args(self, refundable: str) -> dict[str, Any]:
        """Write the arguments of the call, with what remains where no amount was said."""
        args = {"order_id": self.order, "reason": self.reason, "confidence": CONFIDENCE}
        if self.tool == "cancel_order":
            return args
        return args | {"amount": self.amount or refundable}


@dataclass(frozen=True, slots=True)
class _Clause:
    kind: str
    text: str
    sentence: int


@dataclass(slots=True)
class _Message:
    """A message in tokens: segments between stops, each with the stop that ends it."""

    segments: list[tuple[tuple[str, ...], str]] = field(default_factory=list)
    orders: set[str] = field(default_factory=set)
    amounts: list[tuple[str, str | None]] = field(default_factory=list)


def understood(text: str) -> Request | None:
    """Read a message as a request about one order; None where there is any doubt."""
    plain = text.replace("\u2019", "'").strip()
    message = _tokens(without_marks(without_names(plain))) if len(plain) <= _LENGTH else None
    clauses = None if message is None else _clauses(message)
    if message is None or clauses is None or len(message.orders) != 1 or len(message.amounts) > 1:
        return None
    wishes = [clause for clause in clauses if clause.kind in TOOLS]
    if len(wishes) != 1 or not _plain(wishes[0], clauses, bool(message.amounts)):
        return None
    amount, currency = message.amounts[0] if message.amounts else (None, None)
    reason = " ".join(plain.split())[:_REASON]
    return Request(wishes[0].kind, min(message.orders), amount, currency, reason)


def _tokens(text: str) -> _Message | None:
    """Cut a message into words that stand for what they are; None where something is no word."""
    message, segment, at = _Message(), list[str](), 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            return None
        at = found.end()
        if found["stop"]:
            message.segments.append((tuple(segment), found["stop"]))
            segment = []
        elif not found["space"]:
            segment += _words(found, message)
    message.segments.append((tuple(segment), ""))
    return message


def _words(found: re.Match[str], message: _Message) -> list[str]:
    if found["id"]:
        message.orders.add(found["id"].upper())
        return ["ORD"]
    if found["money"] or found["number"]:
        number, unit = (
            found["a"] or found["b"] or found["number"],
            found["before"] or found["after"],
        )
        currency = None if unit is None else unit.upper()
        message.amounts.append((number, currency and _SIGNS.get(currency, currency)))
        # A bare number may be a quantity, or a day.
        return ["MONEY" if unit or re.fullmatch(r"\d+\.\d\d", number) else "NUM"]
    word = words.WHOLE_WORDS.get(found["word"], found["word"])
    for ending, whole in words.ENDINGS:
        if word.endswith(ending):
            return [word.removesuffix(ending), *whole.split()]
    return word.split()


def _clauses(message: _Message) -> list[_Clause] | None:
    """Account for every word by whole clauses; None where one is left over."""
    clauses: list[_Clause] = []
    if sum(len(segment) for segment, _ in message.segments) > _WORDS:
        return None
    sentence = 0
    for segment, stop in message.segments:
        found = _cut(segment, sentence)
        if found is None:
            return None
        clauses += found
        if stop == "?" and not _may_be_asked([c for c in clauses if c.sentence == sentence]):
            return None
        sentence += stop != "" and stop in ".!?\n"
    return clauses


def _cut(segment: tuple[str, ...], sentence: int) -> list[_Clause] | None:
    """Cut a segment into clauses, the longest first; without a stop, few words begin one."""
    rest: dict[int, list[_Clause]] = {len(segment): []}
    for start in range(len(segment) - 1, -1, -1):
        if start and segment[start] not in words.BEGINS and not is_goods(segment[start]):
            continue
        for end in sorted(rest, reverse=True):
            text = " ".join(segment[start:end])
            kind = _kind(text)
            if kind is not None:
                rest[start] = [_Clause(kind, text, sentence), *rest[end]]
                break
    return rest.get(0)


def _kind(text: str) -> str | None:
    """Say what a clause is; None where it is none."""
    short = " ".join(word for word in text.split() if word not in words.FILLERS)
    goods = " ".join("GOODS" if is_goods(word) else word for word in text.split())
    for each in dict.fromkeys((text, short, goods)):
        kind = next((name for name, known in _KINDS.items() if known.fullmatch(each)), None)
        if kind is not None:
            return kind
    return reads_as(short)


def _may_be_asked(sentence: Sequence[_Clause]) -> bool:
    return not sentence or any(
        words.HELP.fullmatch(each.text) or (each.kind in TOOLS and words.ASKED.fullmatch(each.text))
        for each in sentence
    )


def _plain(wish: _Clause, clauses: Sequence[_Clause], amount: bool) -> bool:
    """Tell whether what stands around the wish leaves no doubt about it."""
    said = " ".join(each.text for each in clauses if each.sentence == wish.sentence)
    if words.NEEDS_PLEASE.fullmatch(wish.text) and "please" not in said:
        return False
    of_part = words.PARTIAL.fullmatch(wish.text) or any(each.kind == "part" for each in clauses)
    if of_part and not amount:
        return False
    place = clauses.index(wish)
    before = " ".join(each.text for each in clauses[: place + 1])
    if words.PRONOUN.fullmatch(wish.text) and "ORD" not in before:
        return False
    return not any(
        (each.kind in ("apology", "story") and index > place)
        or (each.kind == "bare" and words.TERSE.fullmatch(wish.text))
        or (each.kind == "need" and not _no_need(each, wish, index < place))
        or (each.kind == "retreat" and index > place and each.sentence > wish.sentence)
        for index, each in enumerate(clauses)
    )


def _no_need(need: _Clause, wish: _Clause, before: bool) -> bool:
    """Tell whether it is the order, and not the refund, that is not wanted or waited for."""
    return wish.kind == "cancel_order" or (
        before and any(word in need.text for word in ("ORD", "waiting"))
    )
