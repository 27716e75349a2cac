"""The audit trail: a hash chain of events inside the ticket it tells of.

An event holds hashes of texts, never a second copy, and the hash of each event covers the one
before it: a changed, dropped or reordered event is found. The operation id says which command
wrote the event, so that a write whose answer got lost can be looked up.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

Datum = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something: the name they gave, and the system user and host they gave it on."""

    name: str
    via: str


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the trail."""

    number: int
    at: datetime
    type: str
    by: str
    via: str
    operation: str
    data: Mapping[str, Datum]
    hash: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a change carries into the trail: when, who, and under which operation id."""

    at: datetime
    actor: Actor
    operation: str


def digest(text: str) -> str:
    """Hash a text for the trail (SHA-256, hexadecimal)."""
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(value: object) -> str:
    """Write a value as the one JSON text that is hashed: sorted keys, no spaces."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def extend(
    trail: tuple[Event, ...], stamp: Stamp, type: str, /, **data: Datum
) -> tuple[Event, ...]:
    """Add one event to the end of a trail."""
    event = Event(
        number=len(trail) + 1,
        at=stamp.at,
        type=type,
        by=stamp.actor.name,
        via=stamp.actor.via,
        operation=stamp.operation,
        data=data,
        hash="",
    )
    return (*trail, _sealed(event, trail[-1].hash if trail else ""))


def first_broken(trail: tuple[Event, ...], seal: str) -> int | None:
    """Tell the number of the first event that does not fit the chain, or None.

    Args:
        trail: the events in order.
        seal: the hash the last event had when the ticket was written; finds a dropped end.
    """
    before = ""
    for number, event in enumerate(trail, start=1):
        if event.number != number or _sealed(event, before).hash != event.hash:
            return number
        before = event.hash
    return None if before == seal else len(trail) + 1


def has_operation(trail: tuple[Event, ...], operation: str) -> bool:
    """Tell whether the command with this operation id wrote to the trail."""
    return any(event.operation == operation for event in reversed(trail))


def _sealed(event: Event, before: str) -> Event:
    told = [
        before,
        event.number,
        event.at.isoformat(timespec="microseconds"),
        event.type,
        event.by,
        event.via,
        event.operation,
        event.data,
    ]
    return Event(
        event.number,
        event.at,
        event.type,
        event.by,
        event.via,
        event.operation,
        event.data,
        digest(canonical(told)),
    )
