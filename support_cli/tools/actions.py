"""Running the local commands that an operator allows, for the agent."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from support_cli.domain.tool import Context
from support_cli.errors import UsageError
from support_cli.services.actions import Action, read_actions
from support_cli.tools.api import DidNotHappen, effect

DID_NOT_HAPPEN = 75  # EX_TEMPFAIL of sysexits.h: the command says that it did nothing
_OUTPUT_LIMIT = 4000  # characters of a command's output that the agent is told
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR")


def action_tools(path: Path | None) -> list[Callable[..., str]]:
    """Make the tool that runs the actions of a file; none without one.

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
            command = actions[name].filled(arguments)
        except UsageError as error:
            raise DidNotHappen(error.message) from error
        return _run(command, actions[name].timeout, context)

    run_action.__doc__ = _description(actions)
    return [run_action]


def _description(actions: Mapping[str, Action]) -> str:
    lines = [
        f"- {action.name}({', '.join(action.arguments)}): {action.description}"
        for action in actions.values()
    ]
    return "Run one of these actions of the operator's:\n" + "\n".join(lines)


def _run(command: list[str], timeout: timedelta, context: Context) -> str:
    try:
        # A group of its own, so that its children die with it; and no secret of ours.
        process = subprocess.Popen(  # noqa: S603 (an operator's list, without a shell)
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=_environment(context),
            start_new_session=True,
        )
    except OSError as error:
        raise DidNotHappen(f"{command[0]} cannot be started.") from error
    try:
        output, _ = process.communicate(timeout=timeout.total_seconds())
    except BaseException:
        _kill(process)
        raise
    told = output.decode(errors="replace")[-_OUTPUT_LIMIT:].strip()
    if process.returncode == DID_NOT_HAPPEN:
        raise DidNotHappen(told or "The command says that it did nothing.")
    if process.returncode != 0:
        raise ActionFailed(f"{command[0]} ended with exit code {process.returncode}: {told}")
    return told or "Done."


class ActionFailed(Exception):
    """An action ended badly; nobody knows how far it came."""


def _environment(context: Context) -> dict[str, str]:
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**passed, "SUPPORT_TICKET": context.ticket, "SUPPORT_CUSTOMER": context.customer}


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _seconds(span: timedelta) -> int:
    return max(1, int(span.total_seconds()))
