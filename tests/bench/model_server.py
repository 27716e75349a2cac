"""A model's server as a process of its own: `python -m tests.bench.model_server MILLISECONDS`.

It speaks OpenAI's Chat Completions, streamed and not. To a customer it answers with a call of
`human_assistance`, to a person's answer with that answer. It does next to nothing besides waiting,
so that what is measured is the client's side.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

_HEAD = {"id": "chatcmpl-1", "created": 1, "model": "bench"}


@contextmanager
def serving(milliseconds: int) -> Iterator[str]:
    """Run a server that answers after so long; gives its base URL."""
    command = [sys.executable, "-m", __name__, str(milliseconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
        finally:
            process.terminate()


async def serve(milliseconds: int) -> None:
    """Serve on a free port of the loopback, printed to stdout, until killed."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while body := await _body(reader):
                await asyncio.sleep(milliseconds / 1000)
                writer.write(_response(json.loads(body)))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, limit=2**24, backlog=1024)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


async def _body(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").lower().split("\r\n")
    size = next(line for line in lines if line.startswith("content-length:"))
    return await reader.readexactly(int(size.partition(":")[2]))


def _response(request: Mapping[str, Any]) -> bytes:
    message = _message(request["messages"][-1])
    if not request.get("stream"):
        finish = "tool_calls" if "tool_calls" in message else "stop"
        choice = {"index": 0, "message": message, "finish_reason": finish}
        whole = {**_HEAD, "object": "chat.completion", "choices": [choice]}
        return _http("application/json", json.dumps(whole))
    return _http("text/event-stream", "".join(_events(message)))


def _message(last: Mapping[str, Any]) -> dict[str, Any]:
    if last["role"] == "tool":
        return {"role": "assistant", "content": last["content"]}
    arguments = json.dumps({"query": last["content"]})
    function = {"name": "human_assistance", "arguments": arguments}
    calls = [{"id": "call_0", "type": "function", "function": function}]
    return {"role": "assistant", "content": None, "tool_calls": calls}


def _events(message: dict[str, Any]) -> Iterator[str]:
    calls = message.get("tool_calls")
    if calls:
        message = {**message, "tool_calls": [{"index": 0, **calls[0]}]}
    finish = "tool_calls" if calls else "stop"
    for delta, reason in ((message, None), ({}, finish)):
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        chunk = {**_HEAD, "object": "chat.completion.chunk", "choices": [choice]}
        yield f"data: {json.dumps(chunk)}\n\n"
    yield "data: [DONE]\n\n"


def _http(kind: str, body: str) -> bytes:
    sent = body.encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(sent)}\r\n\r\n"
    return head.encode() + sent


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
