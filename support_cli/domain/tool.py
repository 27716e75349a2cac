"""What a tool is to the desk: a plain function, and what it may do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

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

    `key` is the idempotency key: the same for every repetition of this very tool call.
    """

    ticket: str
    customer: str
    key: str


@dataclass(frozen=True, slots=True)
class Tool:
    """A function the agent may call. A parameter named `context` takes a Context, unseen by it."""

    name: str
    function: Callable[..., str]
    marking: Marking
