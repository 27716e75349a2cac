"""What a model calls wrongly is told to the model; nobody is asked, and nothing is done."""

from __future__ import annotations

from functools import reduce
from operator import add
from pathlib import Path

import pytest
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from support_cli.agent.assistance import NAME
from support_cli.domain.ticket import Status, Ticket
from support_cli.tools.api import as_tool
from tests.agent.play import Play, asked, reason
from tests.model_server import Call, ModelServer, Says, call

QUESTION = "I was promised 15 euros."
CUT_IN_A_NUMBER = Call("issue_credit", '{"currency": "EUR", "reason": "late", "amount": 15')
WHOLE = call("issue_credit", currency="EUR", reason="late", amount="15")
WRONG = {
    "not JSON": Call("search_knowledge", "query=returns"),
    "not closed": Call("search_knowledge", '{"query": "ret'),
    "cut in a number": CUT_IN_A_NUMBER,
    "too deep": Call("search_knowledge", '{"query": ' + "[" * 100_000 + "]" * 100_000 + "}"),
    "an integer over 64 bits": Call("search_knowledge", '{"query": 18446744073709551616}'),
    "an integer under 64 bits": Call("search_knowledge", '{"query": -9223372036854775809}'),
    "deeper than the state": Call("search_knowledge", '{"query": ' + "[" * 300 + "]" * 300 + "}"),
    "a question deeper than the state": Call(NAME, '{"query": ' + "[" * 300 + "]" * 300 + "}"),
    "half a character": Call("search_knowledge", '{"qu\\ud800ery": "returns"}'),
    "nothing": Call("search_knowledge", ""),
    "short of a required one": call("search_knowledge"),
    "one too many": call("search_knowledge", query="returns", limit=5),
    "of another type": call("search_knowledge", query=15),
    "a question without a query": call(NAME),
    "no such tool": call("delete_everything", table="customers"),
    "no name": Call("", "{}"),
}


def goes_on(play: Play, server: ModelServer, ticket: Ticket) -> None:
    """Check that the customer's next turn works."""
    server.will(Says("With pleasure."))
    assert play.says("Thank you!", ticket).reply == "With pleasure."


def test_the_library_makes_a_whole_call_of_one_that_was_cut_off(server: ModelServer) -> None:
    server.will(Says(calls=(CUT_IN_A_NUMBER,)))
    model = ChatOpenAI(model="test", base_url=server.url, api_key=SecretStr("none"))
    (whole,) = reduce(add, model.stream("15 euros, please.")).tool_calls
    assert whole["args"] == {"currency": "EUR", "reason": "late", "amount": 15}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_call_is_told_to_the_model(play: Play, server: ModelServer, wrong: Call) -> None:
    server.will(Says(calls=(wrong,)), Says("I cannot say."))
    ticket = play.says(QUESTION)
    assert ticket.status is Status.ANSWERED
    assert "not made" in server.asked[-1]["messages"][-1]["content"]
    assert not play.desk.ledger.of_ticket(ticket.id)
    goes_on(play, server, ticket)


def test_arguments_that_are_a_list_cost_the_customer_nothing(
    play: Play, server: ModelServer
) -> None:
    server.will(Says(calls=(Call("search_knowledge", '["returns"]'),)), Says("I cannot say."))
    ticket = play.says(QUESTION)
    if ticket.status is Status.WAITING:  # the library itself takes a whole message like that ill
        ticket = play.answers(ticket, "Nothing was promised.")
    assert ticket.reply == "I cannot say."
    goes_on(play, server, ticket)


@pytest.mark.parametrize("made", [CUT_IN_A_NUMBER, WHOLE], ids=["cut", "whole"])
@pytest.mark.parametrize("finish", ["length", "content_filter"])
def test_a_call_in_an_unfinished_message_is_told_to_the_model(
    play: Play, server: ModelServer, finish: str, made: Call
) -> None:
    server.will(Says(calls=(made,), finish=finish), Says("I cannot say."))
    ticket = play.says(QUESTION)
    assert ticket.status is Status.ANSWERED
    assert "cut off" in server.asked[-1]["messages"][-1]["content"]
    goes_on(play, server, ticket)


