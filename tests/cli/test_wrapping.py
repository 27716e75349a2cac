"""A streamed text is broken between words, wherever its parts begin and end."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from support_cli.cli.text import visible
from support_cli.cli.wrapping import Wrapping

_PARTS = st.lists(st.text(st.sampled_from("ab日 \n\t\x1b"), max_size=30))


def wrapped(parts: list[str], width: int) -> str:
    """Feed the parts one by one."""
    wrapping = Wrapping(width)
    return "".join(map(wrapping.feed, parts)) + wrapping.rest()


@given(_PARTS, st.integers(5, 40))
def test_no_word_is_lost_or_changed(parts: list[str], width: int) -> None:
    assert wrapped(parts, width).split() == visible("".join(parts)).split()


@given(_PARTS, st.integers(5, 40))
def test_the_parts_do_not_matter(parts: list[str], width: int) -> None:
    assert wrapped(parts, width) == wrapped(["".join(parts)], width)


@given(_PARTS, st.integers(5, 40))
def test_only_a_single_word_is_longer_than_the_line(parts: list[str], width: int) -> None:
    for line in wrapped(parts, width).splitlines():
        assert cell_len(line) <= width or len(line.split()) <= 1


def test_a_line_that_is_just_full_is_followed_by_no_empty_one() -> None:
    assert wrapped(["aaaa bbbbb cccc"], 10) == "aaaa bbbbb\ncccc\n"


def test_the_lines_of_the_text_stay() -> None:
    assert wrapped(["a\n\n  b\r\nc"], 10) == "a\n\n  b\nc\n"
