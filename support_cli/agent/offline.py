"""The model without a network: what a newcomer meets first, and what tests run on.

It answers from the knowledge base when it is sure, and passes everything else to a person.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable

from support_cli.agent.assistance import turn, without_model


class OfflineModel(BaseChatModel):
    """A chat model that knows only the knowledge base.

    `answer` gives the answer to a question, or None when it is not sure.
    """

    answer: Callable[[str], str | None]

    @property
    def _llm_type(self) -> str:
        return "offline"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, AIMessage]:
        """Take the tools; it knows the one it calls."""
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._say(messages))])

    def _say(self, messages: list[BaseMessage]) -> AIMessage:
        asked = turn(messages)
        if asked and all(isinstance(message, HumanMessage) for message in asked):
            answer = self.answer("\n".join(message.text for message in asked))
            if answer is not None:
                return AIMessage(answer, response_metadata={"finish_reason": "stop"})
        return without_model(messages)
