"""Which vote stands for which level, on any levels and any people."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from support_cli.domain.levels import fillable, match, recounted, with_vote
from support_cli.domain.request import Choice, Decision, Kind, Request, Vote
from support_cli.domain.staff import Audience, Staff, staff_of
from support_cli.domain.verdict import Ruling, Verdict
from tests.domain.tickets import NOW

LEVELS = st.lists(st.sampled_from("abc"), min_size=1, max_size=4)
PEOPLE = st.lists(st.sets(st.sampled_from("abc")), max_size=5)
NAMES = ("ann", "ben", "cid", "dov", "eva")


def needing(*levels: str, in_order: bool = False) -> Request:
    verdict = Verdict(Ruling.ASK, levels=levels, in_order=in_order)
    return Request("r1", Kind.APPROVAL, "May I?", NOW, verdict=verdict)


def voted(request: Request, staff: Staff, *names: str) -> Request:
    for name in names:
        request = with_vote(request, Vote(name, None, Choice.APPROVE, NOW), staff)
    return request


def staff(*held: str) -> Staff:
    return staff_of(dict(zip(NAMES, held, strict=False)), Audience.EVERYBODY)


def counted(request: Request) -> list[str | None]:
    return [vote.level for vote in request.votes]


@given(PEOPLE, LEVELS)
def test_as_many_people_are_given_a_level_as_can_be(
    people: list[set[str]], levels: list[str]
) -> None:
    given_ = match(people, levels)
    assert len(set(given_.values())) == len(given_)
    assert all(levels[seat] in people[person] for person, seat in given_.items())
    most = max(
        sum(level in held for level, held in zip(levels, order, strict=False))
        for order in permutations([*people, *[set()] * len(levels)], len(levels))
    )
    assert len(given_) == most


@given(PEOPLE, LEVELS, st.permutations(range(5)))
def test_no_vote_that_counts_keeps_a_request_from_being_completed(
    people: list[set[str]], levels: list[str], order: list[int]
) -> None:
    assume(fillable(levels, people))
    everybody = staff(*("".join(held) for held in people))
    request = needing(*levels)
    for name in [NAMES[index] for index in order if index < len(people)]:
        after = voted(request, everybody, name)
        request = after if after.votes[-1].level else request
    assert request.missing == ()


def test_who_comes_first_keeps_a_level_when_others_come() -> None:
    request = voted(needing("a", "b"), staff("ab", "a", "a"), "ann", "ben", "cid")
    assert counted(request) == ["b", "a", None]


def test_in_order_a_vote_counts_only_in_its_turn() -> None:
    request = needing("a", "b", in_order=True)
    assert counted(voted(request, staff("b", "a"), "ann", "ben")) == [None, "a"]
    assert counted(voted(request, staff("b", "a"), "ben", "ann")) == ["a", "b"]


def test_a_vote_given_again_takes_the_place_of_one_that_did_not_count() -> None:
    request = voted(needing("a", "b", in_order=True), staff("b", "a"), "ann", "ben", "Ann")
    assert [(vote.by, vote.level) for vote in request.votes] == [("ben", "a"), ("Ann", "b")]


@pytest.mark.parametrize("in_order", [False, True])
def test_a_vote_is_counted_by_who_holds_the_level_now(in_order: bool) -> None:
    request = voted(needing("a", "b", in_order=in_order), staff("a", "b"), "ann", "ben")
    assert request.missing == ()
    later = recounted(request, staff("", "b"))
    assert later.missing == (("a", "b") if in_order else ("a",))


def test_what_was_decided_is_not_counted_again() -> None:
    request = voted(needing("a"), staff("a"), "ann")
    done = replace(request, decision=Decision(Choice.APPROVE, None, "ann", NOW))
    assert recounted(done, staff("")) is done


def test_with_nobody_named_everybody_holds_every_level_once() -> None:
    request = voted(needing("a", "b"), Staff(), "ann", "ben")
    assert counted(request) == ["a", "b"]
