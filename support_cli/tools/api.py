"""What a tool's author needs: two decorators, the context, and one exception.

    from support_cli.tools.api import Context, DidNotHappen, effect, read

    @read
    def find_parcel(number: str) -> str: ...

    @effect(keyed=True, timeout="10s")
    def resend_parcel(number: str, context: Context) -> str: ...

The function's docstring is what the model reads; its parameters, but for `context`, are the
arguments. It returns what the agent is told. A function without a decorator is taken for the most
dangerous: an effect that takes no idempotency key.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from support_cli.domain.durations import parse_duration
from support_cli.domain.effect import DidNotHappen
from support_cli.domain.tool import Context, Marking, Tool

__all__ = ["Context", "DidNotHappen", "as_tool", "effect", "read"]

_MARK = "__support_marking__"
F = TypeVar("F", bound=Callable[..., str])


def read(function: F) -> F:
    """Mark a tool that changes nothing."""
    setattr(function, _MARK, Marking(effect=False))
    return function


def effect(*, keyed: bool, timeout: str = "30s") -> Callable[[F], F]:
    """Mark a tool that changes the world.

    Args:
        keyed: it acts once per `context.key`, however often it is called with it.
        timeout: how long it may take at most, such as `10s`; it must keep to that itself.
    """
    marking = Marking(effect=True, keyed=keyed, timeout=parse_duration(timeout))

    def mark(function: F) -> F:
        setattr(function, _MARK, marking)
        return function

    return mark


def as_tool(function: Callable[..., str]) -> Tool:
    """Make the desk's tool of a function, by its marking; without one, the most dangerous."""
    return Tool(function.__name__, function, getattr(function, _MARK, Marking()))
