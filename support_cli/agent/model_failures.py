"""Why a model failed, and what to do, told by codes, types and statuses in one table."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from ssl import SSLError

from langchain_core.exceptions import ContextOverflowError

from support_cli.errors import SupportError

_PASSING = frozenset({429, 502, 503, 504, 529})
_BODY_LIMIT = 64 * 1024  # characters of an error
ANSWER_LIMIT = 256 * 1024  # characters of a message that is kept


class AnswerCutOff(SupportError):
    """The model's answer was cut off."""


class AnswerFiltered(SupportError):
    """The model's provider withheld the answer (content filter). Answer it yourself."""


class AnswerTooLong(SupportError):
    """The model's answer was too long to keep."""


class RedirectRefused(SupportError):
    """The model's server sends on to another address, which is not followed. Check its base URL."""


class AnswerEncoded(SupportError):
    """The model's server compressed its answer, which was not asked for."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason to fail: the sentence for it, and how servers name it.

    `names` are codes and types of OpenAI, Azure, Anthropic, llama.cpp, vLLM and their kin.
    """

    sentence: str
    names: frozenset[str] = frozenset()
    statuses: frozenset[int] = frozenset()


def _cause(sentence: str, names: str = "", *statuses: int) -> Cause:
    return Cause(sentence, frozenset(names.split()), frozenset(statuses))


TOO_LONG = _cause(
    "The conversation is too long for the model. Answer it yourself, or set SUPPORT_MODEL to one "
    "that takes more",
    "context_length_exceeded exceed_context_size_error context_window_exceeded request_too_large",
    413,
)
# What a server names goes before its status: a 429 may be a quota, a 400 a conversation too long.
CAUSES = (
    TOO_LONG,
    _cause(
        "The account at the model's provider has no money or quota left. Top it up there",
        "insufficient_quota billing_error billing_hard_limit_reached billing_not_active "
        "credit_balance_too_low",
        402,
    ),
    _cause(
        "The model's provider refused the text (content filter). Answer it yourself",
        "content_filter content_policy_violation ResponsibleAIPolicyViolation",
    ),
    _cause(
        "The model's server does not know this model. Check SUPPORT_MODEL",
        "model_not_found not_found_error DeploymentNotFound model_not_available",
        404,
    ),
    _cause(
        "The model's server refused the key. Check it with support admin doctor",
        "invalid_api_key authentication_error",
        401,
    ),
    _cause(
        "The key may not use this model. Allow it at the provider, or set another SUPPORT_MODEL",
        "permission_error permission_denied unsupported_country_region_territory",
        403,
    ),
    _cause(
        "The model's server has too much to do. Try again later",
        "rate_limit_exceeded rate_limit_error overloaded_error",
        429,
        529,
    ),
    _cause("The model's server took too long", "timeout_error", 408, 504),
    _cause("The model's server failed. Try again later", "server_error api_error"),
    _cause("The model's server refused the request", "invalid_request_error"),
)
# The one that is known by words: vLLM gives neither a code nor a type of its own.
_VLLM_TOO_LONG = re.compile(r"maximum context length", re.IGNORECASE)


def reason_for(error: Exception) -> str:
    """Say why the model failed and what to do, without anything the server said.

    A server's own text may hold a part of the key, or anything else.
    """
    for each in _chain(error):
        if isinstance(each, SupportError):
            return each.message
        if isinstance(each, SSLError):
            return "The certificate of the model's server is not trusted. Check its base URL."
    if "Timeout" in type(error).__name__:
        return "The model did not answer in time."
    status = _status(error)
    known = isinstance(status, int) and 300 <= status <= 599
    cause = _cause_of(error, status)
    if cause is not None:
        return f"{cause.sentence} ({status})." if known else f"{cause.sentence}."
    return f"The model's server answered {status}." if known else _without_status(error)


def may_pass(error: Exception) -> bool:
    """Say whether asking again soon may help: nobody was there, or the server was too busy."""
    if any(isinstance(each, SupportError) for each in _chain(error)):
        return False
    return _status(error) in _PASSING or "Connect" in type(error).__name__


def _status(error: Exception) -> object:
    found = getattr(error, "status_code", None)
    return found or getattr(getattr(error, "response", None), "status_code", None)


def _without_status(error: Exception) -> str:
    name = type(error).__name__
    if any(word in name for word in ("Connect", "Protocol", "Network", "Read", "Remote")):
        return "The connection to the model's server failed."
    if "API" in name or "ResponseError" in name:
        return "The model's server began an answer and broke off with an error."
    if isinstance(error, ValueError | TypeError | LookupError | AttributeError):
        return "The model's server sent something that is not an answer."
    return f"The model failed ({name})."


def _cause_of(error: Exception, status: object) -> Cause | None:
    if isinstance(error, ContextOverflowError) or _VLLM_TOO_LONG.search(_message(error)):
        return TOO_LONG
    names = _names(error)
    named = [cause for cause in CAUSES if cause.names & names and cause.names]
    by_status = [cause for cause in CAUSES if status in cause.statuses]
    if not by_status and isinstance(status, int) and status >= 500:
        by_status = [cause for cause in CAUSES if "server_error" in cause.names]
    # The vaguest names stand last: a status says more than they do.
    strong = [cause for cause in named if cause not in CAUSES[-2:]]
    return next(iter([*strong, *by_status, *named]), None)


def _names(error: Exception) -> frozenset[str]:
    body = _body(error)
    inner = body.get("error", body) if isinstance(body, dict) else {}
    inner = inner if isinstance(inner, dict) else {}
    azure = inner.get("innererror")
    found = [getattr(error, name, None) for name in ("code", "type", "error_code")]
    found += [inner.get("code"), inner.get("type")]
    found += [azure.get("code")] if isinstance(azure, dict) else []
    return frozenset(each for each in found if isinstance(each, str))


def _body(error: Exception) -> object:
    """Read what the server said: some clients leave it as it came, in the error or the response."""
    body = getattr(error, "body", None)
    if body is None:
        # httpx raises where nobody has read the response.
        with suppress(RuntimeError):
            body = getattr(getattr(error, "response", None), "text", None)
    if isinstance(body, str) and len(body) <= _BODY_LIMIT:
        with suppress(ValueError, RecursionError):
            return json.loads(body)
    return body


def _message(error: Exception) -> str:
    status = getattr(error, "status_code", None)
    return str(getattr(error, "message", ""))[:2000] if status == 400 else ""


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
