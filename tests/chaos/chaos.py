"""A whole chaos on one store, and its row of figures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.chaos.checks import Findings, finish
from tests.chaos.controller import Controller, Counts
from tests.chaos.world import World
from tests.databases import OwnMongo, own_mongo

COLUMNS = (
    "store",
    "seconds",
    "kills",
    "stops",
    "server restarts",
    "tickets",
    "messages",
    "decisions",
    "runs taken over",
    "effects keyed",
    "effects unkeyed",
    "actions",
    "calls repeated",
    "doubles",
    "lost",
    "unknown outcomes",
    "gave up",
    "seed",
)


@dataclass(frozen=True)
class Report:
    """What a chaos did, and what was found afterwards."""

    store: str
    seconds: float
    seed: int
    counts: Counts
    findings: Findings

    @property
    def row(self) -> tuple[str, ...]:
        """The figures under COLUMNS."""
        done, found = self.counts, self.findings
        figures = (
            *(f"{self.seconds:g}", done.kills, done.stops, done.restarts),
            *(found.tickets, found.messages, found.decisions, found.abandoned),
            *(found.keyed, found.unkeyed, found.actions),
            *(found.repeated, found.doubles, found.lost),
            *(found.unknown, found.failures, self.seed),
        )
        return (self.store, *map(str, figures))


def rage(home: Path, server: OwnMongo | None, seconds: float, seed: int) -> Report:
    """Let a chaos rage on a new store, finish what it left, and look."""
    uri = None if server is None else server.uri("chaos")
    world = World(home, uri, seed)
    controller = Controller(world, server, Random(seed))
    controller.run(seconds)
    return Report(_name(server), seconds, seed, controller.counts, finish(world))


@contextmanager
def server_for(store: str, home: Path) -> Iterator[OwnMongo | None]:
    """Start the server that a store needs, and end it.

    Raises:
        NoMongo: there is none.
    """
    if store == "sqlite":
        yield None
        return
    folder = home / "mongo"
    folder.mkdir()
    server = own_mongo(folder)
    try:
        yield server
    finally:
        server.stop()


def _name(server: OwnMongo | None) -> str:
    if server is None:
        return "SQLite"
    return "mongod" if server.real else "MongoDB wire server"
