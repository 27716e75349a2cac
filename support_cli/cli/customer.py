"""How a customer talks: submit, reply, wait."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from support_cli.cli import filing, telling
from support_cli.cli.asking import text_given
from support_cli.cli.carrying import How
from support_cli.cli.invocation import desk_of
from support_cli.cli.options import (
    AsCustomer,
    FailFast,
    Human,
    Jobs,
    Json,
    ResultsFile,
    TicketId,
    Timeout,
    Words,
    forbid_together,
)
from support_cli.cli.parsing import Command, TextCommand
from support_cli.errors import UsageError

JOBS = 4
app = typer.Typer()


@app.command("submit", cls=TextCommand)
def submit(
    ctx: typer.Context,
    text: Words = None,
    human: Human = False,
    key: Annotated[
        str | None,
        typer.Option(
            "--key",
            metavar="KEY",
            help="The same key gives the same ticket, so a script may try again.",
        ),
    ] = None,
    wait: Annotated[
        bool, typer.Option("--wait", help="Where a person must answer, wait for it.")
    ] = False,
    timeout: Timeout = None,
    detach: Annotated[bool, typer.Option("--detach", help="Leave the ticket to a worker.")] = False,
    batch: Annotated[
        Path | None,
        typer.Option("--batch", metavar="FILE", parser=Path, help="File the questions of a file."),
    ] = None,
    jobs: Jobs = JOBS,
    results: ResultsFile = None,
    fail_fast: FailFast = False,
    customer: AsCustomer = None,
    json: Json = False,
) -> None:
    """Ask a question.

    The agent answers what it may. Where it may not, the ticket waits for a person, and keeps.
    Without a text your editor opens. Each line that --batch reads is an object with text, key,
    customer and custom_id; a line with a key may be filed again. --jobs, --results and --fail-fast
    go with --batch.
    """
    forbid_together(wait=wait, detach=detach)
    if batch is not None:
        forbid_together(batch=True, key=key, wait=wait, human=human, text=text)
        how = How(jobs, results, fail_fast, json)
        raise typer.Exit(filing.file_from(ctx, batch, customer, how, detach))
    if timeout is not None and not wait:
        raise UsageError("--timeout goes with --wait.", hint="support submit --wait --timeout 10m")
    tell = telling.to_customer(json)
    with desk_of(ctx) as desk:
        if not detach:
            desk.settings.require_model()
        asked = text_given(text, 'support submit "How do I …?"')
        who = desk.customer(customer)
        ticket = desk.tickets.submit(who, asked, human=human, key=key)
        tell.kept(f"Ticket {ticket.id}")
        if not detach:
            ticket = telling.advanced(desk, ticket, tell.report)
        if wait:
            ticket = telling.awaited(desk, ticket.id, who.name, timeout, tell)
        tell.stands(ticket)


@app.command("reply", cls=TextCommand)
def reply(
    ctx: typer.Context,
    ticket: TicketId,
    text: Words = None,
    human: Human = False,
    customer: AsCustomer = None,
    json: Json = False,
) -> None:
    """Add a message to a ticket.

    Where the ticket waits for a person, they see it, and the agent gets it with their answer.
    """
    tell = telling.to_customer(json)
    with desk_of(ctx) as desk:
        who = desk.customer(customer)
        desk.tickets.of_customer(ticket, who.name)
        said = text_given(text, f'support reply {ticket} "…"')
        told = desk.tickets.reply(ticket, who, said, human=human)
        tell.kept(f"Your message is kept on ticket {told.id}.")
        tell.stands(telling.advanced(desk, told, tell.report))


@app.command("wait", cls=Command)
def wait(
    ctx: typer.Context,
    ticket: TicketId,
    timeout: Timeout = None,
    customer: AsCustomer = None,
    json: Json = False,
) -> None:
    """Wait for the reply and print it."""
    tell = telling.to_customer(json)
    with desk_of(ctx) as desk:
        name = desk.customer(customer).name
        tell.stands(telling.awaited(desk, ticket, name, timeout, tell))
