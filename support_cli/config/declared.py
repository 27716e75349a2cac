"""Every setting there is, and who may set it."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from enum import StrEnum

from support_cli.config.providers import AZURE_VERSION, KEYS, URLS

OURS = "SUPPORT_"
ENV_FILE = "SUPPORT_ENV_FILE"  # counts in the environment alone
IN_FILE = "_FILE"  # NAME_FILE names the file that holds the secret NAME


class Kind(StrEnum):
    """What a setting can do to who runs the program in somebody else's folder."""

    FREE = "free"  # a name, a time, the model's name: any .env may set it
    GUARDED = "guarded"  # chooses a server, a store or a file: counts from a trusted .env alone
    SECRET = "secret"  # guarded, and never shown  # noqa: S105 (a kind, no secret)


SETTINGS: Mapping[str, Kind] = {
    "SUPPORT_CUSTOMER": Kind.FREE,
    "SUPPORT_ADMIN": Kind.FREE,
    "MONGODB_URI": Kind.SECRET,
    "SUPPORT_HOME": Kind.GUARDED,
    "SUPPORT_MODEL": Kind.FREE,
    **dict.fromkeys(KEYS, Kind.SECRET),
    **dict.fromkeys(URLS, Kind.GUARDED),
    AZURE_VERSION: Kind.FREE,
    "SUPPORT_MODEL_TIMEOUT": Kind.FREE,
    "SUPPORT_LEASE": Kind.FREE,
    "SUPPORT_ACTIONS": Kind.GUARDED,
    "SUPPORT_POLICY": Kind.GUARDED,
    "SUPPORT_TRACING": Kind.GUARDED,
}
_SECRETS = [name for name, kind in SETTINGS.items() if kind is Kind.SECRET]
NAMES = frozenset([*SETTINGS, *(f"{name}{IN_FILE}" for name in _SECRETS), ENV_FILE])


def is_guarded(name: str) -> bool:
    """Tell whether a `.env` must be trusted before this counts; what is not declared must."""
    if name in NAMES:
        return SETTINGS.get(name) is not Kind.FREE
    return name.startswith(OURS)


def is_unknown(name: str) -> bool:
    """Tell whether a name looks like one of ours, and is none."""
    return name.startswith(OURS) and name not in NAMES


def nearest(name: str) -> str | None:
    """Find the setting that an unknown name was probably meant to be."""
    return next(iter(get_close_matches(name, NAMES, n=1)), None)


def spellings(name: str) -> tuple[str, str]:
    """Give the two names that a setting may be given under: NAME and NAME_FILE."""
    plain = name.removesuffix(IN_FILE) if name in NAMES and name not in SETTINGS else name
    return plain, f"{plain}{IN_FILE}"
