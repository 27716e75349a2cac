"""A model that cannot be asked loses no decision, and claims no ticket."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.conftest import Run

UNUSABLE = {
    "nonsense:x": "not a model support knows",
    "openai:x": "needs OPENAI_API_KEY or OPENAI_BASE_URL",
    "groq:x": "langchain_groq, which is not installed",
    "bedrock:x": "not supported",
}


def shown(support: Run, ticket: str) -> Any:
    return support("admin", "show", ticket, "--json").json["ticket"]


@pytest.mark.parametrize("model", UNUSABLE)
def test_no_worker_claims_a_ticket_for_a_model_that_cannot_be_asked(
    support: Run, model: str
) -> None:
    ticket = support("submit", "--detach", "hello", "--json").ticket
    ran = support("worker", "--once", SUPPORT_MODEL=model)
    assert ran.code == 2
    assert UNUSABLE[model] in ran.err
    assert [each["type"] for each in shown(support, ticket)["trail"]] == ["submitted"]


def test_no_decision_is_lost_to_a_model_that_cannot_be_asked(support: Run) -> None:
    ticket = support("submit", "--human", "hello", "--json").ticket
    ran = support("admin", "resume", ticket, "--answer", "Hi.", SUPPORT_MODEL="groq:x")
    assert ran.code == 0
    assert "pip install 'support-cli[groq]'" in ran.err
    after = shown(support, ticket)
    assert after["status"] == "ready"
    assert after["trail"][-1]["type"] == "decided"
