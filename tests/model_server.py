"""A scripted server that speaks OpenAI's Chat Completions, streamed and not, well and badly."""

from __future__ import annotations

import json
import re
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

SERVER_TEXT = "the-server-says-this"  # in every error it sends, so that a leak is found
_PATH = "/v1/chat/completions"
_PIECES = 10  # that the arguments of a call are streamed in
_NO_WAIT = {"retry-after-ms": "1"}  # the client tries again when the server says


class Answer(Protocol):
    """What the server does with one request."""

    def respond(self, streamed: bool, over: threading.Event) -> Response:
        """Make the response; it ends early when the server is over."""
        ...


Conversation = Sequence[Mapping[str, Any]]
Mind = Callable[[Conversation], Answer]


@dataclass(frozen=True)
class Call:
    """A tool call, with its arguments as the text that is sent."""

    name: str
    arguments: str
    id: str = "call_0"


def call(name: str, /, *, id: str = "call_0", **arguments: Any) -> Call:
    """Make a call with arguments that are whole."""
    return Call(name, json.dumps(arguments), id)


@dataclass(frozen=True)
class Says:
    """A message of the model. `finish` None: it was not finished.

    `indexes` are the places of the calls in a stream; some servers give each the same.
    """

    text: str | None = None
    calls: tuple[Call, ...] = ()
    finish: str | None = "unset"
    indexes: tuple[int, ...] = ()

    def respond(self, streamed: bool, over: threading.Event) -> Response:
        """Send it whole, or piece by piece."""
        if not streamed:
            return _json(self.whole())
        return _stream([*self.pieces(), "data: [DONE]\n\n"])

    def whole(self) -> dict[str, Any]:
        """Write it as one completion."""
        calls = [{"id": each.id, **_function(each)} for each in self.calls]
        message = {"role": "assistant", "content": self.text, "tool_calls": calls or None}
        choice = {"index": 0, "message": message, "finish_reason": self._finish}
        return {**_HEAD, "object": "chat.completion", "choices": [choice]}

    def pieces(self) -> list[str]:
        """Write it as the events of a stream."""
        deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
        deltas += [{"content": word} for word in re.findall(r"\S+\s*", self.text or "")]
        for index, each in zip(self.indexes or range(len(self.calls)), self.calls, strict=True):
            deltas += [{"tool_calls": [piece]} for piece in _call_pieces(index, each)]
        events = [_event(delta, None) for delta in deltas]
        return [*events, _event({}, self._finish)] if self._finish else events

    @property
    def _finish(self) -> str | None:
        return ("tool_calls" if self.calls else "stop") if self.finish == "unset" else self.finish


@dataclass(frozen=True)
class Refuses:
    """An error with a status. By default it bids the client to try again at once."""

    status: int
    code: str | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: _NO_WAIT)
    kind: str = SERVER_TEXT
    text: str = SERVER_TEXT

    def respond(self, streamed: bool, over: threading.Event) -> Response:
        """Send the error."""
        error = {"message": self.text, "type": self.kind, "code": self.code}
        return _json({"error": error}, self.status, self.headers)


@dataclass(frozen=True)
class ShowsPage:
    """A page for people, as a gateway in between shows it."""

    status: int

    def respond(self, streamed: bool, over: threading.Event) -> Response:
        """Send the page."""
        page = f"<html><body><h1>{SERVER_TEXT}</h1></body></html>"
        return Response(page, self.status, _NO_WAIT, content_type="text/html")


@dataclass(frozen=True)
class FailsWithin:
    """An error inside a response that began well."""

    def respond(self, streamed: bool, over: threading.Event) -> Response:
        """Send a beginning, then the error; without a stream, the error alone."""
        error = {"error": {"message": SERVER_TEXT, "type": "server_error", "code": None}}
        if not streamed:
            return _json(error)
        return _stream([*Says("Half of it").pieces()[:2], f"data: {json.dumps(error)}\n\n"])


@dataclass(frozen=True)
class Sends:
    """Any JSON, where a completion was asked for."""

    body: Any

    def respond(self, streamed: bool, over: threading.Event) -> Response:
        """Send it, in a stream as its only event."""
        if not streamed:
            return _json(self.body)
        return _stream([f"data: {json.dumps(self.body)}\n\n", "data: [DONE]\n\n"])


