"""The heart: beats for every run at its own interval, from one thread."""

from __future__ import annotations

import threading
from datetime import timedelta

from support_cli.services.heart import ThreadHeart

_LONG, _SHORT = timedelta(hours=1), timedelta(milliseconds=5)


def test_a_run_that_beats_sooner_need_not_wait_for_one_that_beats_later() -> None:
    heart, beaten = ThreadHeart(), threading.Semaphore(0)
    with heart.beating(_LONG, lambda: None), heart.beating(_SHORT, beaten.release):
        assert all(beaten.acquire(timeout=10) for _ in range(3))


def test_a_run_after_another_is_beaten_for() -> None:
    heart, beaten = ThreadHeart(), threading.Semaphore(0)
    with heart.beating(_SHORT, lambda: None):
        pass
    with heart.beating(_SHORT, beaten.release):
        assert all(beaten.acquire(timeout=10) for _ in range(3))


def test_nobody_is_beaten_for_after_the_end() -> None:
    heart, beats, other = ThreadHeart(), [], threading.Semaphore(0)
    with heart.beating(_SHORT, lambda: beats.append(1)):
        pass
    ended = len(beats)
    with heart.beating(_SHORT, other.release):
        assert all(other.acquire(timeout=10) for _ in range(3))
    assert len(beats) <= ended + 1
