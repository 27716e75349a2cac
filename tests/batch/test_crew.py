"""Several processes at work: everything is done once, and one that dies takes only its own."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from support_cli.services.crew import Crew, Pipe, serve

DEADLY = 13


def work(pipes: Sequence[Pipe]) -> None:
    serve(pipes, _squared)


def _squared(item: int) -> tuple[int, int]:
    if item == DEADLY:
        os._exit(1)
    return os.getpid(), item * item


def _lost(item: int) -> tuple[int, int]:
    return 0, -item


def test_the_items_are_done_by_several_processes() -> None:
    with (
        Crew[int, tuple[int, int]](2, 5, work, _lost) as crew,
        ThreadPoolExecutor(5) as threads,
    ):
        done = list(threads.map(crew.do, range(14, 54)))
    assert [squared for _, squared in done] == [item * item for item in range(14, 54)]
    assert len({process for process, _ in done} - {os.getpid()}) == 2


def test_a_process_that_dies_loses_its_own_items_and_no_others() -> None:
    with Crew[int, tuple[int, int]](2, 2, work, _lost) as crew:
        done = [crew.do(item)[1] for item in (DEADLY, 2, 3, 4, 5)]
    assert done[0] == -DEADLY
    assert {-3, -5, 4, 16} == set(done[1:])
