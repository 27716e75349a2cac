"""The models: those of the providers by their names, or `offline`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, cast

from langchain_core.language_models import BaseChatModel
from pydantic import SecretStr

from support_cli.agent.guarded_http import PLAIN, guard
from support_cli.config.providers import OFFLINE
from support_cli.settings import Settings

_RETRIES = 2
_PATIENCE = 5  # a whole answer may take so many times as long as its next piece


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A model that is to be built. `seconds` is the time for the next piece of its answer."""

    provider: str
    name: str
    key: str | None
    url: str | None
    version: str | None
    seconds: float

    def secret(self) -> SecretStr:
        """Give the key; a server of one's own may need none, but its client does."""
        return SecretStr(self.key or "none")

    def given(self, **optional: Any) -> dict[str, Any]:
        """Give what every client takes, and what else is set."""
        common = {"model": self.name, "timeout": self.seconds, "max_retries": _RETRIES}
        return common | {name: value for name, value in optional.items() if value is not None}


def build_model(settings: Settings, offline: BaseChatModel) -> BaseChatModel:
    """Build the model the settings name.

    Raises:
        UsageError: there is no such model, it cannot be reached as set, or its package is missing.
    """
    settings.require_model()
    if settings.model == OFFLINE:
        return offline
    provider, _, name = settings.model.partition(":")
    seconds = settings.model_timeout.total_seconds()
    key, url = settings.model_key, settings.model_url
    return _BUILD[provider](_Wanted(provider, name, key, url, settings.azure_version, seconds))


def _openai(wanted: _Wanted) -> BaseChatModel:
    # Importing the client takes most of a second: not for the offline model.
    from support_cli.agent.openai import CandidChatOpenAI

    chat = False if wanted.url is not None else None
    extra = wanted.given(base_url=wanted.url, use_responses_api=chat)
    return CandidChatOpenAI(api_key=wanted.secret(), http_client=_client(wanted), **extra)


def _azure(wanted: _Wanted) -> BaseChatModel:
    extra = wanted.given(azure_endpoint=wanted.url, api_version=wanted.version)
    return _build(
        "langchain_openai",
        "AzureChatOpenAI",
        azure_deployment=wanted.name,
        api_key=wanted.secret(),
        http_client=_client(wanted),
        **extra,
    )


def _openai_like(
    module: str, name: str, home: str | None = None
) -> Callable[[_Wanted], BaseChatModel]:
    def build(wanted: _Wanted) -> BaseChatModel:
        extra = wanted.given(base_url=wanted.url or home)
        client = _client(wanted)
        return _build(module, name, api_key=wanted.secret(), http_client=client, **extra)

    return build


def _groq(wanted: _Wanted) -> BaseChatModel:
    extra = wanted.given(base_url=wanted.url)
    import httpx

    client = httpx.Client(**_held(httpx, wanted), timeout=wanted.seconds, follow_redirects=True)
    key = wanted.secret()
    return _build("langchain_groq", "ChatGroq", api_key=key, http_client=client, **extra)


def _mistral(wanted: _Wanted) -> BaseChatModel:
    import httpx

    url = wanted.url or "https://api.mistral.ai/v1"
    held = _held(httpx, wanted)
    held["headers"] = {**PLAIN, "Authorization": f"Bearer {wanted.secret().get_secret_value()}"}
    client = httpx.Client(**held, base_url=url, timeout=wanted.seconds, follow_redirects=True)
    return _build_again(
        "langchain_mistralai", "ChatMistralAI", model=wanted.name, client=client, max_retries=1
    )


def _fireworks(wanted: _Wanted) -> BaseChatModel:
    import httpx

    key, url = wanted.secret(), wanted.url or "https://api.fireworks.ai/inference"
    http = httpx.Client(**_held(httpx, wanted), timeout=wanted.seconds, follow_redirects=True)
    client = import_module("fireworks").Fireworks(
        api_key=key.get_secret_value(),
        base_url=url,
        timeout=wanted.seconds,
        max_retries=0,
        http_client=http,
    )
    return _build_again(
        "langchain_fireworks",
        "ChatFireworks",
        model=wanted.name,
        base_url=url,
        api_key=key,
        client=client.chat.completions,
        max_retries=0,  # it would log what the server says
    )


