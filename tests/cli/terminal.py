"""A terminal of the tests' own, with a command at work in it."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence

_SECONDS = 60


class Terminal:
    """A command at a pseudo-terminal of 24 lines."""

    def __init__(
        self, command: Sequence[str], columns: int, environment: Mapping[str, str]
    ) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self._process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "TERM": "xterm-256color", **environment},
            start_new_session=True,
        )
        os.close(theirs)
        self.screen = ""

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._ours, keys.encode())

    def until(self, text: str) -> str:
        """Read until this text is on the screen, and return all that was."""
        deadline = time.monotonic() + _SECONDS
        while text not in self.screen:
            assert self._read(deadline), f"{text!r} never came; the screen: {self.screen!r}"
        return self.screen

    def end(self) -> int:
        """Read until the command ends, and return its exit code."""
        deadline = time.monotonic() + _SECONDS
        while self._read(deadline):
            pass
        return self._process.wait(_SECONDS)

    def close(self) -> None:
        """Take the terminal away."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        os.close(self._ours)

    def _read(self, deadline: float) -> bool:
        ready, _, _ = select.select([self._ours], [], [], max(0, deadline - time.monotonic()))
        if not ready:
            return False
        try:
            read = os.read(self._ours, 65536)
        except OSError:  # how Linux says that nobody has the other side open any more
            return False
        self.screen += read.decode(errors="replace").replace("\r\n", "\n")
        return bool(read)
