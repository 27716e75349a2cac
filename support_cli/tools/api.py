"""What a tool's author needs: two decorators, the context, and one exception.

    from support_cli.tools.api import Context, DidNotHappen, effect, read

    @read(timeout="5s")
    def find_parcel(number: str) -> str: ...

    @effect(keyed=True, timeout="10s")
    def resend_parcel(number: str, context: Context) -> str: ...

The function's docstring is what the model reads; its parameters, but for `context`, are the
arguments. It returns what the agent is told. A function without a decorator is taken for the most
dangerous: an effect that takes no idempotency key.

A tool runs in a thread, which nobody can stop: what must be stoppable is an action, a command of
the operator's. A read that takes too long has failed. An effect that does holds its ticket until it
comes back.

A keyed tool acts once per `context.key`, however often it is called with it. Where a tool is
certain that it did not act it raises `DidNotHappen` with the reason; after any other exception
nobody knows, and a person is asked.

**Facts of its own.** Policy never believes the model, so an argument is worth nothing to it until
somebody has checked it. A tool may bring what computes facts from its own records:

    def parcel_value(args: Mapping[str, Any], context: Context) -> Money: ...

    @effect(keyed=True, facts={"parcel_value": parcel_value})
    def resend_parcel(number: str, context: Context) -> str: ...

A rule reads it as `own.parcel_value > money('50.00')`. What the function is annotated to return is
what the fact holds: Money, int, float, str or bool. `policy check` finds a rule that compares it
with something else. A fact that raises, or is of another type than declared, is missing, and a rule
that reads it asks a person.

**Installing it.** A package names its tools as entry points of the group `support_cli.tools`, each
a function, or a function `def tools() -> list[...]` that returns several:

    [project.entry-points."support_cli.tools"]
    parcels = "our_parcels.support:tools"

Until a rule of the policy names it, a tool that is not a read asks a person at every call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar, overload

from support_cli.domain.durations import parse_duration
from support_cli.domain.effect import DidNotHappen
from support_cli.domain.facts import Holds
from support_cli.domain.money import Money
from support_cli.domain.tool import Context, FactOf, Marking, OwnFact, Tool

__all__ = ["Context", "DidNotHappen", "Money", "as_tool", "effect", "read"]

TIMEOUT = "30s"
OWN_STORE = "5s"  # how long a write to the desk's own store may take
_HOLDS: Mapping[str, Holds] = {
    "Money": Holds.MONEY,
    "int": Holds.NUMBER,
    "float": Holds.FRACTION,
    "str": Holds.TEXT,
    "bool": Holds.FLAG,
}
_MARK, _FACTS = "__support_marking__", "__support_facts__"
F = TypeVar("F", bound=Callable[..., str])


@overload
def read(function: F, /) -> F: ...
@overload
def read(*, timeout: str) -> Callable[[F], F]: ...
def read(function: F | None = None, /, *, timeout: str = TIMEOUT) -> F | Callable[[F], F]:
    """Mark a tool that changes nothing: `@read`, or `@read(timeout="5s")`.

    Args:
        function: the tool.
        timeout: how long it may take at most; then the agent is told that it failed.
    """
    marking = Marking(effect=False, timeout=parse_duration(timeout))

    def mark(function: F) -> F:
        setattr(function, _MARK, marking)
        return function

    return mark if function is None else mark(function)


def effect(
    *, keyed: bool, timeout: str = TIMEOUT, facts: Mapping[str, FactOf] | None = None
) -> Callable[[F], F]:
    """Mark a tool that changes the world.

    Args:
        keyed: it acts once per `context.key`, however often it is called with it.
        timeout: how long it may take at most, such as `10s`; it must keep to that itself.
        facts: what computes the facts that policy may read as `own.NAME`, by their names; each is
            annotated with what it returns.

    Raises:
        TypeError: a fact does not say what it returns.
    """
    own = {name: OwnFact(_declared(name, each), each) for name, each in (facts or {}).items()}
    marking = Marking(effect=True, keyed=keyed, timeout=parse_duration(timeout))

    def mark(function: F) -> F:
        setattr(function, _MARK, marking)
        setattr(function, _FACTS, own)
        return function

    return mark


def as_tool(function: Callable[..., str]) -> Tool:
    """Make the desk's tool of a function, by its marking; without one, the most dangerous."""
    marking, facts = getattr(function, _MARK, Marking()), getattr(function, _FACTS, {})
    return Tool(function.__name__, function, marking, facts)


def is_marked(function: object) -> bool:
    """Tell whether a function is a tool by its decorator."""
    return hasattr(function, _MARK)


def _declared(name: str, compute: FactOf) -> Holds:
    returns = getattr(compute, "__annotations__", {}).get("return")
    # A module that postpones its annotations has them as texts.
    written = getattr(returns, "__name__", returns)
    holds = _HOLDS.get(str(written).rpartition(".")[2])
    if holds is None:
        raise TypeError(
            f"the fact {name} must say what it is: annotate its function to return "
            f"{', '.join(_HOLDS)}"
        )
    return holds
