"""A line of work: what `admin export` writes, what `admin batch` and `submit --batch` read.

A line that cannot be read as one is refused with a sentence, and never half understood.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from support_cli.domain.request import Choice
from support_cli.errors import UsageError

LINE_LIMIT = 1024 * 1024  # bytes of one line
WORK_KEYS = (
    *("ticket", "request", "fingerprint", "tickets", "custom_id", "kind", "query"),
    *("tool", "args", "customer", "created_at", "decision", "variants"),
)
QUESTION_KEYS = ("text", "key", "customer", "custom_id")
_TARGET_KEYS = ("ticket", "request", "fingerprint")
_DECISION_KEYS = ("type", "message", "args")
_AN_ORDER = "\ud800"  # half a character: no text that is kept has it
# What may be an order's number: letters and digits with a dash between. A bare number never is.
_ORDER_LIKE = re.compile(
    r"(?<![\w-])(?=[\w-]{0,31}\d)[A-Za-z][A-Za-z0-9]{0,15}-[A-Za-z0-9-]{1,15}(?![\w-])"
)


class Outcome(StrEnum):
    """What became of one line, for one ticket."""

    APPLIED = "applied"  # the agent has gone on with it
    RECORDED = "recorded"  # accepted; a vote is missing, or another process will run the ticket
    UNCHANGED = "unchanged"  # the same person had said the same before
    STALE = "stale"  # what the line was written for has changed since
    CONFLICT = "conflict"  # decided otherwise, or closed
    INVALID = "invalid"  # the line, or what it says, cannot be accepted
    NOT_FOUND = "not_found"  # there is no such ticket or request
    FAILED = "failed"  # the store failed
    NOT_DONE = "not_done"  # the batch was ended before it


FINE = frozenset({Outcome.APPLIED, Outcome.RECORDED, Outcome.UNCHANGED})
IN_CONFLICT = frozenset({Outcome.STALE, Outcome.CONFLICT})


@dataclass(frozen=True, slots=True)
class Target:
    """The request that a line decides; `fingerprint` is of what was exported."""

    ticket: str
    request: str | None = None
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """The decision on a line."""

    type: Choice
    message: str | None = None
    args: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """One line of decisions. `said` None: nobody has filled it in.

    `args` are the arguments that the line says it decides on; None: it says nothing of them.
    """

    targets: tuple[Target, ...]
    said: Said | None
    custom_id: str | None
    args: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One line of questions; `key` makes it safe to file again."""

    text: str
    key: str | None
    customer: str | None
    custom_id: str | None


def parse_work(line: Mapping[str, Any]) -> Work:
    """Read a line of `admin batch`.

    Raises:
        UsageError: an unknown key, a bad value, no ticket, or half a decision.
    """
    _check_keys(line, WORK_KEYS)
    said, args = _said(line.get("decision")), line.get("args")
    if args is not None and not isinstance(args, dict):
        raise UsageError("“args” are an object: the arguments as they were exported.")
    return Work(_targets(line), said, _text(line, "custom_id"), args)


def parse_question(line: Mapping[str, Any]) -> Question:
    """Read a line of `submit --batch`.

    Raises:
        UsageError: an unknown key, a bad value, or no text.
    """
    _check_keys(line, QUESTION_KEYS)
    text = _text(line, "text")
    if text is None:
        raise UsageError("“text” is missing.")
    return Question(text, _text(line, "key"), _text(line, "customer"), _text(line, "custom_id"))


def without_orders(query: str, is_order: Callable[[str], bool]) -> str:
    """Leave the order ids, and nothing else but runs of blanks, out of a question's account.

    Args:
        query: the question.
        is_order: tells whether what looks like an order id is one; a discount's code looks so too.
    """
    parts = _ORDER_LIKE.split(query)
    names = _ORDER_LIKE.findall(query)
    asked = [parts[0]]
    for name, part in zip(names, parts[1:], strict=True):
        asked += [_AN_ORDER if is_order(name) else name, part]
    return " ".join("".join(asked).split())


def custom_id_of(line: Mapping[str, Any]) -> str | None:
    """Find the custom id of a line that is refused otherwise."""
    given = line.get("custom_id")
    return given if isinstance(given, str) and given else None


def _targets(line: Mapping[str, Any]) -> tuple[Target, ...]:
    several = line.get("tickets")
    if several in (None, []):
        return (_target(line),)
    if any(_text(line, name) for name in _TARGET_KEYS):
        raise UsageError("“tickets” and “ticket” exclude each other.")
    if not isinstance(several, list) or not all(isinstance(each, dict) for each in several):
        raise UsageError("“tickets” is a list of objects with ticket, request and fingerprint.")
    for each in several:
        _check_keys(each, _TARGET_KEYS)
    return tuple(_target(each) for each in several)


def _target(line: Mapping[str, Any]) -> Target:
    ticket = _text(line, "ticket")
    if ticket is None:
        raise UsageError("“ticket” is missing.")
    return Target(ticket, _text(line, "request"), _text(line, "fingerprint"))


def _said(decision: object) -> Said | None:
    if decision is None:
        return None
    if not isinstance(decision, dict):
        raise UsageError("“decision” is an object with type, message and args.")
    _check_keys(decision, _DECISION_KEYS)
    kind, message, args = _text(decision, "type"), _text(decision, "message"), decision.get("args")
    if args is not None and not isinstance(args, dict):
        raise UsageError("The decision's “args” are an object of the arguments to change.")
    if kind is None:
        if message or args:
            raise UsageError(f"The decision has no type: {', '.join(Choice)}.")
        return None
    return _checked(Said(_choice(kind), message, args))


def _checked(said: Said) -> Said:
    if said.type is Choice.EDIT and not said.args:
        raise UsageError("An edit needs the arguments to change.")
    if said.type is not Choice.EDIT and said.args:
        raise UsageError(f"Only an edit changes arguments, not {said.type}.")
    if said.type is Choice.RESPOND and said.message is None:
        raise UsageError("An answer needs a text, as the decision's message.")
    return said


def _choice(text: str) -> Choice:
    try:
        return Choice(text.strip().lower())
    except ValueError as exc:
        raise UsageError(f"“{text}” is none of {', '.join(Choice)}.") from exc


def _text(line: Mapping[str, Any], name: str) -> str | None:
    value = line.get(name)
    if value is not None and not isinstance(value, str):
        raise UsageError(f"“{name}” is not a text.")
    return value if value and value.strip() else None


def _check_keys(line: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for key in line:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            meant = f"; did you mean “{near[0]}”?" if near else "."
            raise UsageError(f"“{key}” is not known{meant}")
