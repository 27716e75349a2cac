"""Models of other providers: what they call and how they end is judged as OpenAI's is."""

from __future__ import annotations

import json
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

import pytest
from langchain.chat_models.base import _BUILTIN_PROVIDERS
from langchain_core.messages import AIMessage
from pytest_httpserver import HTTPServer

from support_cli import settings
from support_cli.agent.candid import finish_of
from support_cli.agent.model_failures import AnswerCutOff
from support_cli.agent.models import build_model
from support_cli.agent.offline import OfflineModel
from support_cli.agent.proposals import fault, finished, proposed
from support_cli.agent.toolbox import Toolbox
from support_cli.config.providers import PROVIDERS, UNSUPPORTED
from support_cli.errors import UsageError
from support_cli.tools.api import as_tool

WHOLE = '{"amount": 15}'
CUT = '{"amount": 15'


def refund(amount: int) -> str:
    """Refund an amount."""
    return str(amount)


TOOLS = Toolbox([as_tool(refund)])


def load(home: Path, **environment: str) -> settings.Settings:
    return settings.load({"SUPPORT_HOME": str(home), **environment}, home / "no.env")


def streamed(given: settings.Settings) -> AIMessage:
    model: Any = build_model(given, OfflineModel(answer=lambda _: None))
    bound = model.bind_tools(TOOLS.for_model())
    message: AIMessage = reduce(add, bound.stream("15 euros, please."))
    return message


def anthropic_events(arguments: str, stop: str | None) -> str:
    """Write a message of Anthropic's with one call; without `stop` it breaks off."""
    usage = {"input_tokens": 1, "output_tokens": 1}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "model": "test"}
    block = {"type": "tool_use", "id": "toolu_1", "name": "refund", "input": {}}
    delta = {"type": "input_json_delta", "partial_json": arguments}
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": {**message, "content": [], "usage": usage}},
        {"type": "content_block_start", "index": 0, "content_block": block},
        {"type": "content_block_delta", "index": 0, "delta": delta},
    ]
    if stop is not None:
        ends = {"stop_reason": stop, "stop_sequence": None}
        events += [
            {"type": "content_block_stop", "index": 0},
            {"type": "message_delta", "delta": ends, "usage": {"output_tokens": 9}},
            {"type": "message_stop"},
        ]
    return "".join(f"event: {each['type']}\ndata: {json.dumps(each)}\n\n" for each in events)


def anthropic(httpserver: HTTPServer, home: Path, arguments: str, stop: str | None) -> AIMessage:
    httpserver.expect_request("/v1/messages").respond_with_data(
        anthropic_events(arguments, stop), content_type="text/event-stream"
    )
    url = httpserver.url_for("").rstrip("/")
    given = {"ANTHROPIC_API_KEY": "sk-1", "ANTHROPIC_BASE_URL": url}
    return streamed(load(home, SUPPORT_MODEL="anthropic:test", **given))


def ollama(httpserver: HTTPServer, home: Path, done: str | None) -> AIMessage:
    call = {"function": {"name": "refund", "arguments": {"amount": 15}}}
    head = {"model": "test", "created_at": "2026-01-01T00:00:00Z"}
    said = {"role": "assistant", "content": "", "tool_calls": [call]}
    lines: list[dict[str, Any]] = [{**head, "message": said, "done": False}]
    if done is not None:
        silent = {"role": "assistant", "content": ""}
        lines += [{**head, "message": silent, "done": True, "done_reason": done}]
    body = "".join(json.dumps(line) + "\n" for line in lines)
    httpserver.expect_request("/api/chat").respond_with_data(
        body, content_type="application/x-ndjson"
    )
    url = httpserver.url_for("").rstrip("/")
    return streamed(load(home, SUPPORT_MODEL="ollama:test", OLLAMA_HOST=url))


def chat(
    httpserver: HTTPServer, home: Path, provider: str, arguments: str, finish: str | None
) -> AIMessage:
    """Ask a provider that speaks as OpenAI does."""
    called: dict[str, Any] = {"index": 0, "id": "abcdef123", "type": "function"}
    called["function"] = {"name": "refund", "arguments": arguments}
    deltas: list[tuple[Any, str | None]] = [({"role": "assistant", "tool_calls": [called]}, None)]
    deltas += [({"content": ""}, finish)] if finish else []
    choices = [{"index": 0, "delta": delta, "finish_reason": end} for delta, end in deltas]
    events = [json.dumps({"id": "1", "model": "test", "choices": [each]}) for each in choices]
    body = "".join(f"data: {each}\n\n" for each in [*events, "[DONE]"])
    httpserver.expect_request("/chat/completions").respond_with_data(
        body, content_type="text/event-stream"
    )
    names = PROVIDERS[provider]
    url = httpserver.url_for("").rstrip("/")
    own = {"SUPPORT_MODEL": f"{provider}:test", names.url: url, str(names.key): "sk-1"}
    return streamed(load(home, **own))


