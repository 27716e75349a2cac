"""Side by side: one per key, in order, bounded, and stopped in good order."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from support_cli.services.parallel import SideBySide


@pytest.mark.parametrize("jobs", [1, 8])
def test_everything_is_done_once(jobs: int) -> None:
    done = SideBySide[int, int](jobs, lambda item: item * 2).over(range(500))
    assert sorted(done) == [(item, item * 2) for item in range(500)]


def test_items_with_one_key_are_never_done_at_once_and_stay_in_order() -> None:
    busy: Counter[str] = Counter()
    most: Counter[str] = Counter()
    order: dict[str, list[int]] = {"a": [], "b": [], "c": []}

    def do(item: int) -> None:
        key = "abc"[item % 3]
        busy[key] += 1
        most[key] = max(most[key], busy[key])
        order[key].append(item)
        time.sleep(0.001)
        busy[key] -= 1

    assert (
        len(list(SideBySide[int, None](6, do, lambda item: "abc"[item % 3]).over(range(90)))) == 90
    )
    assert most == {"a": 1, "b": 1, "c": 1}
    assert all(items == sorted(items) for items in order.values())


def test_as_many_as_the_jobs_are_done_at_once() -> None:
    together = threading.Barrier(5)
    done = SideBySide[int, int](5, lambda _: together.wait(10)).over(range(5))
    assert len(list(done)) == 5


@pytest.mark.parametrize("jobs", [1, 4])
def test_what_is_not_needed_yet_is_not_read(jobs: int) -> None:
    read = 0

    def items() -> Iterator[int]:
        nonlocal read
        for item in range(10_000):
            read = item
            yield item

    for done, _ in enumerate(
        SideBySide[int, None](jobs, lambda _: None, lambda _: "one").over(items())
    ):
        assert read - done < 60


@pytest.mark.parametrize("jobs", [1, 2])
def test_told_to_stop_it_finishes_what_it_does_and_gives_the_rest_back(jobs: int) -> None:
    doers = SideBySide[int, int](jobs, lambda item: item, lambda item: str(item % 5))
    results = []
    for item, result in doers.over(range(100)):
        results.append((item, result))
        if len(results) == 10:
            doers.stop()
    assert sorted(item for item, _ in results) == list(range(100))
    assert 10 <= sum(result is not None for _, result in results) <= 20


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_stream_that_breaks_is_told_when_the_others_are_done(jobs: int) -> None:
    def items() -> Iterator[int]:
        yield from range(3)
        raise OSError("gone")

    done: list[tuple[int, int | None]] = []
    with pytest.raises(OSError, match="gone"):
        done.extend(SideBySide[int, int](jobs, lambda item: item).over(items()))
    assert done


def test_a_reader_who_leaves_waits_for_what_runs() -> None:
    running = threading.Semaphore(0)
    ended = []

    def do(item: int) -> int:
        running.release()
        time.sleep(0.02)
        ended.append(item)
        return item

    results = SideBySide[int, int](3, do).over(range(1000))
    next(results)
    results.close()  # type: ignore[attr-defined]
    begun = len(ended)
    time.sleep(0.1)
    assert len(ended) == begun < 20
