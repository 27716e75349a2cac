"""Reading a small file once: what is hashed, checked and used is the same bytes."""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from support_cli.errors import UsageError

_LIMIT = 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True, repr=False)
class Content:
    """The bytes of a file, and who owned and could change it when they were read."""

    raw: bytes
    mode: int
    owner: int

    @property
    def own(self) -> bool:
        """Tell whether the file belongs to who runs the program."""
        return self.owner == os.geteuid()

    @property
    def owner_name(self) -> str:
        """Name the owner."""
        try:
            return pwd.getpwuid(self.owner).pw_name
        except KeyError:
            return f"uid {self.owner}"


def expanded(name: str, text: str) -> Path:
    """Make a path of what a setting says, with `~` for a home.

    Raises:
        UsageError: there is no such home.
    """
    try:
        return Path(text).expanduser()
    except RuntimeError as exc:
        raise UsageError(f"{name}: there is no home for {text}.", hint="write it in full") from exc


def read_content(path: Path, flags: int = 0) -> Content:
    """Read a regular file of at most 1 MiB.

    Raises:
        OSError: it cannot be opened or read.
        UsageError: it is a pipe or a device, too long, or everybody may write it.
    """
    # Without O_NONBLOCK, a pipe that nobody writes to would hold the program for ever.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | flags)
    try:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            raise UsageError(f"{path} is not a file.")
        if about.st_mode & stat.S_IWOTH:
            raise UsageError(f"Everybody may write {path}.", hint=f"chmod o-w {path}")
        raw = _read(descriptor)
    finally:
        os.close(descriptor)
    if len(raw) > _LIMIT:
        raise UsageError(f"{path} is too long: settings take at most 1 MiB.")
    return Content(raw, stat.S_IMODE(about.st_mode), about.st_uid)


def _read(descriptor: int) -> bytes:
    raw = bytearray()
    while len(raw) <= _LIMIT and (more := os.read(descriptor, _LIMIT)):
        raw += more
    return bytes(raw)
