"""The policy: what the agent may do by itself, and what needs a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, ClassVar

import typer

from support_cli.cli import records, schema
from support_cli.cli.invocation import desk_of
from support_cli.cli.options import AsAdmin, Json, TicketId
from support_cli.cli.output import data, note, quote, say, table
from support_cli.cli.parsing import Command, Group
from support_cli.domain.action import Action
from support_cli.domain.policy_review import Note
from support_cli.domain.verdict import Ruling, Verdict
from support_cli.errors import UsageError
from support_cli.services.policy_change import Change
from support_cli.services.trial import Outcome

_HEADERS = 2  # lines of a difference that name the two texts
_SHOWN = 50  # changed verdicts that a person is shown
_HEAD = ("TICKET", "TOOL", "BEFORE", "AFTER")


class Commands(Group):
    """What an admin does with the policy."""

    modules: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("show", "check", "test", "apply", "history", "explain"), __name__
    )


app = typer.Typer(name="policy", cls=Commands, no_args_is_help=True, rich_markup_mode=None)
File = Annotated[
    Path,
    typer.Argument(metavar="FILE", parser=Path, show_default=False, help="A policy, as TOML."),
]

FileOrNone = Annotated[
    Path | None,
    typer.Argument(metavar="FILE", parser=Path, show_default=False, help="A policy, as TOML."),
]


@app.callback()
def policy() -> None:
    """Say what the agent may do by itself, and what needs a person."""


@app.command("show", cls=Command)
def show(
    ctx: typer.Context,
    version: Annotated[
        str | None,
        typer.Argument(
            metavar="VERSION", show_default=False, help="A version; otherwise the one that holds."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Print the policy as it was written."""
    with desk_of(ctx) as desk:
        kept = desk.rulebooks.kept(version)
        active = desk.rulebooks.kept(None).id == kept.id
        if json:
            data(schema.document(policy=records.policy(kept, active=active)))
            return
        holds = "holds now" if active else "does not hold now"
        note(f"Version {kept.id} {holds}; it came from {kept.by}, {kept.at:%Y-%m-%d %H:%M} UTC.")
        say(kept.text.rstrip("\n"))


@app.command("check", cls=Command)
def check(ctx: typer.Context, file: File, json: Json = False) -> None:
    """Check a policy; nothing is stored."""
    with desk_of(ctx) as desk:
        _, book = desk.rulebooks.checked(file)
        rules = len(book.policy.rules)
        notes = desk.trial.review(book)
        if json:
            told = {"version": book.name, "rules": rules, "notes": records.notes(notes)}
            data(schema.document(policy=told))
            return
        say(f"{file} is well formed: {rules} rules, version {book.name}.")
        _show_notes(notes)


@app.command("test", cls=Command)
def try_on(ctx: typer.Context, file: File, json: Json = False) -> None:
    """Try a policy on every action there was; nothing is stored. What waits stays as it is."""
    with desk_of(ctx) as desk:
        _, book = desk.rulebooks.checked(file)
        tried = desk.trial.run(book)
        if json:
            data(schema.document(test=records.outcome(tried)))
        else:
            _show_outcome(tried)


@app.command("apply", cls=Command)
def apply(
    ctx: typer.Context,
    file: FileOrNone = None,
    version: Annotated[
        str | None,
        typer.Option("--version", metavar="VERSION", help="Go back to a version that was kept."),
    ] = None,
    by: AsAdmin = None,
    json: Json = False,
) -> None:
    """Make a file the policy from now on; what waits keeps the policy it was judged by.

    Where the policy names owners, only they may, and as many of them must apply the same file as
    it says.
    """
    with desk_of(ctx) as desk:
        actor = desk.admin(by)
        if (file is None) == (version is None):
            raise UsageError(
                "Give a file, or --version with a version that was kept.",
                hint="support admin policy history",
            )
        if file is not None:
            change = desk.policy_changes.apply(file, actor)
        else:
            change = desk.policy_changes.apply_version(version or "", actor)
        if json:
            kept = desk.rulebooks.kept(change.policy)
            told = records.policy(kept, active=not change.missing) | records.agreement(change)
            data(schema.document(policy=told))
        else:
            _tell(change)


