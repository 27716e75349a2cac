from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from support_cli.domain.trail import Event, extend, first_broken, has_operation
from tests.domain.tickets import stamp

_TYPES = st.sampled_from(["submitted", "replied", "asked", "decided", "settled"])


@st.composite
def trails(draw: st.DrawFn) -> tuple[Event, ...]:
    trail: tuple[Event, ...] = ()
    for minutes, happened in enumerate(draw(st.lists(_TYPES, min_size=2, max_size=8))):
        moment = stamp(draw(st.sampled_from(["amy", "bob"])), minutes)
        trail = extend(trail, moment, happened, note=draw(st.none() | st.text(max_size=5)))
    return trail


def forgeries(event: Event) -> dict[str, Any]:
    return {
        "number": event.number + 1,
        "at": event.at + timedelta(microseconds=1),
        "type": event.type + "!",
        "by": event.by + "!",
        "via": event.via + "!",
        "operation": event.operation + "!",
        "data": {**event.data, "more": 1},
        "hash": event.hash[::-1] + "0",
    }


@given(trails())
def test_an_untouched_trail_is_whole(trail: tuple[Event, ...]) -> None:
    assert first_broken(trail, trail[-1].hash) is None


@given(trails(), st.data())
def test_a_change_of_any_field_of_any_event_is_found_where_it_is(
    trail: tuple[Event, ...], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(trail) - 1))
    field, value = data.draw(st.sampled_from(sorted(forgeries(trail[index]).items(), key=str)))
    forged = (*trail[:index], replace(trail[index], **{field: value}), *trail[index + 1 :])
    assert first_broken(forged, trail[-1].hash) == index + 1


@given(trails(), st.data())
def test_a_dropped_event_is_found_the_last_one_too(
    trail: tuple[Event, ...], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(trail) - 1))
    assert first_broken((*trail[:index], *trail[index + 1 :]), trail[-1].hash) == index + 1


@given(trails(), st.data())
def test_a_dropped_end_of_any_length_is_found(
    trail: tuple[Event, ...], data: st.DataObject
) -> None:
    kept = data.draw(st.integers(0, len(trail) - 1))
    assert first_broken(trail[:kept], trail[-1].hash) == kept + 1


@given(trails(), st.data())
def test_two_events_that_changed_places_are_found(
    trail: tuple[Event, ...], data: st.DataObject
) -> None:
    first, second = sorted(data.draw(st.permutations(range(len(trail))))[:2])
    moved = list(trail)
    moved[first], moved[second] = trail[second], trail[first]
    assert first_broken(tuple(moved), trail[-1].hash) == first + 1


@given(trails())
def test_a_trail_written_anew_after_a_forgery_does_not_fit_its_seal(
    trail: tuple[Event, ...],
) -> None:
    forged = extend(trail[:-1], stamp("mallory"), trail[-1].type)
    assert first_broken(forged, trail[-1].hash) == len(trail) + 1


def test_an_empty_trail_is_whole_only_without_a_seal() -> None:
    assert first_broken((), "") is None
    assert first_broken((), "something") == 1


def test_the_operation_of_every_event_is_found_and_no_other() -> None:
    trail = extend(extend((), stamp("amy", 1), "asked"), stamp("bob", 2), "decided")
    assert has_operation(trail, "op-amy-1")
    assert has_operation(trail, "op-bob-2")
    assert not has_operation(trail, "op-amy-2")
