"""What a text must be before it is kept."""

from __future__ import annotations

from support_cli.errors import UsageError

MESSAGE_LIMIT = 64 * 1024  # bytes of UTF-8
_SUBJECT_LENGTH = 80


def checked_text(text: str) -> str:
    """Return the text without surrounding blank space, if it may be kept as a message.

    Raises:
        UsageError: it is empty, longer than 64 KiB, or not valid Unicode.
    """
    stripped = text.strip()
    if not stripped:
        raise UsageError("The text is empty.", hint='support submit "How do I …?"')
    try:
        size = len(stripped.encode())
    except UnicodeEncodeError as exc:
        raise UsageError("The text is not valid UTF-8.") from exc
    if size > MESSAGE_LIMIT:
        raise UsageError(
            f"The text has {size:,} bytes; a message takes at most {MESSAGE_LIMIT:,} (64 KiB)."
        )
    return stripped


def subject_of(text: str) -> str:
    """Shorten a text to one line of at most 80 characters."""
    line = " ".join(text.split())
    return line if len(line) <= _SUBJECT_LENGTH else line[: _SUBJECT_LENGTH - 1] + "…"
