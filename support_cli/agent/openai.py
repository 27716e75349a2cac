"""The OpenAI-compatible client, made to say what it really received, and to end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx2  # what the openai package's own client is made of
from langchain_core.messages import AIMessageChunk, ToolCallChunk
from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import ChatOpenAI
from openai import DefaultHttpxClient

from support_cli.agent.models import RAW_CALLS


class CandidChatOpenAI(ChatOpenAI):
    """ChatOpenAI that keeps the raw text of streamed tool calls.

    The library repairs what a stream leaves unfinished: `{"amount": 15` becomes a valid call. The
    gate refuses such a call, so it has to see the text.
    """

    def _get_request_payload(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        payload: dict[str, Any] = super()._get_request_payload(*args, **kwargs)
        if "messages" in payload:
            # They are JSON already. The client would look at every field, to translate names, for
            # longer than all the rest of a request takes; what is extra it sends as it is.
            plain = {name: payload[name] for name in ("messages", "tools") if name in payload}
            extra = {**plain, **(payload.get("extra_body") or {})}
            payload = {**payload, "messages": [], "extra_body": extra}
            payload.pop("tools", None)
        return payload

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        calls: list[ToolCallChunk] = []
        for chunk in super()._stream(*args, **kwargs):
            if isinstance(chunk.message, AIMessageChunk):
                for piece in chunk.message.tool_call_chunks:
                    _add(calls, piece)
            yield chunk
        if calls:
            raw = [[call["name"], call["args"]] for call in calls]
            metadata = {RAW_CALLS: raw}
            yield ChatGenerationChunk(
                message=AIMessageChunk(content="", response_metadata=metadata)
            )


def patient_client(patience: float) -> httpx2.Client:
    """Make a client that gives each whole response so many seconds.

    A timeout bounds only the wait for the next byte: a server that drips, or sends comments to keep
    the connection, would hold the ticket for ever.
    """

    def bound(response: httpx2.Response) -> None:
        response.stream = _Bounded(response.stream, time.monotonic() + patience)

    return DefaultHttpxClient(event_hooks={"response": [bound]})


class _Bounded(httpx2.SyncByteStream):
    def __init__(self, stream: Any, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._stream:
            if time.monotonic() > self._deadline:
                raise httpx2.ReadTimeout("The response did not end in time.")
            yield piece

    def close(self) -> None:
        self._stream.close()


def _add(calls: list[ToolCallChunk], piece: ToolCallChunk) -> None:
    """Add a piece to the call it continues: the last of its index, unless it brings a new id."""
    for call in reversed(calls):
        if call["index"] == piece["index"]:
            if piece["name"] and piece["id"] and piece["id"] != call["id"]:
                break
            call["name"] = (call["name"] or "") + (piece["name"] or "")
            call["args"] = (call["args"] or "") + (piece["args"] or "")
            return
    calls.append(piece.copy())