@dataclass(frozen=True)
class Breaks:
    """A message that ends too early; `cleanly`: as if that were all."""

    message: Says
    pieces: int = 2
    cleanly: bool = False

    def respond(self, streamed: bool, over: threading.Event) -> Response:
        """Send the beginning and hang up."""
        if streamed:
            return Response(self._cut(self.message.pieces()[: self.pieces]), mimetype=_EVENTS)
        whole = json.dumps(self.message.whole())
        headers = {} if self.cleanly else {"Content-Length": str(len(whole))}
        half = [whole[: len(whole) // 2]]
        return Response(self._cut(half), headers=headers, mimetype="application/json")

    def _cut(self, sent: Sequence[str]) -> Iterator[str]:
        yield from sent
        if not self.cleanly:
            raise ConnectionResetError  # the server closes the connection, and logs nothing


@dataclass(frozen=True)
class Drips:
    """An answer of very many pieces, each soon after the last."""

    piece: str = ""
    pieces: int = 200
    every: float = 0.03

    def respond(self, streamed: bool, over: threading.Event) -> Response:
        """Send pieces until the client or the server has enough, or there is no more."""
        piece = (self.piece or _event({"content": "Well, "}, None)) if streamed else " "
        kind = _EVENTS if streamed else "application/json"
        return Response(self._drops(piece, over), mimetype=kind)

    def _drops(self, piece: str, over: threading.Event) -> Iterator[str]:
        for _ in range(self.pieces):
            if over.wait(self.every):
                return
            yield piece


@dataclass(frozen=True)
class Hangs:
    """No answer at all."""

    def respond(self, streamed: bool, over: threading.Event) -> Response:
        """Wait until the server is over."""
        over.wait()
        return Response(status=503)


class _QuickServer(HTTPServer):
    """A server that stops at once: the library's own looks every half a second."""

    def thread_target(self) -> None:
        assert self.server is not None
        self.server.serve_forever(poll_interval=0.02)


class ModelServer:
    """Gives the answers it was told to, in order, and keeps what it was asked."""

    def __init__(self) -> None:
        self._http = _QuickServer(threaded=True)
        self._http.expect_request(_PATH, method="POST").respond_with_handler(self._answer)
        self._script: deque[Answer] = deque()
        self._mind: Mind | None = None
        self._over = threading.Event()
        self.asked: list[dict[str, Any]] = []

    def __enter__(self) -> ModelServer:
        self._http.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._http.stop()

    @property
    def url(self) -> str:
        """The base URL for a client."""
        return self._http.url_for("/v1")

    def will(self, *answers: Answer) -> None:
        """Add to what it answers."""
        self._script.extend(answers)

    def minds(self, mind: Mind) -> None:
        """Answer by the conversation, where nothing was scripted."""
        self._mind = mind

    @property
    def left(self) -> list[Answer]:
        """The answers nobody has asked for."""
        return list(self._script)

    def check(self) -> None:
        """Raise where it was asked more than it was told to answer."""
        self._http.check()

    def _answer(self, request: Request) -> Response:
        body = json.loads(request.data)
        self.asked.append(body)
        if self._script:
            answer = self._script.popleft()
        else:
            assert self._mind, "asked more often than the test told it to answer"
            answer = self._mind(body["messages"])
        return answer.respond(bool(body.get("stream")), self._over)


def valid_conversation(messages: Conversation) -> None:
    """Fail where OpenAI would refuse a conversation: each call must be answered once, at once."""
    seen: set[str] = set()
    due: set[str] = set()
    for message in messages:
        role = message["role"]
        assert role in {"system", "user", "assistant", "tool"}, role
        if role == "tool":
            assert message["tool_call_id"] in due, f"a result of no call: {message}"
            due.remove(message["tool_call_id"])
            continue
        assert not due, f"{role} speaks before {due} has a result"
        calls = message.get("tool_calls") or []
        assert role != "assistant" or calls or message["content"], "says and does nothing"
        due = {each["id"] for each in calls}
        assert len(due) == len(calls), f"two calls with one id: {calls}"
        assert not due & seen, f"the id of an earlier call: {due & seen}"
        assert all(isinstance(json.loads(each["function"]["arguments"]), dict) for each in calls)
        seen |= due
    assert not due, f"no result of {due}"


_EVENTS = "text/event-stream"
_HEAD = {"id": "chatcmpl-1", "created": 1, "model": "test"}


def _function(made: Call) -> dict[str, Any]:
    return {"type": "function", "function": {"name": made.name, "arguments": made.arguments}}


def _call_pieces(index: int, made: Call) -> Iterator[dict[str, Any]]:
    yield {"index": index, "id": made.id, **_function(Call(made.name, ""))}
    size = len(made.arguments) // _PIECES + 1
    for start in range(0, len(made.arguments), size):
        text = made.arguments[start : start + size]
        yield {"index": index, "function": {"arguments": text}}


def _event(delta: Mapping[str, Any], finish: str | None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    chunk = {**_HEAD, "object": "chat.completion.chunk", "choices": [choice]}
    return f"data: {json.dumps(chunk)}\n\n"


def _json(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(json.dumps(body), status, headers, mimetype="application/json")


def _stream(events: Sequence[str]) -> Response:
    return Response(iter(events), mimetype=_EVENTS)
