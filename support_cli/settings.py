"""What flags, the environment and `.env` say, read once into one frozen object."""

from __future__ import annotations

import os
import pwd
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

from support_cli.config.files import expanded
from support_cli.config.given import Given, gather
from support_cli.config.providers import (
    AZURE_VERSION,
    DEFAULT,
    KEYS,
    OFFLINE,
    PROVIDERS,
    UNSUPPORTED,
)
from support_cli.config.trust import user_folder
from support_cli.domain.durations import parse_duration
from support_cli.errors import UsageError

_SAMPLE_KEYS = frozenset({"sk-your-key-here", "changeme"})
_SPANS = {"SUPPORT_LEASE": "60s", "SUPPORT_MODEL_TIMEOUT": "60s"}


@dataclass(frozen=True, slots=True, repr=False)
class Settings:
    """Everything that can be set from outside. It has no repr: some fields are secrets.

    `state` is where this host keeps how actions ended. `model` is `provider:name`; its key and
    address are those of its provider, and `unused_keys` name the keys of others. `lease` is how
    long a run may go without a sign of life, `model_timeout` how long one call of the model may
    take.
    """

    customer: str
    admin: str
    home: Path
    state: Path
    mongodb_uri: str | None
    model: str
    model_key: str | None
    model_url: str | None
    azure_version: str | None
    unused_keys: tuple[str, ...]
    lease: timedelta
    model_timeout: timedelta
    tracing: bool
    actions: Path | None
    policy: Path | None

    @property
    def database_file(self) -> Path:
        """The SQLite file that holds the documents where there is no MongoDB."""
        return self.home / "support.db"

    def require_model(self) -> None:
        """Check, before anything is sent, that the model can be asked.

        Raises:
            UsageError: there is no such model, it cannot be reached as set, or its package is
                missing.
        """
        if self.model == OFFLINE:
            return
        name, _, model = self.model.partition(":")
        provider = PROVIDERS.get(name)
        if name in UNSUPPORTED:
            why, instead = UNSUPPORTED[name]
            raise UsageError(f"Models of {name} are not supported: {why}.", hint=instead)
        if provider is None or not model.strip():
            raise UsageError(
                f"SUPPORT_MODEL={self.model} is not a model support knows.",
                hint=f"SUPPORT_MODEL=PROVIDER:NAME, the provider one of {', '.join(PROVIDERS)}; "
                "or offline",
            )
        if find_spec(provider.module) is None:
            raise UsageError(
                f"SUPPORT_MODEL={self.model} needs the package {provider.module}, which is not "
                "installed.",
                hint=f"pip install 'support-cli[{provider.extra}]'",
            )
        held = {provider.key: self.model_key, provider.url: self.model_url}
        held[AZURE_VERSION] = self.azure_version
        for names in provider.required:
            if not any(held[each] for each in names):
                raise UsageError(
                    f"SUPPORT_MODEL={self.model} needs {' or '.join(names)}.",
                    hint=f"set {names[0]}, or SUPPORT_MODEL=offline",
                )


def load(environment: Mapping[str, str] | None = None, dotenv: Path | None = None) -> Settings:
    """Read the settings: the environment first, then `.env`, then the defaults.

    Raises:
        UsageError: a value, or a line of `.env`, cannot be read; or the `.env` sets what counts
            only from a file that the user trusts.
    """
    return build(given(environment, dotenv))


def given(environment: Mapping[str, str] | None = None, dotenv: Path | None = None) -> Given:
    """Find out what is set, and make nothing of it yet.

    Raises:
        UsageError: the `.env`, or a line of it, cannot be read.
    """
    own = dict(os.environ if environment is None else environment)
    return gather(own, dotenv or Path(".env"))


def build(given: Given) -> Settings:
    """Make the settings of what is set.

    Raises:
        UsageError: a value cannot be read, or does not count.
    """
    told = given.texts()
    values = {name: value.strip() for name, value in told.items() if value.strip()}
    user = system_user()
    model = _model(told, values)
    provider = PROVIDERS.get(model.partition(":")[0])
    keys = {name: key for name in KEYS if (key := _secret(values, name)) is not None}
    return Settings(
        customer=values.get("SUPPORT_CUSTOMER", user),
        admin=values.get("SUPPORT_ADMIN", user),
        home=_home(values, given.environment),
        state=_state(values, given.environment),
        mongodb_uri=values.get("MONGODB_URI"),
        model=model,
        model_key=keys.get(provider.key or "") if provider else None,
        model_url=values.get(provider.url) if provider else None,
        azure_version=values.get(AZURE_VERSION),
        unused_keys=tuple(name for name in keys if not provider or name != provider.key),
        lease=_duration(values, "SUPPORT_LEASE"),
        model_timeout=_duration(values, "SUPPORT_MODEL_TIMEOUT"),
        tracing=values.get("SUPPORT_TRACING") == "1",
        actions=_path(values, "SUPPORT_ACTIONS"),
        policy=_path(values, "SUPPORT_POLICY"),
    )


def defaults(given: Given) -> dict[str, str]:
    """Say what holds where nothing is set, by name; what is not named here is off."""
    values = {name for name, value in given.values.items() if value.text.strip()}
    return {
        **dict.fromkeys(("SUPPORT_CUSTOMER", "SUPPORT_ADMIN"), system_user()),
        "SUPPORT_HOME": str(_home({}, given.environment)),
        "SUPPORT_MODEL": _default_model(values),
        **_SPANS,
    }


def _home(values: Mapping[str, str], environment: Mapping[str, str]) -> Path:
    if "SUPPORT_HOME" in values:
        return expanded("SUPPORT_HOME", values["SUPPORT_HOME"])
    try:
        return user_folder(environment, "XDG_DATA_HOME", ".local/share")
    except RuntimeError as exc:
        raise UsageError("There is no home to keep tickets in.", hint="set SUPPORT_HOME") from exc


def _state(values: Mapping[str, str], environment: Mapping[str, str]) -> Path:
    try:
        return user_folder(environment, "XDG_STATE_HOME", ".local/state")
    except RuntimeError:  # a user without a home
        return _home(values, environment) / "state"


def _path(values: Mapping[str, str], name: str) -> Path | None:
    return expanded(name, values[name]) if name in values else None


def _model(told: Mapping[str, str], values: Mapping[str, str]) -> str:
    if "SUPPORT_MODEL" in told and "SUPPORT_MODEL" not in values:
        raise UsageError(
            "SUPPORT_MODEL is empty.", hint="SUPPORT_MODEL=openai:gpt-5-mini, or unset it"
        )
    return values.get("SUPPORT_MODEL", _default_model(values))


def _default_model(values: Collection[str]) -> str:
    reachable = {"OPENAI_API_KEY", "OPENAI_API_KEY_FILE", "OPENAI_BASE_URL"}
    return DEFAULT if reachable.intersection(values) else OFFLINE


def _secret(values: Mapping[str, str], name: str) -> str | None:
    value = values.get(name)
    if value in _SAMPLE_KEYS:
        raise UsageError(f"{name} is still the sample of .env.example.", hint="set it, or unset it")
    return value


def _duration(values: Mapping[str, str], name: str) -> timedelta:
    try:
        span = parse_duration(values.get(name, _SPANS[name]))
    except UsageError as error:
        raise UsageError(f"{name}: {error.message}", hint=error.hint) from error
    if span <= timedelta(0):
        raise UsageError(f"{name} must be longer than nothing.")
    return span


def system_user() -> str:
    """Name the system user, or the user's number where the system knows no name."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid-{os.getuid()}"
