"""Waiting for a reply, by a clock that is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from support_cli.domain.talking import open_ticket
from support_cli.domain.ticket import Lease, Status, Ticket
from support_cli.domain.trail import Actor, Stamp
from support_cli.errors import StillWaiting
from support_cli.services.waiting import wait_for_reply
from tests.fakes import ToldClock

CLOCK = ToldClock()
READY = open_ticket("AAAA-AAAA", "ana", "Hello?", False, Stamp(CLOCK.time, Actor("ana", "x"), "o"))
WAITING = replace(READY, status=Status.WAITING)
ANSWERED = replace(READY, status=Status.ANSWERED)
HELD = replace(READY, status=Status.RUNNING, lease=Lease("x", CLOCK.time + timedelta(seconds=5)))


class Desk:
    """A desk whose ticket looks so, one state for each look, and the last one for ever."""

    def __init__(self, *states: Ticket) -> None:
        self._states: Iterator[Ticket] = iter(states)
        self._last = states[-1]
        self.runs = 0

    def load(self) -> Ticket:
        return next(self._states, self._last)

    def run(self) -> Ticket:
        self.runs += 1
        return self._last


def test_an_answered_ticket_is_returned_at_once() -> None:
    clock = ToldClock()
    assert wait_for_reply(Desk(ANSWERED).load, Desk(ANSWERED).run, clock) is ANSWERED
    assert clock.naps == []


def test_a_ticket_that_waits_for_a_person_is_looked_at_again_and_again_but_never_run() -> None:
    desk = Desk(WAITING, WAITING, WAITING, ANSWERED)
    assert wait_for_reply(desk.load, desk.run, ToldClock()) is ANSWERED
    assert desk.runs == 0


def test_looks_become_rarer_up_to_two_seconds() -> None:
    clock = ToldClock()
    wait_for_reply(Desk(*[WAITING] * 7, ANSWERED).load, Desk(ANSWERED).run, clock)
    assert _seconds(clock.naps) == [0.2, 0.4, 0.8, 1.6, 2.0, 2.0, 2.0]


def test_a_ready_ticket_is_run() -> None:
    desk = Desk(READY, ANSWERED)
    assert wait_for_reply(desk.load, desk.run, ToldClock()) is ANSWERED
    assert desk.runs == 1


def test_a_run_that_another_process_holds_is_left_to_it_until_its_lease_ends() -> None:
    clock, desk = ToldClock(), Desk(*[HELD] * 6, ANSWERED)
    wait_for_reply(desk.load, desk.run, clock)
    assert desk.runs == 1
    assert sum(_seconds(clock.naps)) >= 5


def test_the_time_given_is_kept_to_the_moment() -> None:
    clock, desk = ToldClock(), Desk(WAITING)
    with pytest.raises(StillWaiting, match="AAAA-AAAA is still waiting") as refused:
        wait_for_reply(desk.load, desk.run, clock, timedelta(seconds=5))
    assert sum(_seconds(clock.naps)) == pytest.approx(5)
    assert refused.value.hint == "support wait AAAA-AAAA"


def _seconds(naps: Sequence[timedelta]) -> list[float]:
    return [nap.total_seconds() for nap in naps]
