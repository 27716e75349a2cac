"""The desk's tools in the form the graph takes, and calling one with checked arguments."""

from __future__ import annotations

import contextvars
import inspect
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any, get_type_hints

from langchain_core.tools import BaseTool, StructuredTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from langgraph.errors import GraphBubbleUp
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from support_cli.domain.tool import Context, Tool

CONFIDENCE = "confidence"  # what the model says of itself; never an argument of the tool
_CONTEXT = "context"
_FAULTS = 5
_Confidence = Annotated[
    float, Field(ge=0, le=1, description="How sure you are that this call is right, 0 to 1.")
]


class ToolInterrupted(Exception):
    """A tool raised what only the graph, or the process, may: an interrupt, or its end."""


class Toolbox:
    """The tools by name, each with the schema that arguments must fit."""

    def __init__(self, tools: Sequence[Tool]) -> None:
        self._tools = {tool.name: tool for tool in tools}
        self._schemas = {tool.name: _schema(tool) for tool in tools}

    @property
    def names(self) -> list[str]:
        """The tools' names, in order of the alphabet."""
        return sorted(self._tools)

    def get(self, name: str) -> Tool | None:
        """Return a tool by its name."""
        return self._tools.get(name)

    def fit(self, name: str, args: Mapping[str, Any]) -> str | None:
        """Tell what is wrong with arguments, in a sentence; None where they fit the tool."""
        try:
            self._schemas[name].model_validate(args)
        except KeyError:
            return f"There is no such tool. The tools are: {', '.join(self.names)}."
        except ValidationError as error:
            return "; ".join(
                f"{'.'.join(map(str, each['loc'])) or 'arguments'}: {each['msg']}"
                for each in error.errors()[:_FAULTS]
            )
        return None

    def call(self, tool: Tool, args: Mapping[str, Any], context: Context) -> str:
        """Call a tool, with its context if it takes one, and outside the run's own.

        A model or a graph that a tool runs would find the run's callbacks and checkpointer in
        there: its texts would be streamed to the customer, its states mixed with the run's.
        """
        checked = self._schemas[tool.name].model_validate(args)
        given = {name: getattr(checked, name) for name in type(checked).model_fields}
        if _CONTEXT in inspect.signature(tool.function).parameters:
            given[_CONTEXT] = context
        try:
            result: str = contextvars.Context().run(tool.function, **given)
        except GraphBubbleUp as error:
            # Let through, it would pause the run where nobody could ever resume it.
            raise ToolInterrupted(f"{tool.name} raised {type(error).__name__}.") from error
        except Exception:
            raise
        except BaseException as error:
            # Such as SystemExit: it ends the call, not the desk.
            raise ToolInterrupted(f"{tool.name} raised {type(error).__name__}: {error}") from error
        return result

    def for_model(self) -> list[BaseTool]:
        """Return the tools as the model is told of them; the gate is what calls them."""
        return [
            StructuredTool(
                name=tool.name,
                description=inspect.cleandoc(tool.function.__doc__ or tool.name),
                args_schema=_told(tool, self._schemas[tool.name]),
                func=tool.function,
            )
            for tool in self._tools.values()
        ]

    @cached_property
    def told(self) -> list[dict[str, Any]]:
        """What the model is told of the tools, made once: not before each of its calls."""
        return [convert_to_openai_tool(tool) for tool in self.for_model()]


def _schema(tool: Tool) -> type[BaseModel]:
    """Make the schema of a function's parameters; one the function does not have is an error."""
    hints = get_type_hints(tool.function, include_extras=True)
    fields: dict[str, Any] = {
        name: (hints.get(name, Any), ... if given.default is given.empty else given.default)
        for name, given in inspect.signature(tool.function).parameters.items()
        if name != _CONTEXT
    }
    return create_model(tool.name, __config__=ConfigDict(extra="forbid"), **fields)


def _told(tool: Tool, schema: type[BaseModel]) -> type[BaseModel]:
    if not tool.marking.effect:
        return schema
    return create_model(tool.name, __base__=schema, confidence=(_Confidence, 0.0))
