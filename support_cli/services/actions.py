"""Local commands that an operator allows: what the file may say, and the command it comes to.

[actions.delete-database]
description = "Delete a customer's test database."
command = ["/usr/local/bin/drop-db", "--name", "{database}"]
timeout = "30s"

[actions.delete-database.arguments.database]
type = "string"
pattern = "[a-z][a-z0-9_]{0,30}"
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from support_cli.domain.durations import parse_duration
from support_cli.errors import UsageError

_TYPES: Mapping[str, type] = {"string": str, "integer": int, "number": float, "boolean": bool}
_PLACE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_ACTION_KEYS = {"description", "command", "timeout", "arguments"}
_ARGUMENT_KEYS = {"type", "pattern"}
_HINT = "see “Actions” in the README"


@dataclass(frozen=True, slots=True)
class Argument:
    """What an argument of an action must be; `pattern` must match the whole of it.

    A string without a pattern may not begin with a dash.
    """

    type: str
    pattern: str | None


@dataclass(frozen=True, slots=True)
class Action:
    """One command an operator allows. Each element of `command` stays one argument; no shell."""

    name: str
    description: str
    command: tuple[str, ...]
    timeout: timedelta
    arguments: Mapping[str, Argument]

    def filled(self, given: Mapping[str, Any]) -> list[str]:
        """Put arguments into the command.

        Raises:
            UsageError: one is missing, unknown, of another type, or does not match.
        """
        unknown = sorted(given.keys() - self.arguments.keys())
        missing = sorted(self.arguments.keys() - given.keys())
        if unknown or missing:
            raise UsageError(f"Action {self.name} takes {', '.join(self.arguments) or 'nothing'}.")
        texts = {name: self._text(name, value) for name, value in given.items()}
        return [_PLACE.sub(lambda place: texts[place[1]], part) for part in self.command]

    def _text(self, name: str, value: Any) -> str:
        argument = self.arguments[name]
        wanted = _TYPES[argument.type]
        fits = isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool))
        if wanted is float:
            fits = isinstance(value, int | float) and not isinstance(value, bool)
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if not fits or "\0" in text:
            raise UsageError(f"{name} of action {self.name} must be a {argument.type}.")
        if argument.pattern is not None and not re.fullmatch(argument.pattern, text):
            raise UsageError(f"{name} of action {self.name} does not match {argument.pattern}.")
        if argument.pattern is None and wanted is str and text.startswith("-"):
            # The command would read it as one of its options.
            raise UsageError(f"{name} of action {self.name} may not begin with a dash.")
        return text


def read_actions(path: Path) -> dict[str, Action]:
    """Read the file of allowed commands.

    Raises:
        UsageError: it cannot be read, or says something it may not; the sentence names the place.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise UsageError(f"The actions file {path} cannot be read.", hint=_HINT) from exc
    except RecursionError as exc:
        raise UsageError(f"The actions file {path} is nested too deeply.", hint=_HINT) from exc
    except ValueError as exc:  # not TOML, not UTF-8, or a number of thousands of digits
        raise UsageError(f"The actions file {path} is not TOML: {exc}", hint=_HINT) from exc
    if told.keys() - {"actions"} or not isinstance(told.get("actions", {}), dict):
        raise UsageError(f"{path} may hold only [actions.NAME] tables.", hint=_HINT)
    return {name: _action(path, name, table) for name, table in told.get("actions", {}).items()}


def _action(path: Path, name: str, table: Any) -> Action:
    where = f"[actions.{name}] in {path}"
    _check_keys(where, table, _ACTION_KEYS, {"description", "command"})
    command = table["command"]
    if not isinstance(command, list) or not command or not all(map(_is_text, command)):
        raise UsageError(f"command of {where} must be a list of strings.", hint=_HINT)
    if not isinstance(table.get("arguments", {}), dict):
        raise UsageError(f"arguments of {where} must be a table.", hint=_HINT)
    arguments = {
        argument: _argument(f"argument {argument} of {where}", told)
        for argument, told in table.get("arguments", {}).items()
    }
    used = {place for part in command for place in _PLACE.findall(part)}
    if used != arguments.keys():
        odd = ", ".join(sorted(used ^ arguments.keys()))
        raise UsageError(
            f"The command of {where} and its arguments do not agree on: {odd}.", hint=_HINT
        )
    timeout = parse_duration(str(table.get("timeout", "30s")))
    return Action(name, str(table["description"]), tuple(command), timeout, arguments)


def _argument(where: str, table: Any) -> Argument:
    _check_keys(where, table, _ARGUMENT_KEYS, {"type"})
    if not _is_text(table["type"]) or table["type"] not in _TYPES:
        raise UsageError(f"type of {where} must be one of {', '.join(_TYPES)}.", hint=_HINT)
    pattern = table.get("pattern")
    try:
        re.compile(pattern or "")
    except (re.error, TypeError, RecursionError, OverflowError) as exc:
        raise UsageError(f"pattern of {where} is not a regular expression.", hint=_HINT) from exc
    return Argument(table["type"], pattern)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _check_keys(where: str, table: Any, known: set[str], needed: set[str]) -> None:
    if not isinstance(table, dict):
        raise UsageError(f"{where} must be a table.", hint=_HINT)
    for odd in sorted(table.keys() - known):
        raise UsageError(f"{where} has an unknown key {odd}.", hint=_HINT)
    for missing in sorted(needed - table.keys()):
        raise UsageError(f"{where} lacks {missing}.", hint=_HINT)
