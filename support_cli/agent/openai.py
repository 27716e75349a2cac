"""The OpenAI-compatible client, made to say what it really received."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from langchain_core.messages import AIMessageChunk, ToolCallChunk
from langchain_core.outputs import ChatGenerationChunk
from langchain_openai import ChatOpenAI

from support_cli.agent.models import RAW_CALLS


class CandidChatOpenAI(ChatOpenAI):
    """ChatOpenAI that keeps the raw text of streamed tool calls.

    The library repairs what a stream leaves unfinished: `{"amount": 15` becomes a valid call. The
    gate refuses such a call, so it has to see the text. `patience` bounds a whole stream, in
    seconds; `timeout` bounds only the wait for its next piece.
    """

    patience: float

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        deadline = time.monotonic() + self.patience
        calls: list[ToolCallChunk] = []
        for chunk in super()._stream(*args, **kwargs):
            if time.monotonic() > deadline:
                raise TimeoutError
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
