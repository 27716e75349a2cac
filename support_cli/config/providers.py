"""The providers of models, and the settings through which each is reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

OFFLINE = "offline"
DEFAULT = "openai:gpt-5-mini"
AZURE_VERSION = "OPENAI_API_VERSION"


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider of models.

    `module` is its package, `extra` the optional dependency that brings it; None: support does.
    `key` and `url` name the settings; `required` are those without which nothing can be sent, and
    in each entry one of them is enough.
    """

    module: str
    extra: str | None
    key: str | None
    url: str
    required: tuple[tuple[str, ...], ...] = ()


def _with_key(extra: str | None, key: str, url: str) -> Provider:
    module = f"langchain_{extra or 'openai'}"
    return Provider(module, extra, key, url, ((key, url),))


PROVIDERS: Mapping[str, Provider] = {
    "openai": _with_key(None, "OPENAI_API_KEY", "OPENAI_BASE_URL"),
    "anthropic": _with_key("anthropic", "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"),
    "azure_openai": Provider(
        "langchain_openai",
        None,
        "AZURE_OPENAI_API_KEY",
        "AZURE_OPENAI_ENDPOINT",
        (("AZURE_OPENAI_API_KEY",), ("AZURE_OPENAI_ENDPOINT",), (AZURE_VERSION,)),
    ),
    "deepseek": _with_key("deepseek", "DEEPSEEK_API_KEY", "DEEPSEEK_API_BASE"),
    "groq": _with_key("groq", "GROQ_API_KEY", "GROQ_API_BASE"),
    "ollama": Provider("langchain_ollama", "ollama", None, "OLLAMA_HOST"),
    "together": _with_key("together", "TOGETHER_API_KEY", "TOGETHER_API_BASE"),
    "xai": _with_key("xai", "XAI_API_KEY", "XAI_API_BASE"),
}
KEYS = tuple(each.key for each in PROVIDERS.values() if each.key is not None)
URLS = tuple(each.url for each in PROVIDERS.values())
