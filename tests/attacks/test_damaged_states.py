"""An agent's state that cannot be decoded: a person is asked at once, and nobody spins."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from support_cli import settings
from support_cli.domain.request import Kind
from support_cli.domain.ticket import Status, Ticket
from support_cli.domain.trail import Actor
from support_cli.domain.verdict import Choice
from support_cli.services.decisions import Answer
from support_cli.wiring import Desk, open_desk
from tests import databases

ANN, BOB = Actor("ann", "ann@home"), Actor("bob", "bob@home")
DAMAGES = {
    "no such bytes": ("msgpack", b"\xc1"),
    "cut": ("msgpack", b"\x85\xa1"),
    "no such type": ("pickle", b"x"),
    "another shape": ("msgpack", b"\x07"),
}


@pytest.fixture
def desk(store_target: Mapping[str, str], tmp_path: Path) -> Iterator[Desk]:
    """Give a desk with its agent, on every store in turn."""
    with open_desk(settings.load(store_target, tmp_path / "no.env")) as opened:
        yield opened


@pytest.fixture
def ready(desk: Desk) -> str:
    """Give a ticket whose question has been answered, so that its run goes on."""
    asked = desk.runs.run(desk.tickets.submit(ANN, "hello", human=True).id)
    return desk.decisions.decide(asked.id, BOB, Answer(Choice.RESPOND, "So.")).ticket.id


def damage(desk: Desk, ticket: str, kind: str, content: bytes) -> None:
    """Put other bytes in the place of every state of a ticket."""
    uri = desk.settings.mongodb_uri
    if uri is None:
        change = "UPDATE checkpoints SET type = ?, checkpoint = ? WHERE thread_id = ?"
        with closing(sqlite3.connect(desk.settings.database_file)) as connection, connection:
            assert connection.execute(change, (kind, content, ticket)).rowcount
        return
    with databases.client(uri) as client:
        states = client.get_default_database()["checkpoints"]
        planted = {"$set": {"type": kind, "checkpoint": content}}
        assert states.update_many({"thread_id": ticket}, planted).modified_count


def work(desk: Desk) -> dict[str, Ticket]:
    """Run a worker once; give what it ran, each ticket once."""
    told: list[Ticket] = []

    def hear(_: str, ended: Ticket | Exception) -> None:
        assert isinstance(ended, Ticket)
        told.append(ended)

    desk.worker(2, hear).run(once=True)
    assert len({each.id for each in told}) == len(told)
    return {each.id: each for each in told}


@pytest.mark.parametrize("damaged", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_state_asks_a_person_at_once_and_keeps_nobody_from_the_others(
    desk: Desk, ready: str, damaged: tuple[str, bytes]
) -> None:
    damage(desk, ready, *damaged)
    well = desk.tickets.submit(ANN, "hello", human=False).id
    ran = work(desk)
    assert ran.keys() == {ready, well}
    (request,) = ran[ready].open_requests
    assert (request.kind, ran[ready].status, ran[ready].fence) == (Kind.FAILURE, Status.WAITING, 2)
    assert request.reason is not None
    assert "saved state is damaged: it cannot be read. Try: restore the store" in request.reason


def test_to_try_a_damaged_state_again_asks_again_and_acts_on_nothing(
    desk: Desk, ready: str
) -> None:
    damage(desk, ready, *DAMAGES["cut"])
    (request,) = work(desk)[ready].open_requests
    reason, shown = request.reason, request.fingerprint
    desk.decisions.decide(ready, BOB, Answer(Choice.APPROVE, if_match=shown))
    (request,) = work(desk)[ready].open_requests
    assert (request.kind, request.reason) == (Kind.FAILURE, reason)


def test_a_mark_that_is_damaged_is_no_reason_to_spin(desk: Desk, ready: str) -> None:
    """What orders the states of a ticket is as little to be guessed."""
    if desk.settings.mongodb_uri is None:
        with closing(sqlite3.connect(desk.settings.database_file)) as connection, connection:
            connection.execute("UPDATE checkpoints SET metadata = 'x'")
    else:
        with databases.client(desk.settings.mongodb_uri) as client:
            states = client.get_default_database()["checkpoints"]
            states.update_many({}, {"$set": {"metadata.fence": ["msgpack", b"\xc1"]}})
    assert work(desk)[ready].open_requests[0].kind is Kind.FAILURE
