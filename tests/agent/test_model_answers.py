"""What a model answers reaches the customer, streamed and not."""

from __future__ import annotations

from pathlib import Path

import pytest

from support_cli.agent.assistance import NAME
from support_cli.domain.ticket import Status
from tests.agent.play import Play, asked
from tests.model_server import ModelServer, Says, call


def test_a_reply_answers_the_ticket(play: Play, server: ModelServer) -> None:
    server.will(Says("You can return it within 30 days."))
    ticket = play.says("How long can I return a parcel?")
    assert ticket.status is Status.ANSWERED
    assert ticket.reply == "You can return it within 30 days."


@pytest.mark.parametrize("streamed", [True])
def test_a_reply_is_heard_piece_by_piece_in_order_and_once(play: Play, server: ModelServer) -> None:
    server.will(Says("You can return it within 30 days."))
    play.says("How long can I return a parcel?")
    assert play.heard == ["You ", "can ", "return ", "it ", "within ", "30 ", "days."]


@pytest.mark.parametrize("streamed", [True])
def test_whatever_the_agent_says_is_heard_once(play: Play, server: ModelServer) -> None:
    server.will(Says("One moment.", calls=(call(NAME, query="Pen?"),)), Says("A pen."))
    ticket = play.answers(play.says("A pen, please."), "Any.")
    play.answers(play.says("I want a person.", ticket, human=True), "Here I am.")
    server.will(Says(calls=(call(NAME, query="Paper?"),)))
    play.answers(play.says("Paper, please.", ticket), "White!", verbatim=True)
    assert play.heard == ["One ", "moment.", "A ", "pen.", "Here I am.", "White!"]


def test_the_next_turn_knows_the_one_before(play: Play, server: ModelServer) -> None:
    server.will(Says("Within 30 days."), Says("It is free."))
    ticket = play.says("What does it cost?", play.says("How long can I return a parcel?"))
    told = [(each["role"], each["content"]) for each in server.asked[-1]["messages"][1:]]
    assert ticket.reply == "It is free."
    assert told == [
        ("user", "How long can I return a parcel?"),
        ("assistant", "Within 30 days."),
        ("user", "What does it cost?"),
    ]


def test_a_tool_is_called_and_its_result_told(play: Play, server: ModelServer) -> None:
    server.will(
        Says(calls=(call("search_knowledge", query="return a parcel"),)),
        Says("I found nothing on that."),
    )
    ticket = play.says("How long can I return a parcel?")
    assert ticket.reply == "I found nothing on that."
    assert server.asked[-1]["messages"][-1]["role"] == "tool"


def test_a_question_to_a_person_waits_and_its_answer_is_told(
    play: Play, server: ModelServer
) -> None:
    server.will(Says(calls=(call(NAME, query="May she return it?"),)), Says("Yes, you may."))
    ticket = play.says("May I return it?")
    assert asked(ticket) == ("May she return it?",)
    assert play.answers(ticket, "She may.").reply == "Yes, you may."
    assert server.asked[-1]["messages"][-1]["content"] == "She may."


@pytest.mark.parametrize("indexes", [(0, 1), (0, 0)], ids=["indexed", "all at index 0"])
def test_two_tools_are_called_at_once(
    play: Play, server: ModelServer, indexes: tuple[int, int]
) -> None:
    both = (
        call("search_knowledge", id="call_0", query="returns"),
        call(NAME, id="call_1", query="May she?"),
    )
    server.will(Says(calls=both, indexes=indexes), Says("Yes, you may."))
    ticket = play.says("May I return it?")
    assert asked(ticket) == ("May she?",)
    assert play.answers(ticket, "She may.").reply == "Yes, you may."


@pytest.mark.parametrize("order", [("r1", "r2"), ("r2", "r1")], ids=["in order", "reversed"])
def test_two_questions_at_once_are_answered_in_either_order(
    play: Play, server: ModelServer, order: tuple[str, str]
) -> None:
    both = (call(NAME, id="call_0", query="One?"), call(NAME, id="call_1", query="Two?"))
    server.will(Says(calls=both))
    ticket = play.says("Two things, please.")
    answers = {"r1": "First.", "r2": "Second."}
    ticket = play.answers(ticket, answers[order[0]], request=order[0])
    assert asked(ticket) == ("Two?" if order[0] == "r1" else "One?",)
    server.will(Says("Both are done."))
    assert play.answers(ticket, answers[order[1]], request=order[1]).reply == "Both are done."
    told = [each["content"] for each in server.asked[-1]["messages"] if each["role"] == "tool"]
    assert told == ["First.", "Second."]


def test_on_mongodb_a_ticket_waits_and_goes_on_in_another_process(
    tmp_path: Path, mongo_uri: str, server: ModelServer
) -> None:
    both = (call(NAME, id="call_0", query="One?"), call(NAME, id="call_1", query="Two?"))
    server.will(Says(calls=both), Says("Both are done."), Says("With pleasure."))
    with Play(tmp_path, server, mongodb=mongo_uri) as first:
        ticket = first.answers(first.says("Two things, please."), "1", request="r1")
    with Play(tmp_path, server, mongodb=mongo_uri) as second:
        assert second.answers(ticket, "2", request="r2").reply == "Both are done."
        assert second.says("Thank you!", ticket).reply == "With pleasure."


def test_the_model_is_told_of_every_tool_and_its_arguments(play: Play, server: ModelServer) -> None:
    server.will(Says("Within 30 days."))
    play.says("How long can I return a parcel?")
    told = {each["function"]["name"]: each["function"] for each in server.asked[-1]["tools"]}
    assert {NAME, *play.desk.tools} == set(told)
    assert told[NAME]["parameters"]["required"] == ["query"]
    assert all(each["description"] for each in told.values())
