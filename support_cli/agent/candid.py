"""Chat models made to say what they really received, and to end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from langchain_core.messages import AIMessageChunk, ToolCallChunk
from langchain_core.outputs import ChatGenerationChunk

from support_cli.agent.model_failures import ANSWER_LIMIT, AnswerTooLong, may_pass

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel as Base
else:
    Base = object

RAW_CALLS = "raw_calls"  # response metadata: the name and argument text of each call, as it came
_PAUSE = 0.5  # seconds, before a model is asked a second time
_FINISHES = ("finish_reason", "stop_reason", "done_reason")
_NAMES = {
    **dict.fromkeys(("end_turn", "stop_sequence", "eos_token", "eos", "complete"), "stop"),
    **dict.fromkeys(("tool_use", "tool_call", "function_call"), "tool_calls"),
    **dict.fromkeys(("max_tokens", "model_context_window_exceeded"), "length"),
    **dict.fromkeys(("refusal", "safety"), "content_filter"),
}


class CandidStream(Base):
    """Keeps the raw text of streamed tool calls, and ends an answer without end.

    The library repairs what a stream leaves unfinished: `{"amount": 15` becomes a valid call. The
    gate refuses such a call, so it has to see the text.
    """

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        calls: list[ToolCallChunk] = []
        length = 0
        for chunk in super()._stream(*args, **kwargs):
            if isinstance(chunk.message, AIMessageChunk):
                pieces = chunk.message.tool_call_chunks
                length += len(chunk.message.text) + sum(len(each["args"] or "") for each in pieces)
                for piece in pieces:
                    _add(calls, piece)
            if length > ANSWER_LIMIT:
                raise AnswerTooLong
            yield chunk
        if calls:
            metadata = {RAW_CALLS: [[call["name"], call["args"]] for call in calls]}
            yield ChatGenerationChunk(
                message=AIMessageChunk(content="", response_metadata=metadata)
            )


class SecondAttempt(Base):
    """Asks once again where the server could not be reached or had too much to do.

    For clients that do not do so themselves. Once a piece has come, it was shown: never then.
    """

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        begun = False
        try:
            for chunk in super()._stream(*args, **kwargs):
                begun = True
                yield chunk
        except Exception as error:
            if begun or not may_pass(error):
                raise
        else:
            return
        time.sleep(_PAUSE)
        yield from super()._stream(*args, **kwargs)


def asks_again(model: type[Any]) -> type[Any]:
    """Make a class of chat models ask a second time."""
    return type(model.__name__, (SecondAttempt, model), {"__module__": __name__})


def candid(model: type[Any]) -> type[Any]:
    """Make a class of chat models candid."""
    return type(f"Candid{model.__name__}", (CandidStream, model), {"__module__": __name__})


def finish_of(metadata: dict[str, Any]) -> str | None:
    """Say in OpenAI's words why a message ended, whatever its provider calls it; None: it did not.

    A word that nobody knows is given as it is, and nothing counts as finished by it.
    """
    if metadata.get("status") == "completed":
        # OpenAI's Responses API has a status where Chat Completions has a finish reason.
        return "stop"
    found = next((metadata[name] for name in _FINISHES if metadata.get(name)), None)
    if found is None or found == "load":  # what Ollama says when it has only loaded the model
        return None
    return _NAMES.get(str(found).lower(), str(found).lower())


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
