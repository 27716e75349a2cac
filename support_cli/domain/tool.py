"""What a tool is to the desk: a plain function, and what it may do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from support_cli.domain.facts import Holds

TIMEOUT = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Marking:
    """What a tool's author says of it. Unmarked means dangerous: an effect without a key.

    `effect`: it changes the world. `keyed`: it takes an idempotency key and acts once per key.
    `timeout`: how long it may take at most; an effect starts only under a lease that lasts longer.
    """

    effect: bool = True
    keyed: bool = False
    timeout: timedelta = TIMEOUT


@dataclass(frozen=True, slots=True)
class Context:
    """What the desk tells a tool beside the model's arguments: the truth about who is served.

    `key` is the idempotency key: the same for every repetition of this very tool call. `attempt`
    is another one each time it is made; empty for a read.
    """

    ticket: str
    customer: str
    key: str
    attempt: str = ""


# Computes one fact for policy from what a call was given; whatever it raises, the fact is missing.
FactOf = Callable[[Mapping[str, Any], Context], Any]


@dataclass(frozen=True, slots=True)
class OwnFact:
    """A fact of a tool's own: what it holds, and what computes it.

    A value of another kind than declared is no fact: a rule that reads it asks.
    """

    holds: Holds
    compute: FactOf


@dataclass(frozen=True, slots=True)
class Tool:
    """A function the agent may call. A parameter named `context` takes a Context, unseen by it.

    `facts` are those of its own that policy may read, by name, as `own.NAME`.
    """

    name: str
    function: Callable[..., str]
    marking: Marking
    facts: Mapping[str, OwnFact] = field(default_factory=dict)
