"""A model's server for many tickets at once: what it says follows from the conversation alone.

`credit N` proposes a credit note of N; anything else asks a person. A tool's result is passed on.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    seconds = 0.0


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        time.sleep(self.server.seconds)
        sent = json.dumps(_completion(_message(body["messages"][-1]))).encode()
        try:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)
        except ConnectionError:
            self.close_connection = True  # the client was killed

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def clerk(seconds: float = 0.0) -> Iterator[str]:
    """Run the server, each answer taking so long; gives its base URL."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.seconds = seconds
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/v1"
        finally:
            server.shutdown()


def _completion(message: Mapping[str, Any]) -> dict[str, Any]:
    finish = "tool_calls" if message.get("tool_calls") else "stop"
    choice = {"index": 0, "message": message, "finish_reason": finish}
    return {
        "id": "c",
        "object": "chat.completion",
        "created": 1,
        "model": "clerk",
        "choices": [choice],
    }


def _message(last: Mapping[str, Any]) -> dict[str, Any]:
    text = str(last["content"])
    if last["role"] == "tool":
        return {"role": "assistant", "content": text}
    command, _, amount = text.partition(" ")
    if command == "credit":
        given = {"amount": amount, "currency": "EUR", "reason": "late", "confidence": 1}
        return _call("issue_credit", given)
    return _call("human_assistance", {"query": text})


def _call(name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    function = {"name": name, "arguments": json.dumps(arguments)}
    calls = [{"id": "call_0", "type": "function", "function": function}]
    return {"role": "assistant", "content": None, "tool_calls": calls}
