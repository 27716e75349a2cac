"""What closing must not forget."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from support_cli import errors
from support_cli.domain.ticket import Status
from support_cli.errors import Conflict
from tests.model.desk import Desk, person
from tests.model.world import End, Fate, Interrupted

CARL, AMY = person("carl"), person("amy")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    started = Desk(tmp_path / "support.db")
    yield started
    started.documents.close()


def interrupted(desk: Desk, word: str, moments: int) -> str:
    """Press Ctrl-C around an effect; the run hands its ticket back, or leaves it held."""
    fate = Fate(End.INTERRUPT, moments, acting=True)
    ticket = desk.process().tickets.submit(CARL, word, human=False)
    with suppress(Interrupted, errors.Interrupted):
        desk.process(fate).runs.run(ticket.id)
    assert desk.stored(ticket.id).status is (Status.READY if word == "keyed" else Status.RUNNING)
    return ticket.id


@pytest.mark.parametrize("word", ["plain", "keyed"])
@pytest.mark.parametrize("moments", [0, 1])
def test_a_ticket_whose_effect_has_started_is_not_closed(
    desk: Desk, word: str, moments: int
) -> None:
    ticket_id = interrupted(desk, word, moments)
    tickets = desk.process().tickets
    with pytest.raises(Conflict, match=r"whether an effect|is working on"):
        tickets.close_as_customer(ticket_id, CARL)
    with pytest.raises(Conflict, match=r"whether an effect|is working on"):
        tickets.close_as_admin(ticket_id, AMY, None)


def test_once_the_effect_has_ended_the_ticket_can_be_closed(desk: Desk) -> None:
    ticket_id = interrupted(desk, "keyed", 1)
    desk.rests()
    assert desk.process().tickets.close_as_customer(ticket_id, CARL).status is Status.CLOSED