@pytest.mark.parametrize("made", [CUT_IN_A_NUMBER, WHOLE], ids=["cut", "whole"])
def test_a_call_in_a_message_that_never_ended_goes_to_a_person(
    play: Play, server: ModelServer, made: Call
) -> None:
    server.will(Says(calls=(made,), finish=None), Says("Sent."))
    ticket = play.says(QUESTION)
    assert asked(ticket) == (QUESTION,)
    assert reason(ticket) == "The model's answer was cut off."
    ticket = play.answers(ticket, "I have sent it.")
    goes_on(play, server, ticket)


def test_no_number_at_all_is_told_to_the_model(tmp_path: Path, server: ModelServer) -> None:
    def refund(amount: float) -> str:
        """Refund an amount."""
        return f"{amount} refunded."

    server.will(Says(calls=(Call("refund", '{"amount": NaN}'),)), Says("I cannot say."))
    with Play(tmp_path, server, tools=[as_tool(refund)]) as play:
        assert play.says(QUESTION).reply == "I cannot say."


def test_a_right_call_is_made_beside_a_wrong_one(play: Play, server: ModelServer) -> None:
    right = call(NAME, id="call_1", query="May she have 15 euros?")
    server.will(Says(calls=(CUT_IN_A_NUMBER, right)), Says("You may."))
    ticket = play.says(QUESTION)
    assert asked(ticket) == ("May she have 15 euros?",)
    ticket = play.answers(ticket, "She may.")
    assert ticket.reply == "You may."
    goes_on(play, server, ticket)


def test_two_calls_with_one_id_are_two(play: Play, server: ModelServer) -> None:
    both = (call(NAME, query="One?"), call(NAME, query="Two?"))
    server.will(Says(calls=both, indexes=(0, 1)), Says("Both are done."))
    ticket = play.says("Two things, please.")
    assert asked(ticket) == ("One?", "Two?")
    play.answers(ticket, "First.", request="r1")
    ticket = play.answers(ticket, "Second.", request="r2")
    assert ticket.reply == "Both are done."
    goes_on(play, server, ticket)


def test_the_id_of_an_earlier_turn_is_another_call(play: Play, server: ModelServer) -> None:
    server.will(Says(calls=(call(NAME, query="One?"),)), Says("First."))
    ticket = play.answers(play.says("One thing."), "1")
    server.will(Says(calls=(call(NAME, query="Two?"),)), Says("Second."))
    ticket = play.says("Another thing.", ticket)
    assert asked(ticket) == ("Two?",)
    ticket = play.answers(ticket, "2")
    assert ticket.reply == "Second."
    goes_on(play, server, ticket)


def test_a_model_that_calls_tools_for_ever_ends_with_a_person(
    play: Play, server: ModelServer
) -> None:
    search = Says(calls=(call("search_knowledge", query="15 euros"),))
    server.will(*[search] * 20)
    ticket = play.says(QUESTION)
    assert asked(ticket) == (QUESTION,)
    assert reason(ticket) == "The agent found no answer in 20 steps."
    server.will(Says("It is on its way."))
    ticket = play.answers(ticket, "Sent.")
    assert ticket.reply == "It is on its way."
    goes_on(play, server, ticket)


def test_a_model_that_calls_wrongly_again_and_again_ends_with_a_person(
    play: Play, server: ModelServer
) -> None:
    server.will(*[Says(calls=(CUT_IN_A_NUMBER,))] * 4, Says("It is on its way."))
    ticket = play.says(QUESTION)
    assert asked(ticket) == (QUESTION,)
    ticket = play.answers(ticket, "Sent.")
    goes_on(play, server, ticket)
