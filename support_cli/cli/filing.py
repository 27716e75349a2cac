"""Many questions from a file."""

from __future__ import annotations

from pathlib import Path

import typer

from support_cli.cli import sources
from support_cli.cli.carrying import How, carry_out, doing
from support_cli.cli.invocation import desk_of
from support_cli.cli.output import note
from support_cli.services.batch import Batch, questions_of
from support_cli.services.work_lines import QUESTION_COLUMNS


def file_from(ctx: typer.Context, file: Path, customer: str | None, how: How, detach: bool) -> int:
    """File the questions of a file, and return the exit code.

    Raises:
        UsageError: the file cannot be read, or the results not be written.
    """
    sources.check_apart(file, how.results)
    with desk_of(ctx) as desk, sources.opened(file) as source:
        total = sum(1 for _ in source.lines(QUESTION_COLUMNS))
        for remark in source.remarks if not how.quiet else ():
            note(remark)
        who = desk.customer(customer)
        with doing(desk, Batch.submit, who, how.jobs, detach=detach) as do:
            items = questions_of(source.lines(QUESTION_COLUMNS))
            return carry_out(items, do, how, "Filing", total)
