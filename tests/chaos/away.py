"""The store goes away under load and comes back: nobody ends, and nothing is lost or doubled."""

from __future__ import annotations

import operator
import os
import signal
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.chaos.checks import Findings, finish
from tests.chaos.controller import LASTING, PEOPLE
from tests.chaos.people import live, outlast
from tests.chaos.world import World
from tests.databases import OwnMongo
from tests.reliability.processes import exit_code, started, wait_until

STOPPED, MOVED, LOCKED = "server stopped", "folder moved", "file locked"
WAYS = {"sqlite": (MOVED, LOCKED), "mongo": (STOPPED,)}
GONE, BACK = "Waiting until it is back.", "The store is back."
COLUMNS = (
    "store",
    "away",
    "seconds",
    "told gone",
    "told back",
    "tickets",
    "messages",
    "decisions",
    "runs taken over",
    "effects keyed",
    "effects unkeyed",
    "actions",
    "doubles",
    "lost",
    "seed",
)
_PEOPLE = ("submitter-0", "submitter-1", "decider-0", "decider-1")
_SOME = 3  # things that each of them is told, before the store goes away and after it is back
_TERMINATED = 143


@dataclass(frozen=True)
class Outcome:
    """How a store went away, what the workers said of it, and what was found afterwards."""

    how: str
    seconds: float
    seed: int
    said: Mapping[str, list[str]]
    findings: Findings

    @property
    def row(self) -> tuple[str, ...]:
        """The figures under COLUMNS."""
        found, lines = self.findings, [line for said in self.said.values() for line in said]
        figures = (
            *(f"{self.seconds:.0f}", _count(lines, GONE), _count(lines, BACK)),
            *(found.tickets, found.messages, found.decisions, found.abandoned),
            *(found.keyed, found.unkeyed, found.actions),
            *(found.doubles, found.lost, self.seed),
        )
        return (self.how, *map(str, figures))


def outlive(
    home: Path, server: OwnMongo | None, how: str, seconds: float, seed: int, options: str = ""
) -> Outcome:
    """Take the store away for so long from who works on it, let all be finished, and look.

    Args:
        home: keeps everything.
        server: the store's, if it has one.
        how: the way in which the store goes away.
        seconds: how long it is away at least.
        seed: of what everybody does.
        options: of the URI of a store that has a server.
    """
    world = World(home, _uri(server, options), seed)
    with _at_work(world) as ended:
        _await_some(world)
        since = time.monotonic()
        with _away(how, world, server) as is_noticed:
            if is_noticed:
                wait_until(lambda: _all_said(world, GONE), "the workers' word that it is away")
            time.sleep(max(0.0, since + seconds - time.monotonic()))
        lasted = time.monotonic() - since
        if is_noticed:
            wait_until(lambda: _all_said(world, BACK), "the workers' word that it is back")
        _await_some(world)
    found = finish(world)
    said = {name: _said(world, name) for name in LASTING}
    found.broken += [f"{who} ended: {code}" for who, code in ended.items() if code != _TERMINATED]
    for who, lines in said.items():
        found.broken += [f"{who} said: {line}" for line in _beyond(lines, is_noticed)]
    return Outcome(how, lasted, seed, said, found)


def _uri(server: OwnMongo | None, options: str) -> str | None:
    if server is None:
        return None
    uri = server.uri("chaos")
    return f"{uri}{'&' if '?' in uri else '?'}{options}"


@contextmanager
def _at_work(world: World) -> Iterator[dict[str, int]]:
    """Let workers, customers and admins work; at the end it says how the workers ended."""
    ended: dict[str, int] = {}
    with ExitStack() as alive:
        for name in _PEOPLE:
            alive.enter_context(started(live, world, name, PEOPLE[name]))
        lasting = {name: alive.enter_context(started(outlast, world, name)) for name in LASTING}
        yield ended
        for name, process in lasting.items():
            ended[name] = _terminated(process)


def _terminated(process: ForkServerProcess) -> int:
    if process.exitcode is None and process.pid is not None:
        os.kill(process.pid, signal.SIGTERM)
    return exit_code(process)


def _await_some(world: World) -> None:
    def told() -> list[int]:
        return [len(world.told(name).read()) for name in _PEOPLE]

    wanted = [each + _SOME for each in told()]
    met = partial(map, operator.ge)
    wait_until(lambda: all(met(told(), wanted)), "something acknowledged to each", every=0.1)


def _said(world: World, name: str) -> list[str]:
    file = world.home / f"err-{name}"
    return file.read_text().splitlines() if file.exists() else []


def _all_said(world: World, text: str) -> bool:
    return all(_count(_said(world, name), text) for name in LASTING)


def _count(lines: list[str], text: str) -> int:
    return sum(line.endswith(text) for line in lines)


def _beyond(said: list[str], is_noticed: bool) -> list[str]:
    """Name what a worker said beside its first line, and once that the store is away and back."""
    expected = [GONE, BACK] if is_noticed else []
    head, told = said[:1], said[1:]
    if len(told) == len(expected) and all(map(str.endswith, told, expected)):
        return []
    return [*head, *told]


@contextmanager
def _away(how: str, world: World, server: OwnMongo | None) -> Iterator[bool]:
    """Take the store away; give whether a worker is to notice."""
    home = world.settings.home
    if server is not None:
        server.stop()
        yield True
        server.start()
    elif how == MOVED:
        home.rename(home.with_name("elsewhere"))
        yield True
        home.with_name("elsewhere").rename(home)
    else:
        with _locked(home / "support.db"):
            yield False


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the only place of a writer: others wait for it, for longer than this."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=60)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
