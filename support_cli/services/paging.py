"""Going through a list page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from support_cli.services.ports import Page

_PAGE = 200  # rows loaded at a time


def every_row(find: Callable[..., Page]) -> Iterator[Mapping[str, Any]]:
    """Give the rows of a whole list; `find` loads a page of it, given `limit` and `after`."""
    after = None
    while True:
        found = find(limit=_PAGE, after=after)
        yield from found.rows
        after = found.next
        if after is None:
            return
