"""Lists of records: the keys that one index serves, and the cursor from page to page.

Every combination of facets that a `find` may ask for is one key, stored with each record it
matches. The index (key, sort value, id) then answers every combination, in order, without a scan.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from support_cli.domain.trail import canonical
from support_cli.errors import Damaged, UsageError
from support_cli.services.ports import LISTINGS, SEARCHED, Listing, Page
from support_cli.store.documents import (
    decode_field,
    encode_field,
    encode_time,
    readable,
    require_field,
)

Values = Mapping[str, Any]  # fields as they are stored, by name


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands in its list: ordered by the sort value, then by the id."""

    sort: str
    id: str


@dataclass(frozen=True, slots=True)
class Query:
    """A `find` in the store's own terms. `until` bounds the sort value, `after` is exclusive."""

    kind: type[Any]
    fields: tuple[str, ...]
    key: str
    sort: str
    until: str | None
    after: Place | None

    def page(self, found: Sequence[tuple[Place, Values | None]], limit: int) -> Page:
        """Make a page of what was found: each place and its fields, up to one over the limit.

        Fields that are None could not be read, and neither may those that are there be decoded:
        such a record is named apart, so that it keeps nobody from the others.
        """
        rows, damaged = [], []
        for place, values in found[:limit]:
            try:
                rows.append(self._row(place, values))
            except Damaged:
                damaged.append(place.id)
        after = write_cursor(found[limit - 1][0]) if len(found) > limit else None
        return Page(rows, after, tuple(damaged))

    def _row(self, place: Place, values: Values | None) -> Mapping[str, Any]:
        if values is None:
            raise Damaged
        kind = self.kind
        with readable(kind, place.id):
            return {name: decode_field(kind, name, values[name]) for name in self.fields}


def query(
    kind: type[Any],
    fields: Sequence[str],
    where: Mapping[str, str],
    until: datetime | None,
    after: str | None,
) -> Query:
    """Check a `find` against the declared listings and write it in the store's terms.

    Raises:
        LookupError: the kind or a facet is not declared, so no index would serve it; or a field
            is none.
        UsageError: the cursor cannot be read.
    """
    listing = _listing(kind)
    undeclared = set(where) - set(listing.facets)
    if undeclared:
        raise LookupError(f"{kind.__name__} is not listed by {sorted(undeclared)}")
    for name in fields:
        require_field(kind, name)
    return Query(
        kind,
        tuple(fields),
        _key(where.items()),
        listing.sort,
        None if until is None else encode_time(until),
        None if after is None else read_cursor(after),
    )


def keys(record: Any) -> list[str]:
    """Build the keys of every combination of facets that this record matches."""
    listing = LISTINGS.get(type(record).__name__)
    if listing is None:
        return []
    choices = [[None, *_values(record, facet)] for facet in listing.facets]
    return sorted({_key(choice) for choice in itertools.product(*choices)})


def place(record: Any) -> Place:
    """Tell where a record of a listed kind stands."""
    sort = _listing(type(record)).sort
    return Place(encode_field(type(record), sort, getattr(record, sort)), record.id)


def terms(record: Any) -> list[str]:
    """Tell the terms that a record is found by, each once."""
    attribute = SEARCHED.get(type(record).__name__)
    return sorted(set(getattr(record, attribute))) if attribute else []


def collection(kind: type[Any]) -> str:
    """Name the place where records of one kind are kept."""
    return collection_named(kind.__name__)


def collection_named(name: str) -> str:
    """Name the place where the records of a dataclass with this name are kept."""
    return f"{name.lower()}s"


def write_cursor(place: Place) -> str:
    """Write a place as a text that can stand in a URL or on a command line."""
    text = json.dumps([place.sort, place.id])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(text: str) -> Place:
    """Read a cursor that an earlier page gave.

    Raises:
        UsageError: it is not such a text.
    """
    with suppress(ValueError, RecursionError):
        padded = text + "=" * (-len(text) % 4)
        match json.loads(base64.b64decode(padded, altchars=b"-_", validate=True)):
            case [str() as sort, str() as name]:
                (sort + name).encode()  # half a surrogate pair cannot be stored: nothing is there
                return Place(sort, name)
    raise UsageError(
        "The cursor cannot be read.", hint="pass the `next` of the page before, unchanged"
    )


def _listing(kind: type[Any]) -> Listing:
    listing = LISTINGS.get(kind.__name__)
    if listing is None:
        raise LookupError(f"{kind.__name__} is not listed")
    return listing


def _values(record: Any, facet: str) -> list[tuple[str, str]]:
    value = getattr(record, facet)
    several = value if isinstance(value, tuple) else () if value is None else (value,)
    return [(facet, each) for each in several]


def _key(chosen: Iterable[tuple[str, str] | None]) -> str:
    # A hash: as long for any value, and no value can be written to look like two.
    return hashlib.sha256(canonical(sorted(filter(None, chosen))).encode()).hexdigest()[:32]
