"""How a customer looks at their own tickets, and closes one."""

from __future__ import annotations

import typer

from support_cli.cli import schema, showing
from support_cli.cli.invocation import desk_of
from support_cli.cli.listing import customers_line, print_customers_page
from support_cli.cli.options import (
    PAGE,
    After,
    AsCustomer,
    Json,
    Limit,
    OneStatus,
    TicketId,
)
from support_cli.cli.output import data, say
from support_cli.cli.parsing import Command
from support_cli.services.tickets import Filter

app = typer.Typer()


@app.command("status", cls=Command)
def status(
    ctx: typer.Context, ticket: TicketId, customer: AsCustomer = None, json: Json = False
) -> None:
    """Say where a ticket stands, in one line."""
    with desk_of(ctx) as desk:
        found = desk.tickets.of_customer(ticket, desk.customer(customer).name)
        if json:
            data(schema.document(ticket=schema.for_customer(found)))
        else:
            customers_line(found, desk.clock.now())


@app.command("history", cls=Command)
def history(
    ctx: typer.Context, ticket: TicketId, customer: AsCustomer = None, json: Json = False
) -> None:
    """Print a ticket's conversation."""
    with desk_of(ctx) as desk:
        found = desk.tickets.of_customer(ticket, desk.customer(customer).name)
        if json:
            data(schema.document(ticket=schema.for_customer_with_messages(found)))
        else:
            showing.to_customer(found, desk.clock.now())


@app.command("list", cls=Command)
def list_(
    ctx: typer.Context,
    status: OneStatus = None,
    limit: Limit = PAGE,
    after: After = None,
    customer: AsCustomer = None,
    json: Json = False,
) -> None:
    """List your tickets, the newest first."""
    with desk_of(ctx) as desk:
        which = Filter(status=status, customer=desk.customer(customer).name)
        page = desk.tickets.find(which, limit=limit, after=after, newest_first=True)
        if json:
            data(schema.many(page, schema.row_for_customer))
        else:
            print_customers_page(page, desk, ctx.obj.argv)


@app.command("close", cls=Command)
def close(
    ctx: typer.Context, ticket: TicketId, customer: AsCustomer = None, json: Json = False
) -> None:
    """Close a ticket: it can be read, and takes no more messages."""
    with desk_of(ctx) as desk:
        closed = desk.tickets.close_as_customer(ticket, desk.customer(customer))
        if json:
            data(schema.document(ticket=schema.for_customer(closed)))
        else:
            say(f"Ticket {closed.id} is closed.")
