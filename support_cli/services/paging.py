"""Going through a list page by page."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from support_cli.errors import Damaged
from support_cli.services.ports import Page

_log = logging.getLogger(__name__)
_PAGE = 200  # rows loaded at a time


def refuse(id: str) -> None:
    """Go no further over a record that cannot be read: what it says may matter.

    Raises:
        Damaged: always.
    """
    raise Damaged(f"The record {id} is damaged: it cannot be read.", hint="support admin doctor")


def overlook(id: str) -> None:
    """Go on with the others; `admin doctor` tells of what cannot be read."""
    _log.warning("The record %s cannot be read", id)


def every_row(
    find: Callable[..., Page], damaged: Callable[[str], None] = refuse
) -> Iterator[Mapping[str, Any]]:
    """Give the rows of a whole list, page by page.

    Args:
        find: loads a page of it, given `limit` and `after`.
        damaged: hears of each record that cannot be read.
    """
    after = None
    while True:
        found = find(limit=_PAGE, after=after)
        for each in found.damaged:
            damaged(each)
        yield from found.rows
        after = found.next
        if after is None:
            return