def _openrouter(wanted: _Wanted) -> BaseChatModel:
    import httpx

    openrouter, utils = import_module("openrouter"), import_module("openrouter.utils")
    key = wanted.secret()
    client = openrouter.OpenRouter(
        api_key=key.get_secret_value(),
        server_url=wanted.url or "https://openrouter.ai/api/v1",
        client=httpx.Client(**_held(httpx, wanted), follow_redirects=True),
        timeout_ms=int(wanted.seconds * 1000),
        # Its own way to ask again goes on for an hour, and sleeps as long as a server says.
        retry_config=utils.RetryConfig("none", utils.BackoffStrategy(0, 0, 1, 0), False),
    )
    return _build_again(
        "langchain_openrouter", "ChatOpenRouter", model=wanted.name, api_key=key, client=client
    )


def _anthropic(wanted: _Wanted) -> BaseChatModel:
    extra = wanted.given(base_url=wanted.url or "https://api.anthropic.com")
    key = wanted.secret()
    model: Any = _build("langchain_anthropic", "ChatAnthropic", api_key=key, **extra)
    import httpx2
    from anthropic import Anthropic, DefaultHttpxClient

    client = DefaultHttpxClient(**_held(httpx2, wanted), timeout=wanted.seconds)
    # The class takes no client: it makes its own, where none was made before.
    model.__dict__["_client"] = Anthropic(**model._client_params, http_client=client)
    return cast("BaseChatModel", model)


def _ollama(wanted: _Wanted) -> BaseChatModel:
    import httpx

    client = {**_held(httpx, wanted), "timeout": wanted.seconds}
    address = {"base_url": wanted.url} if wanted.url is not None else {}
    name = wanted.name
    return _build_again(
        "langchain_ollama", "ChatOllama", model=name, client_kwargs=client, **address
    )


# Baseten, Anthropic and Fireworks always get an address: without one, their classes would take
# LangSmith's from the environment.
_BUILD: Mapping[str, Callable[[_Wanted], BaseChatModel]] = {
    "openai": _openai,
    "azure_openai": _azure,
    "anthropic": _anthropic,
    "ollama": _ollama,
    "baseten": _openai_like("langchain_baseten", "ChatBaseten", "https://inference.baseten.co/v1"),
    "deepseek": _openai_like("langchain_deepseek", "ChatDeepSeek"),
    "together": _openai_like("langchain_together", "ChatTogether"),
    "xai": _openai_like("langchain_xai", "ChatXAI"),
    "upstage": _openai_like("langchain_upstage", "ChatUpstage"),
    "fireworks": _fireworks,
    "groq": _groq,
    "mistralai": _mistral,
    "openrouter": _openrouter,
}


def _build(module: str, name: str, **given: Any) -> BaseChatModel:
    from support_cli.agent.candid import candid

    model: BaseChatModel = candid(_class(module, name))(**given)
    return model


def _build_again(module: str, name: str, **given: Any) -> BaseChatModel:
    """Build a model whose client does not ask again by itself."""
    from support_cli.agent.candid import asks_again, candid

    model: BaseChatModel = candid(asks_again(_class(module, name)))(**given)
    return model


def _class(module: str, name: str) -> type[Any]:
    found: type[Any] = getattr(import_module(module), name)
    return found


def _client(wanted: _Wanted) -> Any:
    import httpx2  # what the openai package's own client is made of
    from openai import DefaultHttpxClient

    return DefaultHttpxClient(**_held(httpx2, wanted))


def _held(library: Any, wanted: _Wanted) -> dict[str, Any]:
    hook = guard(library, wanted.seconds * _PATIENCE)
    return {"event_hooks": {"response": [hook]}, "headers": PLAIN}
