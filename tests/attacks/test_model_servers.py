"""A model's server that would take the key, the memory or the time of the desk."""

from __future__ import annotations

import gzip
import json
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from support_cli import settings
from support_cli.agent.guarded_http import BYTES
from support_cli.agent.model_failures import ANSWER_LIMIT, reason_for
from support_cli.agent.models import build_model
from support_cli.agent.offline import OfflineModel
from support_cli.config.providers import PROVIDERS
from tests.model_server import Breaks, Call, ModelServer, Says

PATHS = {
    "openai": "/chat/completions",
    "anthropic": "/v1/messages",
    "ollama": "/api/chat",
    "azure_openai": "/openai/deployments/test/chat/completions",
    "deepseek": "/chat/completions",
    "mistralai": "/chat/completions",
}


@pytest.fixture
def elsewhere() -> Iterator[HTTPServer]:
    """Give a server of another origin."""
    with HTTPServer() as server:
        yield server


def ask(provider: str, url: str, home: Path, *, streamed: bool) -> str:
    """Ask the model of a provider whose server is at this address."""
    names = PROVIDERS[provider]
    environment = {
        "SUPPORT_MODEL": f"{provider}:test",
        names.url: url,
        names.key or "OPENAI_API_KEY": "sk-mine",
        "OPENAI_API_VERSION": "2024-10-21",
        "SUPPORT_HOME": str(home),
    }
    given = settings.load(environment, home / "no.env")
    model = build_model(given, OfflineModel(answer=lambda _: None))
    if streamed:
        return "".join(piece.text for piece in model.stream("hello"))
    return model.invoke("hello").text


Handler = Callable[[Request], Response]


def fails(provider: str, url: str, home: Path, *, streamed: bool = False) -> str:
    """Ask where it fails, and return why."""
    with pytest.raises(Exception) as raised:
        ask(provider, url, home, streamed=streamed)
    return reason_for(raised.value)


def serve(server: HTTPServer, provider: str, handler: Handler) -> str:
    """Let the server answer what the provider's client asks; return its address."""
    server.expect_request(PATHS[provider]).respond_with_handler(handler)
    return server.url_for("").rstrip("/")


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("provider", PATHS)
@pytest.mark.parametrize("status", [302, 307, 308])
def test_no_redirect_takes_the_key_or_the_conversation_to_another_origin(
    httpserver: HTTPServer,
    elsewhere: HTTPServer,
    tmp_path: Path,
    provider: str,
    status: int,
    streamed: bool,
) -> None:
    there = {"Location": elsewhere.url_for("/steal")}
    url = serve(httpserver, provider, lambda _: Response("", status, there))
    assert "another address" in fails(provider, url, tmp_path, streamed=streamed)
    assert not elsewhere.log


@pytest.mark.parametrize("status", [200, 400], ids=["answer", "error"])
@pytest.mark.parametrize("provider", PATHS)
def test_no_body_without_end_fills_the_memory(
    httpserver: HTTPServer, tmp_path: Path, provider: str, status: int
) -> None:
    sent: list[int] = []

    def flood(_: Request) -> Response:
        def pieces() -> Iterator[bytes]:
            while sum(sent) < 10 * BYTES:
                sent.append(1 << 20)
                yield b" " * (1 << 20)

        return Response(pieces(), status, mimetype="application/json")

    url = serve(httpserver, provider, flood)
    assert "too long" in fails(provider, url, tmp_path)
    assert sum(sent) < 6 * BYTES  # some clients ask three times


@pytest.mark.parametrize("provider", PATHS)
def test_no_small_body_unpacks_to_a_large_one(
    httpserver: HTTPServer, tmp_path: Path, provider: str
) -> None:
    bomb = gzip.compress(b" " * (64 << 20))
    packed = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
    url = serve(httpserver, provider, lambda _: Response(bomb, 200, packed))
    assert "compressed" in fails(provider, url, tmp_path)


def test_no_call_streams_its_arguments_without_end(tmp_path: Path) -> None:
    endless = Says(calls=(Call("refund", '{"reason": "' + "x" * 20 * ANSWER_LIMIT),))
    with ModelServer() as server:
        server.will(Breaks(endless, pieces=8))
        assert "too long" in fails("openai", server.url, tmp_path, streamed=True)


def test_no_flood_of_headers_fills_the_memory(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_flood_headers, args=(listening,), daemon=True)
        thread.start()
        port = listening.getsockname()[1]
        assert "connection" in fails("openai", f"http://127.0.0.1:{port}", tmp_path)
    thread.join(10)


def _flood_headers(listening: socket.socket) -> None:
    for _ in range(3):  # once, and twice again
        try:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                for index in range(1_000_000):
                    connection.sendall(b"X-%d: " % index + b"a" * 4000 + b"\r\n")
        except OSError:
            continue


def test_the_same_origin_may_redirect(httpserver: HTTPServer, tmp_path: Path) -> None:
    there = {"Location": httpserver.url_for("/v2/chat/completions")}
    url = serve(httpserver, "openai", lambda _: Response("", 307, there))
    body = json.dumps(Says("Hello.").whole())
    httpserver.expect_request("/v2/chat/completions").respond_with_data(
        body, content_type="application/json"
    )
    assert ask("openai", url, tmp_path, streamed=False) == "Hello."


@pytest.mark.parametrize("provider", ["ollama", "mistralai"])
def test_a_busy_server_is_asked_a_second_time_and_no_third(
    httpserver: HTTPServer, tmp_path: Path, provider: str
) -> None:
    url = serve(httpserver, provider, lambda _: Response("{}", 503))
    assert "Try again later (503)" in fails(provider, url, tmp_path, streamed=True)
    assert len(httpserver.log) == 2


def test_a_refused_key_is_not_tried_again(httpserver: HTTPServer, tmp_path: Path) -> None:
    url = serve(httpserver, "mistralai", lambda _: Response("{}", 401))
    assert "refused the key" in fails("mistralai", url, tmp_path, streamed=True)
    assert len(httpserver.log) == 1


def test_no_gateway_of_the_environment_gets_the_conversation(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LANGSMITH_GATEWAY", "http://127.0.0.1:9/theirs")
    own = {"SUPPORT_MODEL": "anthropic:test", "ANTHROPIC_API_KEY": "sk-mine"}
    given = settings.load({"SUPPORT_HOME": str(tmp_path), **own}, tmp_path / "no.env")
    model: Any = build_model(given, OfflineModel(answer=lambda _: None))
    assert model.anthropic_api_url == "https://api.anthropic.com"
