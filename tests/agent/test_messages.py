"""What the customer writes, and what a person says word for word, reach the right ears."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from werkzeug import Response

from support_cli.agent.assistance import NAME
from support_cli.domain.ticket import Status, Ticket
from tests.agent.play import Play, asked, reason
from tests.model_server import ModelServer, Refuses, Says, call

ASKS = Says(calls=(call(NAME, query="Which colour?"),))


def told(server: ModelServer) -> list[tuple[str, str]]:
    """Return what the model was told last: who said what, but for the system."""
    return [(each["role"], each["content"]) for each in server.asked[-1]["messages"][1:]]


def said(ticket: Ticket) -> list[tuple[str, str]]:
    """Return the transcript: who said what."""
    return [(each.role.value, each.text) for each in ticket.messages]


@dataclass(frozen=True)
class Meanwhile:
    """Something happens while the model thinks."""

    happens: Callable[[], object]
    says: Says

    def respond(self, streamed: bool, over: threading.Event) -> Response:
        """Let it happen, then answer."""
        self.happens()
        return self.says.respond(streamed, over)


def test_who_asks_for_a_person_gets_one_and_no_model_is_asked(
    play: Play, server: ModelServer
) -> None:
    ticket = play.says("I want a person.", human=True)
    assert asked(ticket) == ("I want a person.",)
    assert reason(ticket) == "The customer asked for a person."
    assert play.answers(ticket, "Here I am.").reply == "Here I am."
    assert server.asked == []


def test_after_a_person_the_model_is_asked_again_and_knows_it_all(
    play: Play, server: ModelServer
) -> None:
    ticket = play.answers(play.says("I want a person.", human=True), "Here I am.")
    server.will(Says("With pleasure."))
    assert play.says("Thank you!", ticket).reply == "With pleasure."
    roles = [role for role, _ in told(server)]
    assert roles == ["user", "assistant", "tool", "assistant", "user"]


def test_who_asks_for_a_person_in_a_reply_gets_one(play: Play, server: ModelServer) -> None:
    server.will(Says("Have you read the manual?"))
    ticket = play.says("How does it work?")
    ticket = play.says("I want a person.", ticket, human=True)
    assert asked(ticket) == ("I want a person.",)
    assert len(server.asked) == 1


def test_who_asks_for_a_person_while_one_is_asked_hears_only_the_person(
    play: Play, server: ModelServer
) -> None:
    server.will(ASKS)
    ticket = play.says("A pen, please.")
    play.writes("Let nobody else decide.", ticket, human=True)
    assert play.answers(ticket, "Blue it is.").reply == "Blue it is."
    assert len(server.asked) == 1


def test_what_is_written_while_a_question_waits_reaches_the_model_with_the_answer(
    play: Play, server: ModelServer
) -> None:
    server.will(ASKS)
    ticket = play.says("A pen, please.")
    assert play.says("A soft one.", ticket).status is Status.WAITING
    play.writes("And paper.", ticket)
    server.will(Says("A soft blue pen and paper."))
    assert play.answers(ticket, "Blue.").reply == "A soft blue pen and paper."
    assert told(server)[2:] == [("tool", "Blue."), ("user", "A soft one."), ("user", "And paper.")]


def test_what_is_written_meanwhile_is_told_once_however_often_the_model_is_asked(
    play: Play, server: ModelServer
) -> None:
    server.will(ASKS)
    ticket = play.says("A pen, please.")
    play.writes("A soft one.", ticket)
    server.will(Says(calls=(call("search_knowledge", query="soft pens"),)), Says("Here it is."))
    play.answers(ticket, "Blue.")
    assert [text for role, text in told(server) if role == "user"] == [
        "A pen, please.",
        "A soft one.",
    ]


def test_what_is_written_after_the_decision_is_answered_on_its_own(
    play: Play, server: ModelServer
) -> None:
    server.will(ASKS, Says("A blue pen."), Says("And paper."))
    ticket = play.says("A pen, please.")
    play.decides(ticket, "Blue.")
    play.writes("Paper, too.", ticket)
    assert play.runs(ticket).reply == "And paper."
    assert told(server)[2:] == [
        ("tool", "Blue."),
        ("assistant", "A blue pen."),
        ("user", "Paper, too."),
    ]


def test_what_is_written_while_the_model_thinks_is_answered_next(
    play: Play, server: ModelServer
) -> None:
    ticket = play.writes("A pen, please.")
    writes = Meanwhile(lambda: play.writes("Paper, too.", ticket), Says("A pen."))
    server.will(writes, Says("And paper."))
    assert play.runs(ticket).reply == "And paper."
    assert told(server)[1:] == [("assistant", "A pen."), ("user", "Paper, too.")]


def test_words_passed_on_as_they_are_reach_the_customer_exactly(
    play: Play, server: ModelServer
) -> None:
    server.will(ASKS)
    words = "Blue.\n\n  *Exactly* so — “blue”."
    ticket = play.answers(play.says("A pen, please."), words, verbatim=True)
    assert ticket.status is Status.ANSWERED
    assert ticket.reply == words
    assert len(server.asked) == 1


def test_words_passed_on_as_they_are_stay_in_the_agents_record(
    play: Play, server: ModelServer
) -> None:
    server.will(ASKS, Says("With pleasure."))
    ticket = play.answers(play.says("A pen, please."), "Blue.", verbatim=True)
    play.says("Thank you!", ticket)
    assert told(server)[2:] == [("tool", "Blue."), ("assistant", "Blue."), ("user", "Thank you!")]


def test_words_passed_on_as_they_are_answer_what_was_written_before(
    play: Play, server: ModelServer
) -> None:
    server.will(ASKS)
    ticket = play.says("A pen, please.")
    play.writes("A soft one.", ticket)
    ticket = play.answers(ticket, "A soft blue one.", verbatim=True)
    assert ticket.reply == "A soft blue one."
    assert said(ticket)[-1] == ("agent", "A soft blue one.")


def test_of_two_answers_only_one_is_passed_on_as_it_is(play: Play, server: ModelServer) -> None:
    both = (call(NAME, id="call_0", query="Pen?"), call(NAME, id="call_1", query="Paper?"))
    server.will(Says(calls=both), Says("The paper is white."))
    ticket = play.says("A pen and paper, please.")
    play.answers(ticket, "The pen is blue.", request="r1", verbatim=True)
    ticket = play.answers(ticket, "white", request="r2")
    assert [text for role, text in said(ticket) if role == "agent"] == [
        "The pen is blue.",
        "The paper is white.",
    ]


def test_an_answer_passed_on_as_it_is_ends_the_turn_beside_another_tools_result(
    play: Play, server: ModelServer
) -> None:
    both = (call(NAME, id="call_0", query="Pen?"), call("search_knowledge", id="1", query="pens"))
    server.will(Says(calls=both))
    ticket = play.answers(play.says("A pen, please."), "The blue one.", verbatim=True)
    assert ticket.reply == "The blue one."


def test_an_answer_passed_on_as_it_is_is_not_said_again_where_the_model_fails(
    play: Play, server: ModelServer
) -> None:
    both = (call(NAME, id="call_0", query="Pen?"), call(NAME, id="call_1", query="Paper?"))
    server.will(Says(calls=both), Refuses(401))
    ticket = play.says("A pen and paper, please.")
    play.answers(ticket, "The pen is blue.", request="r1", verbatim=True)
    ticket = play.answers(ticket, "The paper is white.", request="r2")
    assert [text for role, text in said(ticket) if role == "agent"] == [
        "The pen is blue.",
        "The paper is white.",
    ]
