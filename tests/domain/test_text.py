from __future__ import annotations

import pytest

from support_cli.domain.text import MESSAGE_LIMIT, checked_text, subject_of
from support_cli.errors import UsageError


def test_a_text_loses_the_blank_space_around_it_and_nothing_else() -> None:
    assert checked_text("\n  Where is\n my parcel? ") == "Where is\n my parcel?"


@pytest.mark.parametrize("text", ["", "  ", "\n\t"])
def test_an_empty_text_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="empty"):
        checked_text(text)


@pytest.mark.parametrize("letter", ["a", "é", "📦"])
def test_the_limit_is_counted_in_bytes(letter: str) -> None:
    full = letter * (MESSAGE_LIMIT // len(letter.encode()))
    assert checked_text(full) == full
    with pytest.raises(UsageError, match="64 KiB"):
        checked_text(full + "a")


def test_half_a_character_is_refused() -> None:
    with pytest.raises(UsageError, match="UTF-8"):
        checked_text("broken \ud83d")


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Where\n  is it?", "Where is it?"),
        ("a" * 80, "a" * 80),
        ("a" * 81, "a" * 79 + "…"),
    ],
)
def test_a_subject_is_one_line_of_eighty_characters(text: str, subject: str) -> None:
    assert subject_of(text) == subject
