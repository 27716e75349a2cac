"""What the environment and `.env` say, before anything is made of it."""

from __future__ import annotations

import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from support_cli.config.declared import ENV_FILE, IN_FILE, NAMES, is_guarded, is_unknown, spellings
from support_cli.config.env_file import EnvFile, read_env_file
from support_cli.config.files import expanded, read_content
from support_cli.config.trust import Trust
from support_cli.errors import UsageError

ENVIRONMENT = "environment"
_READ_BY_OTHERS = stat.S_IRGRP | stat.S_IROTH


@dataclass(frozen=True, slots=True, repr=False)
class Value:
    """One value, which may be a secret, and where it came from."""

    text: str
    source: str


@dataclass(frozen=True, slots=True, repr=False)
class Given:
    """Everything that is set, by name. `withheld`: in `file`, and it does not count from there.

    `unknown` are names that look like ours and are none, with where they stand.
    """

    environment: Mapping[str, str]
    values: Mapping[str, Value]
    file: EnvFile | None
    withheld: Sequence[str]
    unknown: Mapping[str, str]

    def texts(self) -> dict[str, str]:
        """Give the values that count, the secrets read from their files.

        Raises:
            UsageError: what the `.env` sets does not count from there; or a secret's file cannot
                be read.
        """
        if self.withheld and self.file is not None:
            raise UsageError(
                f"{self.file.path} sets {', '.join(self.withheld)}; from a .env that counts only "
                "once you trust the file.",
                hint="support config trust, after a look with support config",
            )
        texts = {name: value.text for name, value in self.values.items()}
        for name in [name for name in texts if name.endswith(IN_FILE)]:
            path = texts.pop(name).strip()
            plain, _ = spellings(name)
            if path and texts.get(plain, "").strip():
                raise UsageError(f"{plain} and {name} exclude each other.", hint="set one of them")
            if path:
                texts[plain] = read_secret(name, expanded(name, path))
        return texts

    def remarks(self) -> list[str]:
        """Say what is worth knowing about the files that settings come from."""
        told = [f"{self.file.path}: {each}" for each in self.file.remarks] if self.file else []
        for name, value in self.values.items():
            path = value.text.strip()
            if name.endswith(IN_FILE) and path and _may_be_read_by_others(expanded(name, path)):
                told.append(f"{path}, which {name} names, may be read by others")
        return told


def gather(environment: Mapping[str, str], dotenv: Path) -> Given:
    """Find out what is set; the environment goes before the `.env`.

    Args:
        environment: that of the process.
        dotenv: read where SUPPORT_ENV_FILE in the environment names no other; what it sets beyond
            names and times counts where the user trusts it.

    Raises:
        UsageError: the `.env`, or a line of it, cannot be read.
    """
    named = environment.get(ENV_FILE, "").strip()
    file = _named_file(named) if named else read_env_file(dotenv)
    inside = _not_overridden(file.values, environment) if file else {}
    guarded = [name for name, text in inside.items() if is_guarded(name) and text.strip()]
    trusted = named or not guarded or file is None or Trust(environment).holds(file)
    source = str(file.path) if file else ""
    unknown = [(name, source) for name in inside if is_unknown(name)]
    unknown += [(name, ENVIRONMENT) for name in environment if is_unknown(name)]
    given = {name: Value(text, source) for name, text in inside.items()}
    given |= {name: Value(text, ENVIRONMENT) for name, text in environment.items()}
    known = {name: value for name, value in given.items() if name in NAMES - {ENV_FILE}}
    return Given(environment, known, file, () if trusted else guarded, dict(unknown))


def read_secret(name: str, path: Path) -> str:
    """Read a secret from the file that NAME_FILE names; links are followed, as secrets are mounted.

    Raises:
        UsageError: it cannot be read, or is not one line.
    """
    try:
        text = read_content(path).raw.decode().strip()
    except OSError as exc:
        raise UsageError(f"{name}: {path} cannot be read: {exc.strerror}.") from exc
    except UnicodeDecodeError as exc:
        raise UsageError(f"{name}: {path} is not UTF-8 text.") from exc
    if not text or not text.isprintable():
        raise UsageError(f"{name}: {path} does not hold one line of text.")
    return text


def _named_file(named: str) -> EnvFile:
    path = expanded(ENV_FILE, named)
    if not path.is_absolute():
        # It would be another file in every folder: what trusting one by name is not meant to be.
        raise UsageError(f"{ENV_FILE}={named} is not an absolute path.")
    file = read_env_file(path)
    if file is None:
        raise UsageError(f"{ENV_FILE}: there is no file {path}.")
    return file


def _not_overridden(values: Mapping[str, str], environment: Mapping[str, str]) -> dict[str, str]:
    return {
        name: text
        for name, text in values.items()
        if not any(each in environment for each in spellings(name))
    }


def _may_be_read_by_others(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & _READ_BY_OTHERS)
    except OSError:
        return False
