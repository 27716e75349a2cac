"""How a command line is read: Typer's commands without pydantic, and texts of several words."""

from __future__ import annotations

from collections import UserDict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import Any, ClassVar

import typer
from typer._click.core import Parameter
from typer._coercion import RuntimeParam
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from support_cli.errors import UsageError


@dataclass(frozen=True)
class _Plain(RuntimeParam):
    """Reads a parameter's value with its own parser, else as a text."""

    def _coerce_value(self, value: Any, param: Any, ctx: Any) -> Any:
        if isinstance(value, list | tuple):
            return [self._coerce_value(each, param, ctx) for each in value]
        if not isinstance(value, str):
            return value  # a default
        try:
            return (self.parameter_info.parser or _text)(value)
        except UsageError as error:
            name = param.opts[0] if isinstance(param, TyperOption) else param.display_name_raw
            raise UsageError(f"{name}: {error.message}", hint=error.hint) from error


def _text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as exc:
        raise UsageError("it is not valid UTF-8.") from exc
    return value


def _light(params: list[Parameter]) -> list[Parameter]:
    # Typer builds a pydantic adapter for each parameter of a command, the unused ones too: 45 ms.
    for param in params:
        if isinstance(param, TyperOption | TyperArgument) and param._runtime_param is None:
            descriptor = param.type_descriptor
            param._runtime_param = _Plain(descriptor.parameter_info, descriptor.annotation)
    return params


class _Commands(UserDict[str, Any]):
    """A group's commands, each loaded from its module when it is asked for."""

    def __getitem__(self, name: str) -> Any:
        found = self.data[name]
        if isinstance(found, str):
            found = self.data[name] = _load(import_module(found).app, name)
        return found


def _load(app: typer.Typer, name: str) -> Any:
    if app.info.name == name:
        return get_command(app)
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    alone.registered_commands = [each for each in app.registered_commands if each.name == name]
    return get_command(alone)


class Group(TyperGroup):
    """A group that loads a command when it is called: listing tickets does not pay for deciding.

    `modules` says in which module's `app` each command is.
    """

    modules: ClassVar[Mapping[str, str]] = {}

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands = _Commands(self.modules)

    def list_commands(self, ctx: Any) -> list[str]:
        """Name the commands, without loading them."""
        return list(self.modules)

    def get_params(self, ctx: Any) -> list[Parameter]:
        """List the parameters, set to read their values without pydantic."""
        return _light(super().get_params(ctx))


class Command(TyperCommand):
    """A command."""

    def get_params(self, ctx: Any) -> list[Parameter]:
        """List the parameters, set to read their values without pydantic."""
        return _light(super().get_params(ctx))

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments and options without the Python types that Typer adds."""
        params = self.get_params(ctx)
        arguments = [
            (each.display_name_raw, each.help or "")
            for each in params
            if isinstance(each, TyperArgument)
        ]
        options = [each.get_help_record(ctx) for each in params if isinstance(each, TyperOption)]
        for title, rows in (("Arguments", arguments), ("Options", options)):
            if rows:
                with formatter.section(title):
                    formatter.write_dl([row for row in rows if row])


class TextCommand(Command):
    """A command that takes a text of several words, some of which may begin with a dash.

    Its own options are known anywhere before `--`. Every other word is text, in its order.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Part the options from the words, and let Typer read both.

        Raises:
            UsageError: a word looks like a slip in an option's name.
        """
        options, words = _parted(args, self._options(ctx), ctx.resilient_parsing)
        return super().parse_args(ctx, [*options, "--", *words])

    def _options(self, ctx: typer.Context) -> Mapping[str, TyperOption]:
        found = (param for param in self.get_params(ctx) if isinstance(param, TyperOption))
        return {name: param for param in found for name in (*param.opts, *param.secondary_opts)}


def _parted(
    args: Iterable[str], known: Mapping[str, TyperOption], forgiving: bool
) -> tuple[list[str], list[str]]:
    options, words, rest = list[str](), list[str](), deque(args)
    while rest:
        word = rest.popleft()
        if word == "--":
            return options, [*words, *rest]
        name, given, _ = word.partition("=") if word.startswith("--") else (word, "", "")
        if name in known:
            options.append(word)
            if not given and not known[name].is_flag:
                options.append(_value(name, rest, forgiving))
            continue
        if not forgiving:
            _refuse_slip(name, known)
        words.append(word)
    return options, words


def _value(name: str, rest: deque[str], forgiving: bool) -> str:
    if not rest and not forgiving:
        raise UsageError(f"{name} needs a value.")
    return rest.popleft() if rest else ""


def _refuse_slip(name: str, known: Iterable[str]) -> None:
    near = get_close_matches(name, known, n=1, cutoff=0.8) if name.startswith("--") else []
    if near:
        raise UsageError(
            f"{name} is not an option; did you mean {near[0]}?",
            hint=f"write {near[0]}, or put -- before a text that has {name} in it",
        )
