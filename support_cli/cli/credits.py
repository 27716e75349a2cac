"""The credit notes that the agent has issued."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import typer

from support_cli.cli import schema
from support_cli.cli.invocation import desk_of
from support_cli.cli.listing import note_rest
from support_cli.cli.options import PAGE, After, Json, Limit, OfCustomer
from support_cli.cli.output import data, note, table
from support_cli.cli.parsing import Command
from support_cli.domain.durations import age

app = typer.Typer()
_HEAD = ("TICKET", "AGE", "CUSTOMER", "AMOUNT", "REASON")


@app.command("credits", cls=Command)
def list_credits(
    ctx: typer.Context,
    customer: OfCustomer = None,
    limit: Limit = PAGE,
    after: After = None,
    json: Json = False,
) -> None:
    """List the credit notes, the newest first."""
    with desk_of(ctx) as desk:
        page = desk.credits.find(customer, limit=limit, after=after)
        if json:
            found = [schema.credit(row) for row in page.rows]
            data(schema.document(credits=found, next=page.next))
            return
        if not page.rows and not page.damaged:
            note(f"No credit notes in {desk.documents.name}.")
            return
        now = desk.clock.now()
        rows = [
            (
                row["ticket"],
                age(now - row["at"]),
                row["customer"],
                str(row["amount"]),
                row["reason"],
            )
            for row in page.rows
        ]
        table(_HEAD, rows, (9, 5, 16, 16))
        note_rest(page, ctx.obj.argv)


def _cells(row: Mapping[str, Any], now: datetime) -> tuple[str, ...]:
    when = age(now - row["at"])
    return row["ticket"], when, row["customer"], str(row["amount"]), row["reason"]
