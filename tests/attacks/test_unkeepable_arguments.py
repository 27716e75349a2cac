"""What the agent's state cannot keep is refused where it comes in; it never fails a run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support_cli.agent.assistance import NAME
from support_cli.domain.request import Choice
from support_cli.domain.ticket import Status
from support_cli.errors import UsageError
from support_cli.services.decisions import Answer
from support_cli.tools.api import as_tool, effect
from tests.agent.play import ADMIN, Play, asked, reason
from tests.cli.conftest import Run
from tests.model_server import Call, ModelServer, Says, Sends, call

TOO_LARGE, TOO_DEEP = str(2**64), "[" * 300 + "]" * 300
UNKEEPABLE = pytest.mark.parametrize("value", [TOO_LARGE, TOO_DEEP], ids=["64 bits", "300 levels"])


@effect(keyed=True)
def store(value: Any) -> str:
    """Store a value."""
    return "stored"


@pytest.fixture
def storing(tmp_path: Path, server: ModelServer) -> Iterator[Play]:
    """Give a desk with a tool that takes anything, and asks a person."""
    with Play(tmp_path, server, tools=[as_tool(store)]) as play:
        yield play


@UNKEEPABLE
def test_an_unkeepable_argument_is_refused_to_the_model_and_fails_no_run(
    storing: Play, server: ModelServer, value: str
) -> None:
    server.will(Says(calls=(Call("store", f'{{"value": {value}}}'),)), Says("I cannot."))
    assert storing.says("Store it.").reply == "I cannot."
    assert "arguments cannot be used" in server.asked[-1]["messages"][-1]["content"]


@UNKEEPABLE
def test_an_unkeepable_question_is_refused_to_the_model_and_fails_no_run(
    storing: Play, server: ModelServer, value: str
) -> None:
    question = Call(NAME, f'{{"query": "What?", "options": [{value}]}}')
    server.will(Says(calls=(question,)), Says("I cannot."))
    assert storing.says("Ask.").reply == "I cannot."


@pytest.mark.parametrize(
    "value",
    [2**64, [-(2**63) - 1], {"a": float("nan")}, "\ud83d", {"\ud83d": 1}, json.loads(TOO_DEEP)],
)
def test_an_unkeepable_edit_is_refused_to_the_person(
    storing: Play, server: ModelServer, value: object
) -> None:
    server.will(Says(calls=(call("store", value=1),)))
    ticket = storing.says("Store it.")
    (shown,) = ticket.open_requests
    edit = Answer(Choice.EDIT, args={"value": value}, if_match=shown.fingerprint)
    with pytest.raises(UsageError, match="cannot be kept"):
        storing.desk.decisions.decide(ticket.id, ADMIN, edit)


def test_a_number_of_tokens_over_64_bits_asks_a_person_and_fails_no_run(
    storing: Play, server: ModelServer
) -> None:
    usage = dict.fromkeys(("prompt_tokens", "completion_tokens", "total_tokens"), 2**64)
    server.will(Sends({**Says("Hello.").whole(), "usage": usage}), Says("He says hello."))
    ticket = storing.says("Hello?")
    assert asked(ticket) == ("Hello?",)
    assert reason(ticket) == "The model's server sent something that is not an answer."
    assert storing.answers(ticket, "Hello!").status is Status.ANSWERED


def test_a_name_of_a_megabyte_in_a_call_is_not_kept(storing: Play, server: ModelServer) -> None:
    server.will(Says(calls=(Call("x" * 1_000_000, "{}"),)))
    assert reason(storing.says("Hello?")) == "The model's answer was too long to keep."


def test_an_edit_of_60000_levels_is_not_a_bug(run: Run) -> None:
    ticket = run("submit", "approve: May she?", "--json").ticket
    deep = f'{{"amount": {"[" * 60_000 + "]" * 60_000}}}'
    ran = run("admin", "resume", ticket, "--edit", deep, "--if-match", "any")
    assert (ran.code, ran.err.splitlines()[0]) == (
        2,
        "Error: The edit is not JSON: it is nested too deeply.",
    )
