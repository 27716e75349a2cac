"""What the graph library does with interrupts, and that the desk is not subject to it.

A test of the library that fails is good news: a guard may have become needless.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import HumanMessage, convert_to_openai_messages
from langgraph.types import Command, interrupt
from pydantic import ValidationError

from support_cli.agent.assistance import NAME, human_assistance
from support_cli.domain.request import Choice, Kind
from support_cli.errors import Decided, NotFound
from support_cli.tools.api import as_tool
from tests.agent.bare import THREAD, Log, agent, graph, pending
from tests.agent.play import Play, asked
from tests.model_server import ModelServer, Says, call, valid_conversation

ASKS = Says(calls=(call(NAME, query="Which pen?"),))


class Counted:
    """An effect that counts how often it happened."""

    def __init__(self) -> None:
        self.happened: list[str] = []
        self.breaks = False

    def delete(self, table: str) -> str:
        """Delete a table."""
        self.happened.append(table)
        if self.breaks:
            raise ConnectionResetError
        return f"{table} is gone."


@pytest.fixture
def effect() -> Counted:
    """Give an effect that is counted."""
    return Counted()


@pytest.fixture
def acting(tmp_path: Path, server: ModelServer, effect: Counted) -> Iterator[Play]:
    """Give a desk with that effect, which needs an approval."""
    with Play(tmp_path, server, tools=[as_tool(effect.delete)]) as play:
        yield play


def deletes(*tables: str) -> Says:
    """Propose to delete tables."""
    return Says(calls=tuple(call("delete", id=table, table=table) for table in tables))


def test_the_library_acts_twice_for_two_resumes_at_once() -> None:
    together, acted = threading.Barrier(2), []

    def act(state: Log) -> dict[str, Any]:
        answer = interrupt("May I?")
        with suppress(threading.BrokenBarrierError):
            together.wait(5)
        acted.append(answer)
        return {"log": ["done"]}

    built = graph(act)
    built.invoke({"log": []}, THREAD)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda yes: built.invoke(Command(resume=yes), THREAD), ["yes", "yes"]))
    assert acted == ["yes", "yes"]


def test_two_processes_that_run_an_approved_call_act_once(
    tmp_path: Path, acting: Play, server: ModelServer, effect: Counted
) -> None:
    server.will(deletes("logs"), Says("They are gone."))
    ticket = acting.says("Delete the logs.")
    acting.decides_on(ticket, Choice.APPROVE)
    with Play(tmp_path, server, tools=[as_tool(effect.delete)]) as other:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda play: play.runs(ticket), [acting, other]))
        assert acting.runs(ticket).reply == "They are gone."
    assert effect.happened == ["logs"]


def test_the_library_ignores_an_interrupt_it_does_not_know() -> None:
    def ask(state: Log) -> dict[str, Any]:
        return {"log": [interrupt("Which?")]}

    built = graph(ask)
    built.invoke({"log": []}, THREAD)
    built.invoke(Command(resume={"0" * 32: "blue"}), THREAD)
    assert list(pending(built)) == ["Which?"]


def test_a_request_that_is_not_there_is_refused(quiet: Play, server: ModelServer) -> None:
    server.will(ASKS)
    ticket = quiet.says("A pen, please.")
    with pytest.raises(NotFound):
        quiet.decides(ticket, "blue", request="r2")


def test_the_library_gives_a_bare_answer_to_whatever_waits_now() -> None:
    def ask(state: Log) -> dict[str, Any]:
        return {"log": [interrupt("Which pen?"), interrupt("Which paper?")]}

    built = graph(ask)
    built.invoke({"log": []}, THREAD)
    for _ in range(2):  # two people answer the same question
        built.invoke(Command(resume="blue"), THREAD)
    assert built.get_state(THREAD).values == {"log": ["blue", "blue"]}


def test_an_answer_that_comes_second_is_not_given_to_the_next_question(
    quiet: Play, server: ModelServer
) -> None:
    server.will(ASKS, Says(calls=(call(NAME, query="Which paper?"),)))
    ticket = quiet.answers(quiet.says("A pen, please."), "blue", request="r1")
    with pytest.raises(Decided):
        quiet.decides(ticket, "red", request="r1")
    assert asked(quiet.runs(ticket)) == ("Which paper?",)


def test_the_library_runs_a_paused_sibling_again() -> None:
    begun = []

    def first(state: Log) -> dict[str, Any]:
        return {"log": [interrupt("first")]}

    def second(state: Log) -> dict[str, Any]:
        begun.append("second")
        return {"log": [interrupt("second")]}

    built = graph(first, second)
    built.invoke({"log": []}, THREAD)
    built.invoke(Command(resume={pending(built)["first"].id: "yes"}), THREAD)
    assert begun == ["second", "second"]


def test_a_paused_siblings_effect_waits_for_its_own_approval(
    acting: Play, server: ModelServer, effect: Counted
) -> None:
    server.will(deletes("logs", "cache"))
    ticket = acting.says("Delete the logs and the cache.")
    acting.runs(acting.decides_on(ticket, Choice.APPROVE, request="r2"))
    assert effect.happened == ["cache"]
    server.will(Says("Both are gone."))
    acting.runs(acting.decides_on(ticket, Choice.APPROVE, request="r1"))
    assert effect.happened == ["cache", "logs"]


def test_the_library_replays_an_invalid_answer_for_ever() -> None:
    def count(state: Log) -> dict[str, Any]:
        return {"log": [int(interrupt("How many?"))]}

    built = graph(count)
    built.invoke({"log": []}, THREAD)
    for answer in ("many", "7", "7"):
        with pytest.raises(ValueError, match="many"):
            built.invoke(Command(resume=answer), THREAD)


def test_our_question_takes_a_valid_answer_after_an_invalid_one() -> None:
    def ask(state: Log) -> dict[str, Any]:
        return {"log": [human_assistance("Which pen?")]}

    built = graph(ask)
    built.invoke({"log": []}, THREAD)
    for answer in ("blue", {"text": "blue"}, {"data": ["blue"]}):
        with pytest.raises(ValidationError):
            built.invoke(Command(resume=answer), THREAD)
    assert built.invoke(Command(resume={"data": "blue"}), THREAD) == {"log": ["blue"]}


def test_the_library_gives_a_stored_approval_to_a_second_question() -> None:
    failures = [RuntimeError()]

    def act(state: Log) -> dict[str, Any]:
        first = interrupt("May I delete the logs?")
        if failures:
            raise failures.pop()
        return {"log": [first, interrupt("Nobody knows. May I again?")]}

    built = graph(act)
    built.invoke({"log": []}, THREAD)
    with pytest.raises(RuntimeError):
        built.invoke(Command(resume="yes"), THREAD)
    assert list(pending(built)) == ["May I delete the logs?"]
    assert built.invoke(None, THREAD) == {"log": ["yes", "yes"]}


def test_an_effect_that_broke_off_asks_anew_whether_it_happened(
    acting: Play, server: ModelServer, effect: Counted
) -> None:
    server.will(deletes("logs"), Says("They are gone."))
    effect.breaks = True
    ticket = acting.says("Delete the logs.")
    ticket = acting.runs(acting.decides_on(ticket, Choice.APPROVE))
    assert [each.kind for each in ticket.open_requests] == [Kind.OUTCOME]
    ticket = acting.runs(acting.decides_on(ticket, Choice.RESPOND, "They are gone.", "r2"))
    assert ticket.reply == "They are gone."
    assert effect.happened == ["logs"]


def test_two_effects_that_a_server_gave_one_id_are_two(
    acting: Play, server: ModelServer, effect: Counted
) -> None:
    both = tuple(call("delete", id="call_0", table=table) for table in ("logs", "cache"))
    server.will(Says(calls=both, indexes=(0, 1)), Says("Both are gone."))
    ticket = acting.says("Delete the logs and the cache.")
    acting.runs(acting.decides_on(ticket, Choice.APPROVE, request="r1"))
    ticket = acting.runs(acting.decides_on(ticket, Choice.APPROVE, request="r2"))
    assert effect.happened == ["logs", "cache"]
    assert ticket.reply == "Both are gone."


def paused_agent() -> Any:
    """Build an agent of the library's that waits for the answer to a tool call."""

    def ask(query: str) -> str:
        """Ask a person."""
        return str(interrupt(query))

    built = agent(ask, calls=[{"name": "ask", "args": {"query": "Which pen?"}, "id": "call_0"}])
    built.invoke({"messages": [HumanMessage("A pen, please.")]}, THREAD)
    return built


