"""The models: an OpenAI-compatible server, or `offline`; and why one failed, in a sentence."""

from __future__ import annotations

from typing import Any

from langchain_core.language_models import BaseChatModel
from pydantic import SecretStr

from support_cli.errors import SupportError
from support_cli.settings import Settings

RAW_CALLS = "raw_calls"  # response metadata: the name and argument text of each call, as it came
_CODES = ("insufficient_quota", "rate_limit_exceeded", "context_length_exceeded", "model_not_found")
_RETRIES = 2
_PATIENCE = 5  # a whole answer may take so many times as long as its next piece


class AnswerCutOff(SupportError):
    """The model's answer was cut off."""


def build_model(settings: Settings, offline: BaseChatModel) -> BaseChatModel:
    """Build the model the settings name."""
    if settings.model == "offline":
        return offline
    # Importing the client takes most of a second: not for the offline model.
    from support_cli.agent.openai import CandidChatOpenAI, patient_client

    seconds = settings.model_timeout.total_seconds()
    extra: dict[str, Any] = {}
    if settings.openai_base_url is not None:
        extra = {"base_url": settings.openai_base_url, "use_responses_api": False}
    return CandidChatOpenAI(
        model=settings.model.partition(":")[2],
        api_key=SecretStr(settings.openai_api_key or "none"),
        timeout=seconds,
        max_retries=_RETRIES,
        http_client=patient_client(seconds * _PATIENCE),
        **extra,
    )


def reason_for(error: Exception) -> str:
    """Say why the model failed, in a sentence without anything the server said.

    A server's own text may hold a part of the key, or anything else.
    """
    name = type(error).__name__
    status = getattr(error, "status_code", None)
    if "Timeout" in name:
        return "The model did not answer in time."
    if status == 401:
        return "The model's server refused the key (401)."
    if isinstance(status, int):
        code = getattr(error, "code", None)
        return f"The model's server answered {status}{f' ({code})' if code in _CODES else ''}."
    if "Connection" in name or "Protocol" in name or "Network" in name or "Read" in name:
        return "The connection to the model's server failed."
    if isinstance(error, SupportError):
        return error.message
    if "API" in name:
        return "The model's server began an answer and broke off with an error."
    if isinstance(error, ValueError | TypeError | LookupError | AttributeError):
        return "The model's server sent something that is not an answer."
    return f"The model failed ({name})."
