"""Customers' texts are sent to LangSmith only where SUPPORT_TRACING says so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from langchain_openai import ChatOpenAI
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from support_cli import settings
from support_cli.agent.build import silence_tracing
from support_cli.agent.models import build_model
from support_cli.agent.offline import OfflineModel
from tests.model_server import ModelServer, Says

QUESTION = "My card number is 4111 1111 1111 1111."
SUBMIT = f"""
from langchain_core.tracers.langchain import wait_for_all_tracers
from support_cli import settings, wiring
with wiring.open_desk(settings.load()) as desk:
    ticket = desk.tickets.submit(desk.customer("ada"), {QUESTION!r}, human=False)
    print(desk.runs.run(ticket.id).reply)
wait_for_all_tracers()
"""


class LangSmith:
    """Takes whatever is sent to it, as LangSmith would."""

    def __init__(self) -> None:
        self.http = HTTPServer(threaded=True)
        self.http.expect_request(re.compile(".*")).respond_with_handler(self._take)
        self.taken = b""

    def _take(self, request: Request) -> Response:
        self.taken += request.data
        return Response("{}", 202)


@pytest.fixture
def langsmith() -> Iterator[LangSmith]:
    """Give a server in the place of LangSmith's."""
    langsmith = LangSmith()
    with langsmith.http:
        yield langsmith


def submits(home: Path, server: ModelServer, langsmith: LangSmith, **more: str) -> str:
    """Submit a ticket in a process whose environment asks for tracing."""
    server.will(Says("Thank you."))
    url = langsmith.http.url_for("")
    names = ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2")
    asked = dict.fromkeys(names, "true") | {
        "LANGSMITH_ENDPOINT": url,
        "LANGSMITH_API_KEY": "lsv2_test",
        "LANGSMITH_GATEWAY": url,
        "LANGSMITH_DISABLE_RUN_COMPRESSION": "true",
        "OPENAI_BASE_URL": server.url,
        "SUPPORT_HOME": str(home),
    }
    done = subprocess.run(
        [sys.executable, "-c", SUBMIT],
        env={**os.environ, **asked, **more},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.strip()


def test_nothing_is_sent_whatever_the_environment_says(
    tmp_path: Path, server: ModelServer, langsmith: LangSmith
) -> None:
    assert submits(tmp_path, server, langsmith) == "Thank you."
    assert langsmith.http.log == []


def test_texts_are_sent_where_tracing_is_switched_on(
    tmp_path: Path, server: ModelServer, langsmith: LangSmith
) -> None:
    submits(tmp_path, server, langsmith, SUPPORT_TRACING="1")
    assert QUESTION.encode() in langsmith.taken


@pytest.mark.parametrize(("tracing", "led"), [("", False), ("1", True)])
def test_the_model_is_not_reached_through_langsmith(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tracing: str, led: bool
) -> None:
    monkeypatch.setenv("LANGSMITH_GATEWAY", "http://gateway.example")
    given = settings.load({"OPENAI_API_KEY": "sk-1", "SUPPORT_TRACING": tracing}, tmp_path / "none")
    silence_tracing(given)
    model = build_model(given, OfflineModel(answer=lambda _: None))
    assert isinstance(model, ChatOpenAI)
    assert (model.openai_api_base is not None) is led
