"""The command that says whether all is well, and what to do where it is not."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated
from urllib.parse import urlsplit

import typer

from support_cli.cli import schema
from support_cli.cli.invocation import Invocation
from support_cli.cli.listing import late_in_words
from support_cli.cli.options import Json
from support_cli.cli.output import data, say
from support_cli.cli.parsing import Command
from support_cli.cli.schema import time
from support_cli.config.given import Given
from support_cli.config.providers import PROVIDERS
from support_cli.errors import SupportError, UsageError
from support_cli.services.ports import Check
from support_cli.services.tickets import Filter
from support_cli.settings import Settings, build, given
from support_cli.wiring import Desk, probe_model

app = typer.Typer()
_PACKAGES = (
    "support-cli",
    "langgraph",
    "langchain",
    "langchain-openai",
    "langgraph-checkpoint-mongodb",
    "langgraph-checkpoint-sqlite",
    "pymongo",
)
_SKEW = timedelta(minutes=1)  # how far the clocks of two hosts may be apart unnoticed


@app.command("doctor", cls=Command)
def doctor(
    ctx: typer.Context,
    online: Annotated[
        bool, typer.Option("--online", help="Ask the model's server for a word, too.")
    ] = False,
    json: Json = False,
) -> None:
    """Look at the store, the model and the rest; say of each that it is well, or what to do.

    Ends with 1 where something is wrong; a note is not wrong.
    """
    seen = _checks(ctx, online=online)
    if json:
        data(schema.checks(seen))
    else:
        _show(seen)
    if not all(check.ok for check in seen):
        raise typer.Exit(1)


def _checks(ctx: typer.Context, *, online: bool) -> list[Check]:
    try:
        told = given()
        settings = build(told)
    except SupportError as error:
        return [*_versions(), _failed("settings", error)]
    return [
        *_versions(),
        _settings(told),
        _model(settings),
        *(_answer(settings) if online else ()),
        *_store(ctx.obj, settings),
        Check(
            "names",
            True,
            "names given with --by and --customer are claims, not logins",
            "where that matters, give each person a system user of their own",
        ),
    ]


def _show(seen: Sequence[Check]) -> None:
    for check in seen:
        word = "bad" if not check.ok else "note" if check.remedy else "ok"
        say(check.detail, lead=f"{word:<5} {check.name:<12} ")
        if check.remedy:
            say(check.remedy, lead="      -> ")


def _versions() -> Iterator[Check]:
    yield Check("python", True, platform.python_version())
    found = {name: _version(name) for name in _PACKAGES}
    missing = [name for name, known in found.items() if known is None]
    detail = ", ".join(f"{name} {known or 'missing'}" for name, known in found.items())
    remedy = "install support-cli again: pip install support-cli" if missing else None
    yield Check("packages", not missing, detail, remedy)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _settings(told: Given) -> Check:
    detail = str(told.file.path) if told.file else "no .env here"
    unknown = [f"{name} ({source}) is not a setting" for name, source in told.unknown.items()]
    remarks = [*told.remarks(), *unknown]
    if not remarks:
        return Check("settings", True, detail)
    return Check("settings", True, "; ".join([detail, *remarks]), "support config shows them all")


def _model(settings: Settings) -> Check:
    provider = PROVIDERS.get(settings.model.partition(":")[0])
    unused = "; ".join(f"{name} is set and not used" for name in settings.unused_keys)
    remedy = "unset it, or set SUPPORT_MODEL to a model of its provider" if unused else None
    if provider is None:
        detail = "offline: answers from the articles, asks a person otherwise"
    else:
        host = urlsplit(settings.model_url).hostname if settings.model_url else "its own address"
        key = "a key is set" if settings.model_key else "no key is set"
        detail = f"{settings.model} at {host}, {key}"
        if host is None:
            return Check("model", False, detail, f"write {provider.url} as https://HOST/PATH")
    try:
        settings.require_model()
    except UsageError as error:
        return Check("model", False, error.message, error.hint)
    return Check("model", True, f"{detail}; {unused}" if unused else detail, remedy)


def _answer(settings: Settings) -> Iterator[Check]:
    """Ask the server, and say how it went."""
    if settings.model == "offline":
        return
    try:
        probe_model(settings)
    except SupportError as error:
        yield Check("online", False, error.message, error.hint or "check the key, name and address")
    else:
        yield Check("online", True, "the model answers")


def _store(invocation: Invocation, settings: Settings) -> list[Check]:
    try:
        with invocation.open_desk(settings) as desk:
            store = [*desk.documents.checks(), _clock(desk)]
            return [*store, *_policy(desk), *desk.health.checks(), *_late(desk)]
    except SupportError as error:
        return [_failed("store", error)]


def _policy(desk: Desk) -> Iterator[Check]:
    yield from desk.policies.checks()
    with suppress(SupportError):  # told as the policy's own line
        yield from desk.trial.checks(desk.rulebooks.look())


def _clock(desk: Desk) -> Check:
    now = desk.clock.now()
    newest = desk.tickets.find(Filter(), limit=1, newest_first=True).rows
    latest: datetime | None = newest[0]["since"] if newest else None
    if latest is not None and latest - now > _SKEW:
        detail = f"{time(now)}, but a ticket says {time(latest)}"
        return Check("clock", False, detail, "set this machine's clock, or the other's")
    return Check("clock", True, time(now))


def _late(desk: Desk) -> Iterator[Check]:
    for each in desk.late_effects():
        remedy = "wait for it, or end the process that runs it; then a person is asked"
        yield Check("effect", True, late_in_words(each), remedy)


def _failed(name: str, error: SupportError) -> Check:
    return Check(name, False, error.message, error.hint or "see the README")
