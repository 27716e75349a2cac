"""The worker, as a process: it tells what it does, and ends when it is told to."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from support_cli.cli import schema
from support_cli.cli.invocation import desk_of
from support_cli.cli.options import Jobs, Json
from support_cli.cli.output import data, note, table
from support_cli.cli.parsing import Command
from support_cli.domain.aside import reason_of
from support_cli.domain.ticket import Ticket
from support_cli.errors import StoreError, SupportError
from support_cli.services.worker import Worker

JOBS = 4
TERMINATED = 143
app = typer.Typer()


@app.command("worker", cls=Command)
def worker(
    ctx: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="End when nothing is left to run.")] = False,
    jobs: Jobs = JOBS,
    json: Json = False,
) -> None:
    """Run tickets that are ready, or whose run was abandoned.

    Any number of workers may share a store. On SIGTERM a worker finishes what it runs and ends.
    """
    with desk_of(ctx) as desk:
        tell = (_tell_in_json, _tell_store_in_json) if json else (_tell, _tell_store)
        running = desk.worker(jobs, *tell)
        with _stopping_on_sigterm(running) as terminated:
            if not once and not json:
                note(f"Running tickets of {desk.documents.name}; Ctrl-C ends.")
            running.run(once=once)
    if terminated():
        raise typer.Exit(TERMINATED)


def _tell(ticket_id: str, ended: Ticket | Exception) -> None:
    if isinstance(ended, Ticket):
        table((), [(ended.id, ended.status, ended.subject)], (9, 8))
    else:
        note(f"{ticket_id}: {reason_of(ended)}")


def _tell_in_json(ticket_id: str, ended: Ticket | Exception) -> None:
    if isinstance(ended, Ticket):
        data(schema.document(ticket=schema.for_admin(ended)))
        return
    code = ended.code if isinstance(ended, SupportError) else SupportError.code
    data(schema.error(code, f"{ticket_id}: {reason_of(ended)}", f"support admin show {ticket_id}"))


def _tell_store(error: StoreError | None) -> None:
    note("The store is back." if error is None else f"{error.message} Waiting until it is back.")


def _tell_store_in_json(error: StoreError | None) -> None:
    if error is None:
        data(schema.document(store={"away": False}))
    else:
        data(schema.error(error.code, error.message, error.hint))


@contextmanager
def _stopping_on_sigterm(worker: Worker) -> Iterator[Callable[[], bool]]:
    received = threading.Event()

    def stop(number: int, frame: object) -> None:
        received.set()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # asked twice, it ends at once
        # Not here: the interrupted code may hold the lock that stopping needs.
        threading.Thread(target=worker.stop).start()

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield received.is_set
    finally:
        signal.signal(signal.SIGTERM, before)
