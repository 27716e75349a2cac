"""What a customer has read of an answer that broke off is kept, and told as what it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support_cli.cli import telling
from support_cli.domain.integrity import faults
from support_cli.domain.request import Choice, Kind
from support_cli.domain.ticket import Role, Ticket
from support_cli.tools.api import as_tool
from tests.agent.play import Play
from tests.cli.conftest import Run
from tests.model_server import Answer, Breaks, FailsWithin, ModelServer, Says, call

HALF = "Half of it is here and"
BROKEN: dict[str, Answer] = {
    "hangs up": Breaks(Says(HALF), pieces=7),
    "ends": Breaks(Says(HALF), pieces=7, cleanly=True),
    "is cut off": Says(HALF, finish="length"),
    "is silenced": Says(HALF, finish="content_filter"),
}


@pytest.fixture
def listened(tmp_path: Path, server: ModelServer) -> Play:
    """Give a desk with somebody who listens."""
    return Play(tmp_path, server, streamed=True)


def unfinished(ticket: Ticket) -> list[str]:
    """Return what the transcript has of answers that broke off."""
    return [each.text for each in ticket.messages if each.unfinished]


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_cut_off_answer_is_not_lost_for_who_must_know_what_the_customer_read(
    listened: Play, server: ModelServer, broken: Answer
) -> None:
    server.will(broken)
    with listened as play:
        ticket = play.says("Is it here?")
    assert unfinished(ticket) == ["".join(play.heard).strip()] == [HALF]
    assert ticket.reply is None
    assert faults(ticket) == ()


def test_a_cut_off_answer_does_not_break_the_conversation(
    listened: Play, server: ModelServer
) -> None:
    server.will(FailsWithin(), Says("It is here."))
    with listened as play:
        ticket = play.answers(play.says("Is it here?"), "It is.")
    told = [(each.role, each.unfinished) for each in ticket.messages if each.role is Role.AGENT]
    assert told == [(Role.AGENT, True), (Role.AGENT, False)]
    assert ticket.reply == "It is here."


def test_an_answer_that_nobody_read_is_not_kept(quiet: Play, server: ModelServer) -> None:
    server.will(Says(HALF, finish="length"))
    assert unfinished(quiet.says("Is it here?")) == []


def test_words_that_were_finished_are_not_told_as_cut_off_where_the_run_fails(
    tmp_path: Path, server: ModelServer
) -> None:
    def wipe() -> str:
        """Wipe."""
        raise ConnectionResetError

    server.will(Says("One moment.", calls=(call("wipe"),)))
    with Play(tmp_path, server, streamed=True, tools=[as_tool(wipe)]) as play:
        ticket = play.says("Wipe it.")
        play.decides_on(ticket, Choice.APPROVE)
        ticket = play.runs(ticket)
    assert {each.kind for each in ticket.open_requests} == {Kind.OUTCOME}
    assert unfinished(ticket) == []


def test_words_of_a_run_that_failed_are_kept_for_both_sides(run: Run) -> None:
    ticket = run("submit", "break: Half of it is here.").err.split()[1]
    for shown in (run("history", ticket), run("admin", "show", ticket)):
        assert re.search(r", not finished:\n *│ Half of it is here\.\n", shown.out)


def test_a_cut_off_answer_is_not_taken_for_a_whole_one_on_the_terminal(
    listened: Play, server: ModelServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.will(Says(HALF, finish="length"))
    tell = telling.to_customer(as_json=False)
    with listened as play:
        ticket = play.writes("Is it here?")
        tell.stands(play.desk.runs.run(ticket.id, tell.report))
    told = capsys.readouterr().out
    assert told.startswith(f"{HALF}\nThe answer ended early")
