"""The three standard streams, made to survive what terminals, pipes and shells do to them."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Literal, TextIO


def arguments() -> Sequence[str]:
    """Return the process's arguments."""
    return tuple(sys.argv[1:])


def prepare() -> None:
    """Open what the shell closed, and let no character that cannot be written stop a command."""
    sys.stdin = _opened(sys.stdin, "r", "surrogateescape")
    sys.stdout = _opened(sys.stdout, "w", "backslashreplace")
    sys.stderr = _opened(sys.stderr, "w", "backslashreplace")


def flushed(code: int) -> int:
    """Write what is left to stdout, and return the exit code; a closed pipe changes nothing."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _discard(sys.stdout)
    except OSError:
        _discard(sys.stdout)
        return code or 1
    return code


def _opened(stream: TextIO | None, mode: Literal["r", "w"], errors: str) -> TextIO:
    if stream is None:
        return open(os.devnull, mode, encoding="utf-8")  # noqa: PTH123 (for the process)
    if isinstance(stream, io.TextIOWrapper) and stream.errors != errors:
        stream.reconfigure(errors=errors)
    return stream


def _discard(stream: TextIO) -> None:
    # Python flushes once more as it ends, and would complain then.
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
