"""The OpenAI-compatible client, which sends its messages as they are."""

from __future__ import annotations

from typing import Any

from langchain_openai import ChatOpenAI

from support_cli.agent.candid import CandidStream


class CandidChatOpenAI(CandidStream, ChatOpenAI):
    """ChatOpenAI that says what it really received."""

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