def conversation(built: Any) -> list[dict[str, Any]]:
    """Write an agent's messages as they are sent to OpenAI."""
    messages = convert_to_openai_messages(built.get_state(THREAD).values["messages"])
    assert isinstance(messages, list)
    return messages


def test_the_library_leaves_a_call_dangling_when_a_message_comes_in_between() -> None:
    built = paused_agent()
    built.invoke({"messages": [HumanMessage("A soft one.")]}, THREAD)
    with pytest.raises(AssertionError, match="speaks before"):
        valid_conversation(conversation(built))


def test_the_library_forgets_the_question_when_the_state_is_updated() -> None:
    built = paused_agent()
    assert list(pending(built)) == ["Which pen?"]
    built.update_state(THREAD, {"messages": [HumanMessage("A soft one.")]})
    assert not pending(built)


def test_the_library_puts_a_message_that_comes_with_an_answer_before_it() -> None:
    built = paused_agent()
    more = {"messages": [HumanMessage("A soft one.")]}
    built.invoke(Command(resume="blue", update=more), THREAD)
    with pytest.raises(AssertionError, match="speaks before"):
        valid_conversation(conversation(built))


def test_our_messages_come_after_the_answer_they_wait_for(quiet: Play, server: ModelServer) -> None:
    server.will(ASKS, Says("A soft blue one."))
    ticket = quiet.says("A pen, please.")
    quiet.says("A soft one.", ticket)
    assert quiet.answers(ticket, "blue").reply == "A soft blue one."
    assert [each["role"] for each in server.asked[-1]["messages"][-2:]] == ["tool", "user"]
