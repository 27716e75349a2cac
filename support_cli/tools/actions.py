"""Running the local commands that an operator allows, for the agent."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import timedelta
from math import ceil
from pathlib import Path
from typing import Any

from support_cli.domain.command import Command, result_of
from support_cli.domain.tool import Context
from support_cli.errors import UsageError
from support_cli.services.actions import Action, read_actions
from support_cli.services.ports import Commands
from support_cli.tools.api import DidNotHappen, effect

_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR")


def action_tools(path: Path | None, commands: Commands) -> list[Callable[..., str]]:
    """Make the tool that runs the actions of a file; none without one.

    Args:
        path: the file.
        commands: what runs them, under supervision and with none of the desk's secrets.

    Raises:
        UsageError: the file cannot be read.
    """
    actions = read_actions(path) if path is not None else {}
    if not actions:
        return []
    longest = max(action.timeout for action in actions.values())

    @effect(keyed=False, timeout=f"{_seconds(longest)}s")
    def run_action(name: str, arguments: dict[str, Any], context: Context) -> str:
        if name not in actions:
            raise DidNotHappen(f"There is no action {name}; there are: {', '.join(actions)}.")
        try:
            words = actions[name].filled(arguments)
        except UsageError as error:
            raise DidNotHappen(error.message) from error
        command = Command(tuple(words), _environment(context), actions[name].timeout)
        return result_of(commands.run(command, context.key, context.attempt))

    run_action.__doc__ = _description(actions)
    return [run_action]


def _description(actions: Mapping[str, Action]) -> str:
    lines = [
        f"- {action.name}({', '.join(action.arguments)}): {action.description}"
        for action in actions.values()
    ]
    return "Run one of these actions of the operator's:\n" + "\n".join(lines)


def _environment(context: Context) -> dict[str, str]:
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**passed, "SUPPORT_TICKET": context.ticket, "SUPPORT_CUSTOMER": context.customer}


def _seconds(span: timedelta) -> int:
    return max(1, ceil(span.total_seconds()))