def problem(message: AIMessage) -> str | None:
    said = finished([message])
    (call,) = proposed(said, TOOLS)
    return fault(call, said, TOOLS)


def test_a_whole_call_of_anthropics_can_be_made(httpserver: HTTPServer, tmp_path: Path) -> None:
    assert problem(anthropic(httpserver, tmp_path, WHOLE, "tool_use")) is None


def test_a_whole_call_of_ollamas_can_be_made(httpserver: HTTPServer, tmp_path: Path) -> None:
    assert problem(ollama(httpserver, tmp_path, "stop")) is None


@pytest.mark.parametrize(
    ("arguments", "stop"), [(CUT, "tool_use"), (CUT, "max_tokens"), (WHOLE, "max_tokens")]
)
def test_a_cut_off_call_of_anthropics_cannot(
    httpserver: HTTPServer, tmp_path: Path, arguments: str, stop: str
) -> None:
    assert "not made" in str(problem(anthropic(httpserver, tmp_path, arguments, stop)))


@pytest.mark.parametrize("provider", ["deepseek", "mistralai"])
def test_a_whole_call_of_those_that_speak_as_openai_can_be_made(
    httpserver: HTTPServer, tmp_path: Path, provider: str
) -> None:
    assert problem(chat(httpserver, tmp_path, provider, WHOLE, "tool_calls")) is None


@pytest.mark.parametrize("provider", ["deepseek", "mistralai"])
@pytest.mark.parametrize(("arguments", "finish"), [(CUT, "tool_calls"), (WHOLE, "length")])
def test_a_cut_off_call_of_those_that_speak_as_openai_cannot(
    httpserver: HTTPServer, tmp_path: Path, provider: str, arguments: str, finish: str
) -> None:
    assert "not made" in str(problem(chat(httpserver, tmp_path, provider, arguments, finish)))


@pytest.mark.parametrize("provider", ["deepseek", "mistralai"])
def test_a_stream_of_those_that_breaks_off_is_no_answer(
    httpserver: HTTPServer, tmp_path: Path, provider: str
) -> None:
    with pytest.raises(AnswerCutOff):
        finished([chat(httpserver, tmp_path, provider, WHOLE, None)])


def test_a_cut_off_call_of_ollamas_cannot(httpserver: HTTPServer, tmp_path: Path) -> None:
    assert "cut off" in str(problem(ollama(httpserver, tmp_path, "length")))


def test_a_stream_that_breaks_off_is_no_answer(httpserver: HTTPServer, tmp_path: Path) -> None:
    with pytest.raises(AnswerCutOff):
        finished([anthropic(httpserver, tmp_path, WHOLE, None)])


@pytest.mark.parametrize(
    ("metadata", "finish"),
    [
        ({"stop_reason": "end_turn"}, "stop"),
        ({"stop_reason": "tool_use"}, "tool_calls"),
        ({"stop_reason": "max_tokens"}, "length"),
        ({"stop_reason": "refusal"}, "content_filter"),
        ({"done_reason": "stop"}, "stop"),
        ({"done_reason": "load"}, None),
        ({"status": "completed"}, "stop"),
        ({"stop_reason": "pause_turn"}, "pause_turn"),
        ({}, None),
    ],
)
def test_every_providers_word_for_the_end_is_known(
    metadata: dict[str, Any], finish: str | None
) -> None:
    assert finish_of(metadata) == finish


@pytest.mark.parametrize(
    ("model", "told"),
    [
        ("openai:gpt-5", "OPENAI_API_KEY or OPENAI_BASE_URL"),
        ("azure_openai:gpt-5", "AZURE_OPENAI_API_KEY"),
        ("xai:grok-4", "langchain_xai"),
        ("nonsense", "not a model"),
        ("google_genai:gemini", "google_genai are not supported: support does not limit"),
        ("openai:", "not a model"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_anything_is_sent(
    tmp_path: Path, model: str, told: str
) -> None:
    with pytest.raises(UsageError, match=told):
        build_model(load(tmp_path, SUPPORT_MODEL=model), OfflineModel(answer=lambda _: None))


def test_a_missing_package_is_told_with_the_command(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        load(tmp_path, SUPPORT_MODEL="groq:llama", GROQ_API_KEY="gsk-1").require_model()
    assert raised.value.hint == "pip install 'support-cli[groq]'"


def test_every_provider_of_langchain_is_built_or_refused_with_a_reason() -> None:
    known = PROVIDERS.keys() | UNSUPPORTED.keys()
    assert known >= _BUILTIN_PROVIDERS.keys()
    assert not PROVIDERS.keys() & UNSUPPORTED.keys()


def test_one_that_is_not_supported_says_what_to_set_instead(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as raised:
        load(tmp_path, SUPPORT_MODEL="google_genai:gemini").require_model()
    assert "OPENAI_BASE_URL=https://generativelanguage" in str(raised.value.hint)
