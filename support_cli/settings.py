"""What flags, the environment and `.env` say, read once into one frozen object."""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from support_cli.domain.durations import parse_duration
from support_cli.errors import UsageError

_SAMPLE_KEYS = frozenset({"sk-your-key-here", "changeme"})


@dataclass(frozen=True, slots=True, repr=False)
class Settings:
    """Everything that can be set from outside. It has no repr: two fields are secrets.

    `model` is `provider:name`. `lease` is how long a run may go without a sign of life,
    `model_timeout` how long one call of the model may take.
    """

    customer: str
    admin: str
    home: Path
    mongodb_uri: str | None
    model: str
    openai_api_key: str | None
    openai_base_url: str | None
    lease: timedelta
    model_timeout: timedelta
    tracing: bool
    actions: Path | None
    policy: Path | None

    @property
    def database_file(self) -> Path:
        """The SQLite file that holds the documents where there is no MongoDB."""
        return self.home / "support.db"


def load(environment: Mapping[str, str] | None = None, dotenv: Path | None = None) -> Settings:
    """Read the settings: the environment first, then `.env`, then the defaults.

    Raises:
        UsageError: a value, or a line of `.env`, cannot be read.
    """
    given = dict(os.environ if environment is None else environment)
    told = {**_read_dotenv(dotenv or Path(".env")), **given}
    values = {name: value.strip() for name, value in told.items() if value.strip()}
    user = system_user()
    return Settings(
        customer=values.get("SUPPORT_CUSTOMER", user),
        admin=values.get("SUPPORT_ADMIN", user),
        home=_home(values),
        mongodb_uri=values.get("MONGODB_URI"),
        model=_model(told, values),
        openai_api_key=_secret(values, "OPENAI_API_KEY"),
        openai_base_url=values.get("OPENAI_BASE_URL"),
        lease=_duration(values, "SUPPORT_LEASE", "60s"),
        model_timeout=_duration(values, "SUPPORT_MODEL_TIMEOUT", "60s"),
        tracing=values.get("SUPPORT_TRACING") == "1",
        actions=_path(values, "SUPPORT_ACTIONS"),
        policy=_path(values, "SUPPORT_POLICY"),
    )


def _read_dotenv(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    # Imported here: a command without a .env does not pay for the parser.
    from dotenv.parser import parse_stream

    try:
        with path.open(encoding="utf-8") as stream:
            bindings = list(parse_stream(stream))
    except (OSError, UnicodeDecodeError) as exc:
        raise UsageError(
            f"The file {path} cannot be read.", hint="make it a UTF-8 text file, or remove it"
        ) from exc
    for binding in bindings:
        if binding.error:
            raise UsageError(
                f"Line {binding.original.line} of {path} is not NAME=value.",
                hint="compare with .env.example",
            )
    return {each.key: each.value for each in bindings if each.key and each.value is not None}


def _home(values: Mapping[str, str]) -> Path:
    if "SUPPORT_HOME" in values:
        return Path(values["SUPPORT_HOME"]).expanduser()
    data = values.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "support"


def _path(values: Mapping[str, str], name: str) -> Path | None:
    return Path(values[name]).expanduser() if name in values else None


def _model(told: Mapping[str, str], values: Mapping[str, str]) -> str:
    if "SUPPORT_MODEL" in told and "SUPPORT_MODEL" not in values:
        raise UsageError(
            "SUPPORT_MODEL is empty.", hint="SUPPORT_MODEL=openai:gpt-5-mini, or unset it"
        )
    reachable = "OPENAI_API_KEY" in values or "OPENAI_BASE_URL" in values
    model = values.get("SUPPORT_MODEL", "openai:gpt-5-mini" if reachable else "offline")
    provider, _, name = model.partition(":")
    if model == "offline" or (provider == "openai" and name.strip()):
        return model
    raise UsageError(
        f"SUPPORT_MODEL={model} is not a model support knows.",
        hint="SUPPORT_MODEL=openai:NAME, with OPENAI_BASE_URL for a compatible server, or offline",
    )


def _secret(values: Mapping[str, str], name: str) -> str | None:
    value = values.get(name)
    if value in _SAMPLE_KEYS:
        raise UsageError(f"{name} is still the sample of .env.example.", hint="set it, or unset it")
    return value


def _duration(values: Mapping[str, str], name: str, default: str) -> timedelta:
    try:
        span = parse_duration(values.get(name, default))
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