@app.command("history", cls=Command)
def history(ctx: typer.Context, json: Json = False) -> None:
    """List the changes of the policy, the newest first: who, when, and the difference."""
    with desk_of(ctx) as desk:
        changes = list(desk.policy_changes.history())
        if json:
            told = [records.change(each) for each in changes]
            data(schema.document(changes=told, next=None))
            return
        for each in changes:
            _show_change(each)


def _tell(change: Change) -> None:
    if not change.missing:
        say(f"Version {change.policy} holds from now on.")
        return
    say(f"You agree to version {change.policy}; the policy is as it was.")
    note(f"{_still(change)}: support admin policy apply --version {change.policy}")


def _still(change: Change) -> str:
    owners = "one more owner" if change.missing == 1 else f"{change.missing} more owners"
    return f"{owners} must agree"


def _show_change(change: Change) -> None:
    names = ", ".join(f"{each.by} ({each.at:%Y-%m-%d %H:%M} UTC)" for each in change.agreed)
    ends = f"; {_still(change)}" if change.missing else ""
    say(f"{change.policy}  {names}{ends}", style="bold")
    for each in (change.difference or "").splitlines()[_HEADERS:]:
        say(each, lead="    ")


@app.command("explain", cls=Command)
def explain(ctx: typer.Context, ticket: TicketId, json: Json = False) -> None:
    """Tell what was judged on a ticket: by which rule, on which facts, of which version."""
    with desk_of(ctx) as desk:
        found = desk.tickets.of_anyone(ticket)
        actions = list(desk.trial.of_ticket(found.id))
        if json:
            told = [records.action(each) for each in actions]
            data(schema.document(actions=told, next=None))
        elif not actions:
            note(f"Nothing was judged on ticket {found.id}.")
        else:
            for each in actions:
                _explain(each)


def _explain(action: Action) -> None:
    verdict = action.verdict
    say(f"{action.tool}: {_words(verdict)}", style="bold")
    for name, value in _explained(action):
        quote(value, lead=f"  {name:<12} ")
    for fact, value in sorted(verdict.facts.items()):
        quote(str(value), lead=f"    {fact:<26} ")


def _explained(action: Action) -> Iterator[tuple[str, str]]:
    verdict = action.verdict
    yield "rule", verdict.rule or "-"
    if verdict.reason:
        yield "reason", verdict.reason
    yield "version", verdict.policy_version or "-"
    yield "arguments", ", ".join(f"{name} {value!r}" for name, value in action.args.items())
    if not action.reads:
        yield "confidence", f"{action.confidence or 0:.2f}"
    yield "facts", ""


def _show_outcome(tried: Outcome) -> None:
    for kinds in tried.by_kind():
        money = f", {' + '.join(map(str, kinds.money))}" if kinds.money else ""
        say(f"{_words(kinds.before)} -> {_words(kinds.after)}: {kinds.count:,}{money}")
    changes = tried.differences
    rows = [
        (each.ticket, each.tool, _words(each.before), _words(each.after))
        for each in changes[:_SHOWN]
    ]
    if rows:
        table(_HEAD, rows, (9, 20, 28))
    if len(changes) > _SHOWN:
        note(f"And {len(changes) - _SHOWN:,} more; --json prints them all.")
    note(f"{len(changes):,} of {tried.actions:,} verdicts would change.")
    if tried.waiting:
        note(f"Nothing changes for what waits ({tried.waiting:,}): its verdicts are frozen.")
    if tried.stuck:
        note(f"Nobody would hold the levels that these need: {', '.join(tried.stuck[:_SHOWN])}.")
    _show_notes(tried.notes)


def _show_notes(notes: Sequence[Note]) -> None:
    for each in notes:
        note(f"Note: rule “{each.rule}”: {each.problem}.")


def _words(verdict: Verdict) -> str:
    if verdict.ruling is not Ruling.ASK:
        return str(verdict.ruling)
    both = ", then " if verdict.in_order else " and "
    return f"ask {both.join(verdict.levels) or 'any admin'}"
