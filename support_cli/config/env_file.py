"""The `.env` of a folder."""

from __future__ import annotations

import hashlib
import io
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from support_cli.config.files import Content, read_content
from support_cli.errors import UsageError


@dataclass(frozen=True, slots=True, repr=False)
class EnvFile:
    """What a `.env` says. `digest` is of the very bytes that were read.

    `path` is where it was found, its folder without links: the same bytes mean another thing in
    another folder, where their relative paths lead elsewhere.
    """

    path: Path
    values: Mapping[str, str]
    digest: str
    remarks: tuple[str, ...]


def read_env_file(path: Path) -> EnvFile | None:
    """Read a `.env`; None where there is none.

    Raises:
        UsageError: it, or a line of it, cannot be read, or everybody may write it.
    """
    if path.is_dir():  # many keep a virtual environment under this name
        return None
    try:
        content = read_content(path)
    except FileNotFoundError:
        return None
    except OSError as exc:
        raise _unreadable(path) from exc
    values = _parsed(path, content.raw)
    digest = hashlib.sha256(content.raw).hexdigest()
    return EnvFile(path.parent.resolve() / path.name, values, digest, tuple(_remarks(content)))


def _parsed(path: Path, raw: bytes) -> dict[str, str]:
    # Imported here: a command without a .env does not pay for the parser.
    from dotenv.parser import parse_stream

    try:
        bindings = list(parse_stream(io.StringIO(raw.decode("utf-8"))))
    except UnicodeDecodeError as exc:
        raise _unreadable(path) from exc
    for binding in bindings:
        if binding.error or "\0" in (binding.value or ""):
            raise UsageError(
                f"Line {binding.original.line} of {path} is not NAME=value.",
                hint="compare with .env.example",
            )
    return {each.key: each.value for each in bindings if each.key and each.value is not None}


def _remarks(content: Content) -> Iterator[str]:
    if not content.own:
        yield f"it belongs to {content.owner_name}"
    if content.mode & stat.S_IWGRP:
        yield "its group may write it"


def _unreadable(path: Path) -> UsageError:
    return UsageError(
        f"The file {path} cannot be read.", hint="make it a UTF-8 text file, or remove it"
    )
