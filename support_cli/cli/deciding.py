"""What an admin does with one ticket: look at it, decide, close it."""

from __future__ import annotations

import logging
from typing import Annotated, Any

import typer

from support_cli.cli import resuming, schema, showing, telling
from support_cli.cli.asking import STDIN, text_or_stdin
from support_cli.cli.invocation import desk_of
from support_cli.cli.options import AnswerFile, AsAdmin, Json, TicketId
from support_cli.cli.output import data, note, say
from support_cli.cli.parsing import Command
from support_cli.cli.votes import recorded
from support_cli.domain.ticket import Ticket
from support_cli.errors import SupportError, UsageError
from support_cli.wiring import Desk

_log = logging.getLogger(__name__)
app = typer.Typer()


@app.command("show", cls=Command)
def show(ctx: typer.Context, ticket: TicketId, json: Json = False) -> None:
    """Show a ticket: its conversation, what must be decided, and its trail."""
    with desk_of(ctx) as desk:
        found = desk.tickets.of_anyone(ticket)
        if json:
            data(schema.document(ticket=schema.for_admin_with_all(found)))
        else:
            showing.to_admin(found, desk.clock.now())


class ResumeCommand(Command):
    """The command that decides; a rejection may do without a reason."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read `--reject` without a word after it as one with an empty reason."""
        bare = [
            at
            for at, word in enumerate(args)
            if word == "--reject" and (at + 1 == len(args) or args[at + 1].startswith("--"))
        ]
        given = [f"{word}=" if at in bare else word for at, word in enumerate(args)]
        return super().parse_args(ctx, given)


@app.command("resume", cls=ResumeCommand)
def resume(
    ctx: typer.Context,
    ticket: Annotated[
        str | None,
        typer.Argument(
            metavar="TICKET",
            show_default=False,
            help="The ticket; without one, on a terminal, the one that waits longest.",
        ),
    ] = None,
    dash: Annotated[
        str | None,
        typer.Argument(metavar="-", show_default=False, help="Read the answer from stdin."),
    ] = None,
    answer: Annotated[
        str | None,
        typer.Option("--answer", metavar="TEXT", help="To a question: the answer; - is stdin."),
    ] = None,
    answer_file: AnswerFile = None,
    choose: Annotated[
        str | None,
        typer.Option("--choose", metavar="N", help="To a question: the option of this number."),
    ] = None,
    approve: Annotated[bool, typer.Option("--approve", help="To an approval: do it.")] = False,
    edit: Annotated[
        str | None,
        typer.Option("--edit", metavar="JSON", help="Do it with these arguments changed."),
    ] = None,
    reject: Annotated[
        str | None, typer.Option("--reject", metavar="[REASON]", help="Do not do it.")
    ] = None,
    respond: Annotated[
        str | None,
        typer.Option("--respond", metavar="TEXT", help="Do not do it, but tell the agent this."),
    ] = None,
    happened: Annotated[
        str | None,
        typer.Option("--happened", metavar="RESULT", help="To an outcome: it happened, so."),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="It did not happen; do it again.")] = False,
    retry: Annotated[
        bool, typer.Option("--retry", help="To a failure: let the agent try again.")
    ] = False,
    verbatim: Annotated[
        bool, typer.Option("--verbatim", help="The customer gets exactly these words.")
    ] = False,
    request: Annotated[
        str | None,
        typer.Option("--request", metavar="ID", help="Which request, where several are open."),
    ] = None,
    if_match: Annotated[
        str | None,
        typer.Option(
            "--if-match",
            metavar="FINGERPRINT",
            help="Decide only what `support admin show` showed with this fingerprint.",
        ),
    ] = None,
    detach: Annotated[
        bool, typer.Option("--detach", help="Only record the decision; a worker applies it.")
    ] = False,
    by: AsAdmin = None,
    json: Json = False,
) -> None:
    """Decide a request, and let the agent go on from where it stopped.

    Without a decision, on a terminal, the request is shown and you are asked. Prints the agent's
    reply to the customer. A decision that is on record is a success, whatever the run does.
    """
    options = {
        "answer": _one_answer(dash, answer),
        "choose": choose,
        "approve": approve,
        "edit": edit,
        "reject": reject,
        "respond": respond,
        "happened": happened,
        "again": again,
        "retry": retry,
    }
    given = resuming.Given(options, answer_file, verbatim, request, if_match)
    tell = telling.to_admin(json)
    with desk_of(ctx) as desk:
        chosen = resuming.chosen_ticket(desk, ticket, given)
        if chosen is None:
            note(f"Nothing waits for a person in {desk.documents.name}.")
            return
        made = resuming.accepted(desk, chosen, desk.admin(by), given)
        tell.kept(recorded(made))
        tell.stands(made.ticket if detach else _applied(desk, made.ticket, tell))


@app.command("close", cls=Command)
def close(
    ctx: typer.Context,
    ticket: TicketId,
    message: Annotated[
        str | None,
        typer.Option("--message", metavar="TEXT", help="A last word to the customer, or -."),
    ] = None,
    by: AsAdmin = None,
    json: Json = False,
) -> None:
    """Close a ticket, with a last word to the customer or without."""
    last_word = None if message is None else text_or_stdin(message)
    with desk_of(ctx) as desk:
        closed = desk.tickets.close_as_admin(ticket, desk.admin(by), last_word)
        if json:
            data(schema.document(ticket=schema.for_admin(closed)))
        else:
            say(f"Ticket {closed.id} is closed.")


def _applied(desk: Desk, ticket: Ticket, tell: telling.Telling) -> Ticket:
    try:
        return telling.advanced(desk, ticket, tell.report)
    except Exception as error:  # noqa: BLE001 (the decision stands, whatever became of the run)
        _log.debug("The run after a decision failed", exc_info=True)
        why = error.message if isinstance(error, SupportError) else repr(error)
        tell.kept(f"{why} The decision is on record; support worker --once applies it.")
        if isinstance(error, UsageError) and error.hint:
            tell.kept(f"First: {error.hint}")
        return ticket


def _one_answer(dash: str | None, answer: str | None) -> str | None:
    if dash is None:
        return answer
    if dash != STDIN:
        raise UsageError(f"“{dash}” is one argument too many.", hint="put the answer in quotes")
    if answer is not None:
        raise UsageError("- and --answer exclude each other.", hint="give one of them")
    return STDIN
