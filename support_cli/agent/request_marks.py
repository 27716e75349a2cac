"""Marks that change nothing in a message, written so that words alone are left to be read."""

from __future__ import annotations

import re

_ID = r"\#?[a-z]{2,5}-\d"
# The only colons: any other may lead what somebody else has said.
_LABEL = (
    r"\b(order|number|no|nr|id|num|reference|ref|re|regarding|concerning|about|subject)\b"
    rf"[.:]* ?(?=(?:my |the |order |number |no\.? )*{_ID})"
)
_TITLE = rf"(?:^|(?<=[.,!\n]) ?)((?:re |regarding |about )?(?:order )?{_ID}{{1,8}}):"
_BRACKETS = rf"\(((?:order )?{_ID}{{1,8}})\)"
_GREETED = (
    r"\b(concern|madam|sir|team|hello|hi|hey|quick (?:one|note|request|favou?r)(?: please)?) ?:"
)
_SORRY = (
    r"\b((?:so |very )?sorry(?: to (?:(?:bother|trouble|disturb) (?:you|u)"
    r"|be a (?:pain|bother|nuisance)))?(?: again)?|excuse me|hello|hi|hey),? but "
)
_SPAN = r"\b\d{1,2}(?= (?:days?|weeks?|months?|hours?|years?)\b)"
_BROKEN_LINE = re.compile(r"(?<=[a-z0-9]) *\n(?=[a-z])")
_MARKS = tuple(
    (re.compile(mark), plain)
    for mark, plain in (
        (_LABEL, r"\1 "),
        (_TITLE, r"\1,"),
        (_BRACKETS, r"\1"),
        (r"([a-z])\1{2,}", r"\1"),
        (r" ?:-?\(", ","),
        (r"[()]", ","),
        (r"\bsir ?/ ?madam\b", "sir"),
        (r"&", " and "),
        (_GREETED, r"\1,"),
        (r"\breason:", "reason"),
        (_SPAN, "two"),  # how many days it took is no amount
        (r"\bid (?=(?:really |just )?(?:like|love|appreciate|be) )", "i would "),
        (r"\bwould you mind (refund|cancel)l?ing\b", r"could you kindly \1"),
        (_SORRY, r"\1, "),
        (r",(?= (?:please|pls|plz|kindly) *(?:[.,;!?\n]|$))", ""),
    )
)


def without_marks(text: str) -> str:
    """Write a message in lower case, without the marks around an id and those that say nothing."""
    text = _BROKEN_LINE.sub(" ", text).lower()
    for mark, plain in _MARKS:
        text = mark.sub(plain, text)
    return text
