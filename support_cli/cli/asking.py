"""Getting a text from the person or script that calls: arguments, stdin, a file, an editor."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

from support_cli.cli.output import line, note
from support_cli.domain.text import MESSAGE_LIMIT
from support_cli.errors import SupportError, UsageError

STDIN = "-"
_LINE_END = 2  # bytes that may follow a text of the full size


def at_terminal() -> bool:
    """Tell whether somebody can read a question and type an answer."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def text_given(words: Sequence[str] | None, example: str) -> str:
    """Get the text of a command: its words, stdin for `-`, else what a person writes now.

    Raises:
        UsageError: there is none, and nobody to ask; or it cannot be read.
    """
    if words:
        return text_or_stdin(" ".join(words))
    if not at_terminal():
        raise UsageError("The text is missing.", hint=f"{example}, or - to read standard input")
    return written_now("Your message")


def text_or_stdin(text: str) -> str:
    """Return the text, or what stdin holds where it is `-`.

    Raises:
        UsageError: stdin cannot be read as a text.
    """
    if text != STDIN:
        return text
    return _decoded(_read(sys.stdin.buffer, "Standard input"), "Standard input")


def text_of_file(path: Path) -> str:
    """Read a text from a file, or from stdin for `-`.

    Raises:
        UsageError: it cannot be read as a text.
    """
    if str(path) == STDIN:
        return text_or_stdin(STDIN)
    name = f"The file {path}"
    try:
        with path.open("rb") as stream:
            return _decoded(_read(stream, name), name)
    except OSError as exc:
        raise UsageError(f"{name} cannot be read: {exc.strerror}.") from exc


def written_now(what: str) -> str:
    """Let the person at the terminal write: in their editor, else line by line.

    Raises:
        UsageError, SupportError: the editor cannot be started, or failed.
    """
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    return _edited(editor) if editor else typed(what)


def typed(what: str) -> str:
    """Read lines from the terminal, up to an empty one or Ctrl-D; `e` alone opens the editor."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    more = ", e opens your editor" if editor else ""
    note(f"{what} (an empty line or Ctrl-D ends it{more}):")
    lines: list[str] = []
    for each in _lines():
        if editor and not lines and each == "e":
            return _edited(editor)
        if not each.strip() and lines:
            break
        lines.append(each)
    return "\n".join(lines)


def confirmed(question: str) -> bool:
    """Ask a question on the terminal; only a clear yes is a yes."""
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return next(iter(_lines()), "").strip().lower() in ("y", "yes")


def picked(names: Sequence[str]) -> str | None:
    """Ask which of these, by any beginning that fits one alone; None for an empty line."""
    sys.stderr.write(f"{', '.join(names)}? ")
    sys.stderr.flush()
    for word in _lines():
        fitting = [name for name in names if name.startswith(word.strip().lower())]
        if not word.strip() or len(fitting) == 1:
            return fitting[0] if len(fitting) == 1 else None
        sys.stderr.write(f"{', '.join(names)}, or an empty line to leave it? ")
        sys.stderr.flush()
    return None


def _lines() -> Iterable[str]:
    while read := sys.stdin.readline():
        yield read.removesuffix("\n")
    line("", stream=sys.stderr)  # Ctrl-D leaves the cursor where it was


def _edited(editor: str) -> str:
    descriptor, name = tempfile.mkstemp(prefix="support-", suffix=".md")
    os.close(descriptor)
    path = Path(name)
    try:
        _start(editor, path)
        text = text_of_file(path)
    except SupportError as error:
        if path.stat().st_size:
            raise type(error)(error.message, hint=f"your text is kept in {path}") from error
        path.unlink()
        raise
    path.unlink()
    return text


def _start(editor: str, path: Path) -> None:
    try:
        command = [*shlex.split(editor), str(path)]
        ended = subprocess.run(command, check=False).returncode  # noqa: S603 (the user's own editor)
    except (OSError, ValueError) as exc:
        raise UsageError(
            f"The editor “{editor}” cannot be started.", hint="set EDITOR, or give the text"
        ) from exc
    if ended != 0:
        raise SupportError(f"The editor ended with code {ended}; nothing was sent.")


def _read(stream: BinaryIO, name: str) -> bytes:
    content = stream.read(MESSAGE_LIMIT + _LINE_END + 1)
    if len(content) > MESSAGE_LIMIT + _LINE_END:
        raise UsageError(f"{name} has more than {MESSAGE_LIMIT:,} bytes (64 KiB).")
    return content


def _decoded(content: bytes, name: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise UsageError(f"{name} is not UTF-8 text.") from exc
    if "\0" in text:
        raise UsageError(f"{name} is not text: it has zero bytes in it.")
    return text.replace("\r\n", "\n")
