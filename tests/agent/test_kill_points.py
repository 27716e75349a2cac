"""Killed before or after any write of the agent's state, a ticket comes to the same end."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from support_cli.agent.assistance import NAME
from support_cli.agent.models import build_model
from support_cli.agent.offline import OfflineModel
from support_cli.domain.request import Choice
from support_cli.domain.ticket import Role, Status, Ticket
from support_cli.tools.api import as_tool
from tests.agent.killing import Killed, LaterClock, Life, mortal
from tests.agent.play import Play, asked, settings_for
from tests.model_server import Conversation, Mind, ModelServer, Says, call

PEN = call(NAME, id="call_0", query="Which pen?")
PAPER = call(NAME, id="call_1", query="Which paper?")
SEARCH = call("search_knowledge", id="call_2", query="pens")
ENOUGH = 4  # an act has more moments than this, or they are not counted
Setup = Callable[[Play], Ticket]


def mind(*messages: Says) -> Mind:
    """Say these, one after the other, then pass on what the calls came to."""

    def think(conversation: Conversation) -> Says:
        said = [each["role"] for each in conversation].count("assistant")
        if said < len(messages):
            return messages[said]
        results = [str(each["content"]) for each in conversation if each["role"] == "tool"]
        return Says(f"So it is: {', '.join(results)}")

    return think


def killed_at_each_moment(
    home: Path, server: ModelServer, setup: Setup, **parts: Any
) -> Iterator[tuple[Play, Ticket]]:
    """Kill the run of a ticket at each of its moments in turn, and let a later desk run it."""
    # One client for all: to read the certificates for every desk would take most of the time.
    model = build_model(settings_for(home, server), OfflineModel(answer=lambda _: None))
    parts["model"] = model
    with Play(home / "0", server, **parts) as before:
        ticket = setup(before)
    for moment in itertools.count(1):
        folder = home / str(moment)
        shutil.copytree(home / "0", folder)
        life = Life(moment)
        with Play(folder, server, **parts, **mortal(life, folder)) as doomed, suppress(Killed):
            doomed.runs(ticket)
        if not life.ended:
            assert moment > ENOUGH
            return
        with Play(folder, server, **parts, clock=LaterClock()) as later:
            yield later, later.runs(ticket)


def answers(ticket: Ticket) -> list[str]:
    """Return what the agent told the customer."""
    return [each.text for each in ticket.messages if each.role is Role.AGENT]


def writes(play: Play) -> Ticket:
    """Leave a new ticket to be run."""
    return play.writes("A pen, please.")


def decided(play: Play) -> Ticket:
    """Leave a ticket whose first question was answered."""
    ticket = play.says("A pen, please.")
    play.decides(ticket, "blue", request="r1")
    return ticket


def test_a_question_is_asked_once_and_its_answer_is_told_once(
    tmp_path: Path, server: ModelServer
) -> None:
    server.minds(mind(Says(calls=(PEN,))))
    for play, ticket in killed_at_each_moment(tmp_path, server, writes):
        assert asked(ticket) == ("Which pen?",)
        assert answers(play.answers(ticket, "blue")) == ["So it is: blue"]


def test_an_answer_is_told_once(tmp_path: Path, server: ModelServer) -> None:
    server.minds(mind(Says(calls=(PEN,))))
    for _, ticket in killed_at_each_moment(tmp_path, server, decided):
        assert ticket.status is Status.ANSWERED
        assert answers(ticket) == ["So it is: blue"]
        assert [each.query for each in ticket.decided] == ["Which pen?"]


def test_two_questions_are_asked_once_each(tmp_path: Path, server: ModelServer) -> None:
    server.minds(mind(Says(calls=(PEN, PAPER))))
    for play, ticket in killed_at_each_moment(tmp_path, server, writes):
        assert asked(ticket) == ("Which pen?", "Which paper?")
        play.answers(ticket, "white", request="r2")
        ticket = play.answers(ticket, "blue", request="r1")
        assert answers(ticket) == ["So it is: blue, white"]


def test_the_answer_of_one_question_leaves_the_other_open(
    tmp_path: Path, server: ModelServer
) -> None:
    server.minds(mind(Says(calls=(PEN, PAPER))))
    for play, ticket in killed_at_each_moment(tmp_path, server, decided):
        assert asked(ticket) == ("Which paper?",)
        assert answers(play.answers(ticket, "white")) == ["So it is: blue, white"]


def test_a_question_waits_beside_a_call_that_is_done(tmp_path: Path, server: ModelServer) -> None:
    server.minds(mind(Says(calls=(PEN, SEARCH)), Says("Any pen.")))
    for play, ticket in killed_at_each_moment(tmp_path, server, writes):
        assert asked(ticket) == ("Which pen?",)
        assert answers(play.answers(ticket, "blue")) == ["Any pen."]


def test_a_call_and_then_an_answer(tmp_path: Path, server: ModelServer) -> None:
    server.minds(mind(Says("One moment.", calls=(SEARCH,)), Says("Any pen.")))
    for _, ticket in killed_at_each_moment(tmp_path, server, writes):
        assert ticket.status is Status.ANSWERED
        assert answers(ticket) == ["One moment.", "Any pen."]


def test_words_passed_on_as_they_are_are_said_once(tmp_path: Path, server: ModelServer) -> None:
    server.minds(mind(Says(calls=(PEN,))))

    def exactly(play: Play) -> Ticket:
        ticket = play.says("A pen, please.")
        play.decides(ticket, "Blue!", verbatim=True)
        return ticket

    for _, ticket in killed_at_each_moment(tmp_path, server, exactly):
        assert answers(ticket) == ["Blue!"]
        assert ticket.status is Status.ANSWERED


def test_an_approved_effect_happens_once(tmp_path: Path, server: ModelServer) -> None:
    server.minds(mind(Says(calls=(call("delete", table="logs"),))))
    happened: list[str] = []

    def delete(table: str) -> str:
        """Delete a table."""
        happened.append(table)
        return "gone"

    def approved(play: Play) -> Ticket:
        return play.decides_on(play.says("Delete the logs."), Choice.APPROVE)

    lives = killed_at_each_moment(tmp_path, server, approved, tools=[as_tool(delete)])
    for number, (_, ticket) in enumerate(lives, start=1):
        assert answers(ticket) == ["So it is: gone"]
        assert len(happened) == number
