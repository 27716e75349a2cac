"""Outside text never commands the terminal."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_cli.cli.text import one_line, visible

_ANY = st.text(st.characters(codec=None, categories=None))
_DANGEROUS = {"Cc", "Zl", "Zp", "Cs"}
_BIDIRECTIONAL = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ZERO_WIDTH = re.compile("[\u00ad\u200b-\u200d\u2060-\u2064\ufeff\U000e0000-\U000e007f]")


@given(_ANY)
def test_no_control_character_is_left_in_any_text(text: str) -> None:
    left = set(visible(text)) - {"\n", "\t"}
    assert not {each for each in left if unicodedata.category(each) in _DANGEROUS}


@given(_ANY)
def test_nothing_invisible_and_nothing_that_changes_direction_is_left(text: str) -> None:
    assert not _BIDIRECTIONAL.search(visible(text))
    assert not _ZERO_WIDTH.search(visible(text))


@given(_ANY)
def test_what_is_shown_can_be_written_as_utf_8(text: str) -> None:
    visible(text).encode()


@given(_ANY)
def test_one_line_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1
    assert "\t" not in one_line(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "␛[31mred"),
        ("a\x00b\x7f", "a␀b␡"),
        ("\x9b2J", "<U+009B>2J"),
        ("user\u202eexe.txt", "user<U+202E>exe.txt"),
        ("pass\u200bword", "pass<U+200B>word"),
        ("\U000e0041", "<U+E0041>"),
        ("\ud800", "<U+D800>"),
        ("over\rwritten", "over␍written"),
    ],
)
def test_the_hidden_is_shown(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize("text", ["Grüße, Łódź", "日本語", "مرحبا", "❤️ 👍🏽", "a\tb\nc"])
def test_ordinary_text_of_any_language_stays_as_it_is(text: str) -> None:
    assert visible(text) == text


def test_a_line_end_of_windows_is_a_line_end() -> None:
    assert visible("a\r\nb") == "a\nb"
