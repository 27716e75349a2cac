"""Several processes at work: everything is done once, and one that dies is replaced."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from support_cli.services.crew import Crew, Loss, Pipe, serve

DEADLY, DEADLY_ONCE, NOT_AGAIN = 13, 1000, 5000
LOST, LEFT = -1, -2
Done = tuple[int, int]


def work(pipes: Sequence[Pipe]) -> None:
    serve(pipes, _squared)


def die(pipes: Sequence[Pipe]) -> None:
    os._exit(1)


def _squared(item: int) -> Done:
    if item == DEADLY or item >= NOT_AGAIN or (item >= DEADLY_ONCE and _first(item)):
        os._exit(1)
    if item == -1:
        raise SystemExit
    return os.getpid(), item * item


def _first(item: int) -> bool:
    try:
        Path(f"died-of-{item}").touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


LOSS = Loss[int, Done](
    repeatable=lambda item: item < NOT_AGAIN,
    lost=lambda item: (LOST, item),
    left=lambda item: (LEFT, item),
)


def _done_by(work: object, processes: int, jobs: int, items: Sequence[int]) -> list[Done]:
    with (
        Crew[int, Done](processes, jobs, work, LOSS) as crew,  # type: ignore[arg-type]
        ThreadPoolExecutor(jobs) as threads,
    ):
        return list(threads.map(crew.do, items))


def test_the_items_are_done_by_several_processes() -> None:
    done = _done_by(work, 2, 5, range(14, 54))
    assert [squared for _, squared in done] == [item * item for item in range(14, 54)]
    assert len({process for process, _ in done} - {os.getpid()}) == 2


def test_a_process_that_dies_is_replaced_and_what_it_held_is_done_again() -> None:
    items = [DEADLY_ONCE, *range(14, 34), DEADLY_ONCE + 1, *range(34, 54)]
    done = _done_by(work, 2, 6, items)
    assert [squared for _, squared in done] == [item * item for item in items]


def test_an_item_that_kills_its_process_each_time_is_lost_alone() -> None:
    items = [2, DEADLY, *range(14, 54), DEADLY, 3]
    done = _done_by(work, 2, 6, items)
    assert [item for process, item in done if process == LOST] == [DEADLY, DEADLY]
    assert len([1 for process, _ in done if process > 0]) == len(items) - 2


def test_what_may_not_be_done_again_is_lost_with_its_process() -> None:
    done = _done_by(work, 2, 2, [NOT_AGAIN, 2, 3])
    assert done[0] == (LOST, NOT_AGAIN)
    assert [squared for _, squared in done[1:]] == [4, 9]


def test_an_item_that_ends_its_thread_does_not_hang_the_rest() -> None:
    assert _done_by(work, 2, 2, [-1, 2])[1][1] == 4


def test_processes_that_die_at_once_are_not_started_for_ever() -> None:
    done = _done_by(die, 2, 2, range(100))
    assert {process for process, _ in done} == {LOST, LEFT}
    assert len([1 for process, _ in done if process == LOST]) < 10
