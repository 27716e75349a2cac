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
    "baseten": _with_key("baseten", "BASETEN_API_KEY", "BASETEN_BASE_URL"),
    "deepseek": _with_key("deepseek", "DEEPSEEK_API_KEY", "DEEPSEEK_API_BASE"),
    "fireworks": _with_key("fireworks", "FIREWORKS_API_KEY", "FIREWORKS_API_BASE"),
    "groq": _with_key("groq", "GROQ_API_KEY", "GROQ_API_BASE"),
    "mistralai": _with_key("mistralai", "MISTRAL_API_KEY", "MISTRAL_BASE_URL"),
    "ollama": Provider("langchain_ollama", "ollama", None, "OLLAMA_HOST"),
    "openrouter": _with_key("openrouter", "OPENROUTER_API_KEY", "OPENROUTER_API_BASE"),
    "together": _with_key("together", "TOGETHER_API_KEY", "TOGETHER_API_BASE"),
    "upstage": _with_key("upstage", "UPSTAGE_API_KEY", "UPSTAGE_API_BASE"),
    "xai": _with_key("xai", "XAI_API_KEY", "XAI_API_BASE"),
}

_UNLIMITED = "support does not limit what its client reads and follows"


def _compatible(url: str) -> tuple[str, str]:
    return (
        _UNLIMITED,
        f"its OpenAI-compatible server: SUPPORT_MODEL=openai:NAME, OPENAI_BASE_URL={url}",
    )


_OTHER = (_UNLIMITED, f"SUPPORT_MODEL=PROVIDER:NAME, the provider one of {', '.join(PROVIDERS)}")
_BEDROCK = _compatible("https://bedrock-runtime.REGION.amazonaws.com/openai/v1")

# The other providers that LangChain knows: why support does not ask them, and what to do instead.
UNSUPPORTED: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("google_anthropic_vertex", "google_vertexai", "ibm"), _OTHER),
    **dict.fromkeys(("anthropic_bedrock", "bedrock", "bedrock_converse"), _BEDROCK),
    **dict.fromkeys(("bedrock_mantle_anthropic", "bedrock_mantle_openai"), _BEDROCK),
    "azure_ai": _compatible("https://RESOURCE.services.ai.azure.com/openai/v1"),
    "cohere": _compatible("https://api.cohere.ai/compatibility/v1"),
    "google_genai": _compatible("https://generativelanguage.googleapis.com/v1beta/openai"),
    "huggingface": _compatible("https://router.huggingface.co/v1"),
    "langsmith": ("it keeps what customers write", _OTHER[1]),
    "litellm": _compatible("the address of a LiteLLM proxy"),
    "meta": _compatible("https://api.meta.ai/v1"),
    "nvidia": _compatible("https://integrate.api.nvidia.com/v1"),
    "perplexity": ("its own models call no tools", _OTHER[1]),
}
KEYS = tuple(each.key for each in PROVIDERS.values() if each.key is not None)
URLS = tuple(each.url for each in PROVIDERS.values())
