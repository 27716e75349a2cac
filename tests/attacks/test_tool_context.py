"""A tool that uses models and graphs of its own keeps them apart from the run that calls it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage
from langgraph.errors import GraphInterrupt
from langgraph.types import interrupt

from support_cli.domain.request import Choice, Kind
from support_cli.domain.ticket import Status
from support_cli.domain.tool import Context
from support_cli.tools.api import as_tool, effect, read
from tests.agent.bare import Log, Mindful, agent, graph
from tests.agent.play import Play
from tests.model_server import ModelServer, Says, call

SECRET = "INTERNAL fraud score 97, do not tell the customer"
SCORER = Mindful(mind=lambda _: AIMessage(SECRET))
CHECK = Says(calls=(call("check"),))


def score(args: Mapping[str, Any], context: Context) -> str:
    """Ask a model of the company's own."""
    return SCORER.invoke("How bad?").text


@read
def check() -> str:
    """Check for fraud."""
    SCORER.invoke("How bad?")
    return "Checked."


@effect(keyed=True, facts={"score": score})
def pay() -> str:
    """Pay, once a graph of its own, which keeps its states nowhere, has had its step."""
    built = graph(one_step)
    built.checkpointer = None
    return f"Paid: {built.invoke({'log': []})['log']}"


def one_step(state: Log) -> dict[str, Any]:
    """Do one step."""
    return {"log": ["done"]}


@read
def nested() -> str:
    """Let an agent of its own, which keeps its states nowhere, look it up."""
    built = agent(calls=[])
    built.checkpointer = None
    return str(built.invoke({"messages": [("user", "Look.")]})["messages"][-1].text)


def test_what_a_tools_own_model_says_is_not_printed_to_the_customer(
    tmp_path: Path, server: ModelServer
) -> None:
    server.will(CHECK, Says("All is well."))
    with Play(tmp_path, server, streamed=True, tools=[as_tool(check)]) as play:
        play.says("Is all well?")
    assert "".join(play.heard) == "All is well."


def test_what_the_model_behind_a_fact_says_is_not_printed_to_the_customer(
    tmp_path: Path, server: ModelServer
) -> None:
    server.will(Says(calls=(call("pay", confidence=1),)))
    with Play(tmp_path, server, streamed=True, tools=[as_tool(pay)]) as play:
        (request,) = play.says("Pay me.").open_requests
    assert request.verdict
    assert request.verdict.facts["own.score"] == SECRET
    assert play.heard == []


def test_a_graph_inside_an_approved_effect_does_not_keep_it_from_happening(
    tmp_path: Path, server: ModelServer
) -> None:
    server.will(Says(calls=(call("pay", confidence=1),)), Says("You are paid."))
    with Play(tmp_path, server, tools=[as_tool(pay)]) as play:
        ticket = play.says("Pay me.")
        play.decides_on(ticket, Choice.APPROVE)
        assert play.runs(ticket).reply == "You are paid."


@pytest.mark.parametrize("tool", [nested, pay], ids=["read", "effect"])
def test_a_graph_inside_a_tool_leaves_no_states_among_the_runs(
    tmp_path: Path, server: ModelServer, tool: Callable[..., str]
) -> None:
    server.will(Says(calls=(call(tool.__name__),)), Says("Done."))
    with Play(tmp_path, server, tools=[as_tool(tool)]) as play:
        ticket = play.says("Do it.")
        if ticket.status is Status.WAITING:
            play.decides_on(ticket, Choice.APPROVE)
            ticket = play.runs(ticket)
        assert ticket.reply == "Done."
    assert namespaces(tmp_path) == {""}


@pytest.mark.parametrize("raising", ["interrupt", "GraphInterrupt"])
def test_an_interrupt_in_a_read_is_that_tools_error(
    tmp_path: Path, server: ModelServer, raising: str
) -> None:
    server.will(CHECK, Says("I cannot say."))
    with Play(tmp_path, server, tools=[as_tool(read(interrupting(raising)))]) as play:
        assert play.says("Is all well?").reply == "I cannot say."


@pytest.mark.parametrize("raising", ["interrupt", "GraphInterrupt"])
def test_an_interrupt_in_an_effect_leaves_its_outcome_to_a_person(
    tmp_path: Path, server: ModelServer, raising: str
) -> None:
    server.will(CHECK)
    with Play(tmp_path, server, tools=[as_tool(interrupting(raising))]) as play:
        ticket = play.says("Check.")
        play.decides_on(ticket, Choice.APPROVE)
        kinds = {each.kind for each in play.runs(ticket).open_requests}
    assert kinds == {Kind.OUTCOME}


def interrupting(raising: str) -> Callable[[], str]:
    """Make a tool that tries to pause the run."""

    def check() -> str:
        """Check for fraud."""
        if raising == "interrupt":
            return str(interrupt({"query": "May I?"}))
        raise GraphInterrupt

    return check


def namespaces(home: Path) -> set[str]:
    """Name the namespaces of the states in the store."""
    with closing(sqlite3.connect(home / "support.db")) as connection:
        return {name for (name,) in connection.execute("SELECT checkpoint_ns FROM checkpoints")}
