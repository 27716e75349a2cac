"""The settings: what holds, where it came from, and which `.env` may choose more than names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import typer

from support_cli.cli import schema
from support_cli.cli.options import Json
from support_cli.cli.output import data, note, say, table
from support_cli.cli.parsing import Command, Group
from support_cli.config.declared import ENV_FILE, IN_FILE, SETTINGS, Kind, is_guarded, nearest
from support_cli.config.given import Given
from support_cli.config.trust import Trust
from support_cli.errors import NotFound, SupportError
from support_cli.settings import build, defaults, given

_HIDDEN = "***"
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_HEAD = ("NAME", "VALUE", "FROM")


class Commands(Group):
    """What one does with settings."""

    modules: ClassVar[Mapping[str, str]] = dict.fromkeys(("trust",), __name__)


app = typer.Typer(name="config", cls=Commands, invoke_without_command=True, rich_markup_mode=None)


@dataclass(frozen=True, slots=True)
class Row:
    """One setting, its secrets masked. `remark` says why it does not count."""

    name: str
    value: str | None
    source: str
    remark: str | None = None


@app.callback()
def config(ctx: typer.Context, json: Json = False) -> None:
    """List every setting with where it came from; secrets are not shown."""
    if ctx.invoked_subcommand is not None:
        return
    told = given()
    rows, problem = list(_rows(told)), _problem(told)
    if json:
        listed = [_document(row) for row in rows]
        data(schema.document(settings=listed, problem=problem, next=None))
        return
    table(_HEAD, [(row.name, row.value or "-", _whence(row)) for row in rows], (24, 44))
    for each in [*([problem] if problem else []), *told.remarks()]:
        note(f"Note: {each}")


@app.command("trust", cls=Command)
def trust(ctx: typer.Context, json: Json = False) -> None:
    """Trust the .env of this folder as it is now: all that it sets counts until it changes."""
    told = given()
    file = told.file
    if file is None:
        raise NotFound("There is no .env in this folder.", hint="support config")
    if ENV_FILE not in told.environment:
        Trust(told.environment).keep(file)
    sets = {name: masked(name, text) for name, text in file.values.items() if is_guarded(name)}
    if json:
        data(schema.document(trust={"file": str(file.path), "settings": sets}))
        return
    say(f"{file.path} counts until it changes. Beyond names and times it sets:")
    for name, text in sets.items():
        say(f"{name}={text}", lead="  ")


def masked(name: str, text: str) -> str:
    """Show a value without what may be secret in it: passwords and parameters of a URL as well."""
    if not _URL.match(text):
        return _HIDDEN if text and SETTINGS.get(name) is Kind.SECRET else text
    before, at, after = text.rpartition("@")
    scheme = text[: text.index("://") + 3] + _HIDDEN if before else ""
    shown, *more = re.split(r"[?&;#]", after, maxsplit=1)
    return f"{scheme}{at}{shown}{f'?{_HIDDEN}' if more else ''}"


def _rows(told: Given) -> Iterator[Row]:
    known = defaults(told)
    for name in SETTINGS:
        in_file = f"{name}{IN_FILE}"
        if in_file in told.values:
            yield _row(told, in_file)
        if name in told.values:
            yield _row(told, name)
        elif in_file not in told.values:
            yield Row(name, known.get(name), "default")
    for name, source in told.unknown.items():
        near = nearest(name)
        meant = f"; did you mean {near}?" if near else ""
        yield Row(name, None, source, f"not a setting{meant}")


def _row(told: Given, name: str) -> Row:
    value = told.values[name]
    remark = "not trusted" if name in told.withheld else None
    return Row(name, masked(name, value.text.strip()) or None, value.source, remark)


def _whence(row: Row) -> str:
    return f"{row.source} ({row.remark})" if row.remark else row.source


def _document(row: Row) -> schema.JSON:
    return {
        "name": row.name,
        "value": row.value,
        "source": row.source,
        "counts": row.remark is None,
        "remark": row.remark,
    }


def _problem(told: Given) -> str | None:
    try:
        build(told)
    except SupportError as error:
        return f"{error.message} Try: {error.hint}" if error.hint else error.message
    return None
