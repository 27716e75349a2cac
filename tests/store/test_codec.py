"""Records as documents."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta, timezone
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import bson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_cli.domain.article import Article
from support_cli.domain.ticket import Ticket
from support_cli.services.ports import Key
from support_cli.store.documents import decode, encode, encode_time

WHOLE = st.integers(-(2**63), 2**63 - 1)
TIMES = st.datetimes(
    datetime(1970, 1, 2),
    datetime(2199, 1, 1),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-9, minutes=-30))]),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Draw values of a field's type."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return st.one_of(*map(values, args))
    if origin is tuple:
        return st.lists(values(args[0]), max_size=2).map(tuple)
    if origin is not None and issubclass(origin, Mapping):
        return st.dictionaries(st.text(max_size=5), JSON, max_size=2)
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        drawn = {field.name: values(hints[field.name]) for field in fields(hint)}
        return st.builds(hint, **drawn)  # type: ignore[arg-type]
    return {datetime: TIMES, int: WHOLE, str: st.text(max_size=8)}.get(hint, st.from_type(hint))


@pytest.mark.parametrize("kind", [Ticket, Article, Key])
def test_any_record_survives_json_and_bson(kind: type[Any]) -> None:
    @given(values(kind))
    def survives(record: Any) -> None:
        document = encode(record)
        assert decode(kind, json.loads(json.dumps(document))) == record
        assert decode(kind, bson.decode(bson.encode(document))) == record

    survives()


@given(st.lists(TIMES, max_size=5))
def test_written_times_sort_as_times_do(times: list[datetime]) -> None:
    assert sorted(map(encode_time, times)) == [encode_time(time) for time in sorted(times)]


def test_a_time_is_written_in_utc_to_the_microsecond() -> None:
    east = timezone(timedelta(hours=2))
    assert encode_time(datetime(2026, 3, 1, 12, tzinfo=east)) == "2026-03-01T10:00:00.000000Z"


def test_a_time_without_a_zone_is_a_bug() -> None:
    with pytest.raises(ValueError, match="time zone"):
        encode_time(datetime(2026, 3, 1))


def test_the_keys_of_a_mapping_never_become_fields() -> None:
    document = encode(Article("a", "A", "", (), datetime.now(UTC), "eve"))
    assert all(isinstance(value, str | int | list) for value in document.values())


def test_a_field_that_is_missing_takes_its_default() -> None:
    assert decode(Key, {"id": "k", "ticket": "AAAA-0001"}) == Key("k", "AAAA-0001", version=0)
