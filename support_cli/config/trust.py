"""Which `.env` the user trusts: one small record for each place, in the user's own folder.

Neither the place nor the record can be chosen by the `.env` that is in question.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from support_cli.config.env_file import EnvFile
from support_cli.config.files import read_content
from support_cli.errors import SupportError, UsageError

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def user_folder(environment: Mapping[str, str], name: str, otherwise: str) -> Path:
    """Find a folder of the user's, as the XDG Base Directory Specification says.

    Args:
        environment: that of the process, never what a `.env` says.
        name: the variable that may name another one; a relative path there does not count.
        otherwise: the folder in the home.
    """
    given = Path(environment.get(name, ""))
    return (given if given.is_absolute() else Path.home() / otherwise) / "support"


class Trust:
    """Keeps, and knows again, the path and the hash of each `.env` that the user trusts.

    Args:
        environment: that of the process.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        try:
            self._folder = user_folder(environment, "XDG_CONFIG_HOME", ".config") / "trusted"
        except RuntimeError as exc:
            raise UsageError("There is no home to keep trust in.", hint="set HOME") from exc

    def holds(self, file: EnvFile) -> bool:
        """Tell whether exactly this file is trusted; a record that others may write is none."""
        try:
            content = read_content(self._record(file.path), os.O_NOFOLLOW)
            kept = json.loads(content.raw)
        except (OSError, UsageError, ValueError, RecursionError):
            return False
        own = content.own and not content.mode & _OTHERS_WRITE
        return own and kept == _kept(file)

    def keep(self, file: EnvFile) -> None:
        """Trust a file as it was read.

        Raises:
            SupportError: the record cannot be written.
        """
        record = self._record(file.path)
        new = record.with_suffix(f".{secrets.token_hex(8)}")
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
            with os.fdopen(os.open(new, flags, 0o600), "w") as stream:
                json.dump(_kept(file), stream)
            new.replace(record)
        except OSError as exc:
            with suppress(OSError):
                new.unlink(missing_ok=True)
            raise SupportError(f"{self._folder} cannot be written: {exc.strerror}.") from exc

    def _record(self, path: Path) -> Path:
        return self._folder / hashlib.sha256(os.fsencode(path)).hexdigest()


def _kept(file: EnvFile) -> Mapping[str, str]:
    path = os.fsencode(file.path).decode(errors="backslashreplace")
    return {"path": path, "sha256": file.digest}
