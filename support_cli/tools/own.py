"""The tools that a company's own packages bring, as entry points of one group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import EntryPoint, entry_points
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction, signature
from typing import Any, get_origin

from support_cli.domain.facts import Holds
from support_cli.domain.tool import Tool
from support_cli.errors import SupportError
from support_cli.tools.api import as_tool, is_marked

GROUP = "support_cli.tools"
_LISTS = ("list", "tuple", "Sequence", "Iterable", "Iterator", "Collection", "Generator")
_WAITED_FOR = (iscoroutinefunction, isasyncgenfunction, isgeneratorfunction)
ASSISTANCE = "human_assistance"  # what no package may bring a tool of its own for


class BrokenTool(SupportError):
    """A tool of a company's own cannot be loaded, so nothing is run."""

    code = "broken_tool"


def own_tools() -> list[Tool]:
    """Load the tools of every installed package that brings some.

    Raises:
        BrokenTool: one cannot be loaded; the sentence names it.
    """
    found = sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value))
    return [tool for point in found for tool in _tools_of(point)]


def by_name(tools: Iterable[Tool]) -> dict[str, Tool]:
    """Put tools together by name.

    Raises:
        BrokenTool: two have one name, so that one of them would take the other's place, or one
            fact's name for different things.
    """
    named: dict[str, Tool] = {}
    for tool in tools:
        if tool.name in (*named, ASSISTANCE):
            raise BrokenTool(f"There are two tools named {tool.name}.", hint="rename one of them")
        named[tool.name] = tool
    _check_facts(named.values())
    return named


def _check_facts(tools: Iterable[Tool]) -> None:
    held: dict[str, Holds] = {}
    for name, fact in (pair for tool in tools for pair in tool.facts.items()):
        if held.setdefault(name, fact.holds) is not fact.holds:
            both = f"{held[name]} and {fact.holds}"
            raise BrokenTool(f"Two tools declare the fact {name}: {both}.", hint="rename one")


def _tools_of(point: EntryPoint) -> Iterator[Tool]:
    try:
        functions = list(_functions(point.load()))
    except (Exception, SystemExit) as error:
        raise _broken(point, f"{type(error).__name__}: {error}") from error
    for function in functions:
        if not callable(function) or not str(getattr(function, "__name__", "")).isidentifier():
            raise _broken(point, f"{function!r} is not a named function")
        if any(is_kind(function) for is_kind in _WAITED_FOR):
            raise _broken(point, f"{function.__name__} is asynchronous or a generator; use def")
        yield as_tool(function)


def _functions(loaded: Any) -> Iterator[Callable[..., str]]:
    """Tell a tool from what returns tools: unmarked, without parameters, annotated so."""
    if is_marked(loaded) or not _may_be_factory(loaded):
        yield loaded
    elif _returns(loaded) in _LISTS:
        yield from loaded()
    else:
        # Calling it to see what comes would do what it does.
        raise TypeError(
            "it has no marking, no parameters and does not say that it returns a text (a tool: "
            "-> str) or a list of tools (-> list)"
        )


def _may_be_factory(loaded: Any) -> bool:
    return callable(loaded) and _returns(loaded) != "str" and not signature(loaded).parameters


def _returns(loaded: Any) -> str:
    """Name the type that a function says it returns, without what stands in its brackets."""
    told = getattr(loaded, "__annotations__", {}).get("return")
    text = told if isinstance(told, str) else getattr(get_origin(told) or told, "__name__", "")
    return text.partition("[")[0].rpartition(".")[2]


def _broken(point: EntryPoint, problem: str) -> BrokenTool:
    package = point.dist.name if point.dist is not None else "a package"
    return BrokenTool(
        f"The tool {point.name} ({point.value}) of {package} cannot be loaded: {problem}.",
        hint=f"pip install --upgrade {package}, or uninstall it",
    )
