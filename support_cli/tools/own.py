"""The tools that a company's own packages bring, as entry points of one group."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import EntryPoint, entry_points
from inspect import signature
from typing import Any

from support_cli.domain.tool import Tool
from support_cli.errors import SupportError
from support_cli.tools.api import as_tool, is_marked

GROUP = "support_cli.tools"
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
        BrokenTool: two have one name, so that one of them would take the other's place.
    """
    named: dict[str, Tool] = {}
    for tool in tools:
        if tool.name in (*named, ASSISTANCE):
            raise BrokenTool(f"There are two tools named {tool.name}.", hint="rename one of them")
        named[tool.name] = tool
    return named


def _tools_of(point: EntryPoint) -> Iterator[Tool]:
    try:
        functions = list(_functions(point.load()))
    except Exception as error:
        raise _broken(point, f"{type(error).__name__}: {error}") from error
    for function in functions:
        if not callable(function) or not str(getattr(function, "__name__", "")).isidentifier():
            raise _broken(point, f"{function!r} is not a named function")
        yield as_tool(function)


def _functions(loaded: Any) -> Iterator[Callable[..., str]]:
    """Tell a tool from what returns tools: unmarked, without parameters, annotated so."""
    if is_marked(loaded) or not _is_factory(loaded):
        yield loaded
    else:
        yield from loaded()


def _is_factory(loaded: Any) -> bool:
    # Calling an unmarked tool to see what comes would do what it does.
    returns = getattr(loaded, "__annotations__", {}).get("return", str)
    return returns not in (str, "str") and not signature(loaded).parameters


def _broken(point: EntryPoint, problem: str) -> BrokenTool:
    package = point.dist.name if point.dist is not None else "a package"
    return BrokenTool(
        f"The tool {point.name} ({point.value}) of {package} cannot be loaded: {problem}.",
        hint=f"pip install --upgrade {package}, or uninstall it",
    )
