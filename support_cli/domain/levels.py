"""Which vote stands for which level: a matching, one person for each level.

Levels are a multiset: two managers are two people. Who holds a level is read when votes are
counted, so that the vote of a person who has lost the level does not count.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from support_cli.domain.request import Request, Vote
from support_cli.domain.staff import Staff


def recounted(request: Request, staff: Staff) -> Request:
    """Say of each vote on an open request which level it stands for now, if any."""
    if request.decision is not None or not request.votes:
        return request
    votes = tuple(replace(vote, level=None) for vote in request.votes)
    held = [staff.held(vote.by, request.levels) for vote in votes]
    given = _given_in_order(held, request) if request.in_order else match(held, request.levels)
    counted = tuple(
        replace(vote, level=request.levels[given[index]]) if index in given else vote
        for index, vote in enumerate(votes)
    )
    return replace(request, votes=counted)


def with_vote(request: Request, vote: Vote, staff: Staff) -> Request:
    """Add a person's vote, in place of one of theirs that does not count any more."""
    others = tuple(each for each in request.votes if not each.is_of(vote.by))
    return recounted(replace(request, votes=(*others, vote)), staff)


def fillable(levels: Sequence[str], people: Sequence[Collection[str]]) -> bool:
    """Tell whether these people, of each of whom is given what they hold, can fill the levels."""
    return len(match(people, levels)) == len(levels)


def match(people: Sequence[Collection[str]], levels: Sequence[str]) -> dict[int, int]:
    """Give as many people as can be a level each: the index of a level, by that of a person.

    Who comes first is given one first, and keeps one when others come (Kuhn's algorithm).
    """
    holders: dict[int, int] = {}

    def place(person: int, tried: set[int]) -> bool:
        wanted = [seat for seat, level in enumerate(levels) if level in people[person]]
        # A free one first, so that a vote goes on standing for the level it stood for.
        for seat in sorted(wanted, key=holders.__contains__):
            if seat in tried:
                continue
            tried.add(seat)
            if seat not in holders or place(holders[seat], tried):
                holders[seat] = person
                return True
        return False

    for person in range(len(people)):
        place(person, set())
    return {person: seat for seat, person in holders.items()}


def _given_in_order(held: Sequence[Collection[str]], request: Request) -> dict[int, int]:
    given: dict[int, int] = {}
    for index, levels in enumerate(held):
        turn = len(given)
        if turn < len(request.levels) and request.levels[turn] in levels:
            given[index] = turn
    return given
