"""The people of a chaos, each a process that goes on until it is killed."""

from __future__ import annotations

import logging
import multiprocessing
import os
import secrets
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from random import Random

from support_cli.cli.main import main
from support_cli.domain.request import Kind, Request
from support_cli.domain.ticket import Status, Ticket
from support_cli.domain.verdict import Choice
from support_cli.errors import SupportError
from support_cli.services.decisions import Answer
from support_cli.services.tickets import Filter
from support_cli.wiring import Desk
from tests.chaos.provider import Provider
from tests.chaos.script import an_amount, wish
from tests.chaos.world import World

Life = Callable[[World, str, Desk, Random], None]
_RUNS_ITSELF = 0.3  # of the commands go on to run their ticket, as those of the program do
_log = logging.getLogger(__name__)


def live(world: World, name: str, life: Life) -> None:
    """Be one of the people: open the desk and go on, whatever the store does meanwhile."""
    logging.basicConfig(filename=world.home / f"log-{name}", level=logging.WARNING)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    chance = Random(f"{world.seed} {name} {os.getpid()}")
    while True:
        with watched(world, name), world.desk(chance) as desk:
            life(world, name, desk, chance)
        time.sleep(0.2)


def outlast(world: World, name: str) -> None:
    """Be a `support worker` that nobody starts anew: no trouble of the store's may end it."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    chance = Random(f"{world.seed} {name}")
    told, said = (world.home / f"{kind}-{name}" for kind in ("out", "err"))
    with (
        told.open("w") as out,
        said.open("w", buffering=1) as err,
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        code = main(["worker", "--jobs", "4"], lambda _: world.desk(chance))
    sys.exit(code)


@contextmanager
def watched(world: World, name: str) -> Iterator[None]:
    """Let the desk refuse what it will; anything else is a bug."""
    try:
        yield
    except SupportError as error:
        _log.warning("%s: %s", type(error).__name__, error)
    except Exception:  # noqa: BLE001 (whatever it is, the checks name it)
        _log.exception("A bug")
        world.bugs.add({"who": name, "trace": traceback.format_exc()})


def submitter(world: World, name: str, desk: Desk, chance: Random) -> None:
    """Be a customer: ask under keys, and sometimes reply or close."""
    told = world.told(name)
    said = told.read()
    tickets = [each["ticket"] for each in said if each["what"] == "submitted"]
    while True:
        time.sleep(chance.uniform(0.1, 0.6))
        with watched(world, name):
            act = chance.choices((_submit, _reply, _close), (80, 15, 5))[0] if tickets else _submit
            act(world, name, desk, chance, tickets)


def decider(world: World, name: str, desk: Desk, chance: Random) -> None:
    """Be an admin: decide what is open, by what was shown."""
    while True:
        time.sleep(chance.uniform(0.02, 0.2))
        with watched(world, name):
            rows = desk.tickets.find(Filter(status=Status.WAITING), limit=20).rows
            if rows:
                row = chance.choice(rows)
                decide(world, name, desk, chance, row["id"], chance.choice(_open(row["requests"])))
                _perhaps_run(desk, chance, row["id"])


def worker(world: World, name: str, desk: Desk, chance: Random) -> None:
    """Be a worker."""
    desk.worker(2, lambda ticket, ended: heard(world, name, ended)).run(once=False)


def heard(world: World, name: str, ended: Ticket | Exception) -> None:
    """Hear how a worker's run ended."""
    with watched(world, name):
        if isinstance(ended, Exception):
            raise ended


def decide(
    world: World, name: str, desk: Desk, chance: Random, ticket: str, request: Request
) -> None:
    """Decide one request, and write down what was accepted."""
    answer = _answer(ticket, request, chance, world.provider(chance))
    done = desk.decisions.decide(ticket, desk.admin(name), answer)
    world.told(name).add(
        {
            "what": "decided",
            "ticket": done.ticket.id,
            "request": request.id,
            "kind": request.kind,
            "type": answer.type,
            "message": answer.message,
            "by": name,
        }
    )


def _submit(world: World, name: str, desk: Desk, chance: Random, tickets: list[str]) -> None:
    key = f"{name}-{len(tickets)}"
    # The same words for the same key: whoever was killed on the way asks again.
    text = wish(Random(f"{world.seed} {key}"), key)
    ticket = desk.tickets.submit(desk.customer(name), text, human=False, key=key)
    world.told(name).add({"what": "submitted", "ticket": ticket.id, "text": text})
    tickets.append(ticket.id)
    _perhaps_run(desk, chance, ticket.id)


def _reply(world: World, name: str, desk: Desk, chance: Random, tickets: list[str]) -> None:
    text, ticket = wish(chance, f"reply-{secrets.token_hex(6)}"), chance.choice(tickets)
    desk.tickets.reply(ticket, desk.customer(name), text, human=False)
    world.told(name).add({"what": "replied", "ticket": ticket, "text": text})
    _perhaps_run(desk, chance, ticket)


def _close(world: World, name: str, desk: Desk, chance: Random, tickets: list[str]) -> None:
    ticket = chance.choice(tickets)
    desk.tickets.close_as_customer(ticket, desk.customer(name))
    world.told(name).add({"what": "closed", "ticket": ticket})


def _perhaps_run(desk: Desk, chance: Random, ticket: str) -> None:
    if chance.random() < _RUNS_ITSELF:
        desk.runs.run(ticket)


def _open(requests: tuple[Request, ...]) -> list[Request]:
    return [each for each in requests if each.decision is None]


def _answer(ticket: str, request: Request, chance: Random, provider: Provider) -> Answer:
    message, args = None, None
    if request.kind is Kind.FAILURE:
        choice = Choice.APPROVE
    elif request.kind is Kind.OUTCOME:
        paid = provider.paid(f"{ticket}:{request.call}")
        choice = Choice.RESPOND if paid else Choice.APPROVE
        message = "I have looked: it is paid." if paid else None
    elif request.kind is Kind.QUESTION:
        choice, message = Choice.RESPOND, f"Answer {secrets.token_hex(6)}."
    else:
        choice = chance.choices(
            (Choice.APPROVE, Choice.EDIT, Choice.REJECT, Choice.RESPOND), (85, 6, 6, 3)
        )[0]
        if choice is Choice.EDIT:
            args = {"amount": an_amount(chance)}
        elif choice is not Choice.APPROVE:
            message = f"Because {secrets.token_hex(6)}."
    return Answer(
        choice,
        message,
        verbatim=request.kind is Kind.QUESTION and chance.random() < 0.3,
        args=args,
        request=request.id,
        if_match=request.fingerprint,
    )


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
