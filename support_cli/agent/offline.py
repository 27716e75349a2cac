"""The model without a network: what a newcomer meets first, and what tests run on.

It answers from the knowledge base when it is sure, does plain requests about orders (as far as
policy lets it), and passes everything else to a person.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable

from support_cli.agent.assistance import OURS, turn, without_model
from support_cli.agent.order_requests import next_turn

_MARK = "offline-"  # begins the ids of its messages


class OfflineModel(BaseChatModel):
    """A chat model that knows the knowledge base, and what plain requests about orders look like.

    `answer` gives the answer to a question, or None when it is not sure.
    """

    answer: Callable[[str], str | None]
    model_name: str = "offline"

    @property
    def _llm_type(self) -> str:
        return "offline"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, AIMessage]:
        """Take the tools; it knows those it calls."""
        return self.bind(tools=list(tools))

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._say(messages))])

    def _say(self, messages: list[BaseMessage]) -> AIMessage:
        said = self._known(messages) or without_model(messages)
        said.id = f"{_MARK}{uuid4().hex}"
        return said

    def _known(self, messages: list[BaseMessage]) -> AIMessage | None:
        """Say what it knows by itself; it does nothing in a conversation another model led."""
        asked = turn(messages)
        acting = None if _led_by_another(messages) else next_turn(messages)
        if acting is not None:
            return acting
        if asked and all(isinstance(message, HumanMessage) for message in asked):
            answer = self.answer("\n".join(message.text for message in asked))
            if answer is not None:
                return AIMessage(answer, response_metadata={"finish_reason": "stop"})
        return None


def _led_by_another(messages: Sequence[BaseMessage]) -> bool:
    return any(
        isinstance(message, AIMessage) and not str(message.id).startswith((_MARK, *OURS))
        for message in messages
    )
