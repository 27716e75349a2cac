"""Where a chaos takes place: the store, the provider, and the files of what was acknowledged."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from support_cli import wiring
from support_cli.runtime.commands import SupervisedCommands
from support_cli.services.clock import SystemClock
from support_cli.settings import Settings, load
from tests.chaos.provider import Provider
from tests.chaos.records import Records
from tests.chaos.script import Script
from tests.reliability.processes import wait_until

LEASE = "1s"


class LaterClock(SystemClock):
    """A clock by which every lease of the dead is over."""

    def now(self) -> datetime:
        """Tell the time in an hour."""
        return super().now() + timedelta(hours=1)


def _lives(begun: Path) -> bool:
    try:
        with begun.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        pass
    return False


@dataclass(frozen=True)
class World:
    """One store, all the people around it, and the seed of all they do."""

    home: Path
    mongodb_uri: str | None
    seed: int

    @property
    def settings(self) -> Settings:
        """The settings of every process."""
        given = {
            "SUPPORT_HOME": str(self.home / "desk"),
            "SUPPORT_LEASE": LEASE,
            "XDG_STATE_HOME": str(self.home / "state"),
        }
        if self.mongodb_uri is not None:
            given["MONGODB_URI"] = self.mongodb_uri
        return load(given, self.home / "no.env")

    @property
    def bugs(self) -> Records:
        """What no process should ever have met."""
        return Records(self.home / "bugs")

    def told(self, name: str) -> Records:
        """Name the file of what one of the people has been told."""
        return Records(self.home / f"told-{name}")

    def provider(self, chance: Random) -> Provider:
        """Make the provider, as one process has it."""
        commands = SupervisedCommands(self.settings.state / "actions")
        return Provider(self.home / "provider", chance, commands)

    def await_actions(self) -> None:
        """Wait until no action goes on that somebody began who is dead."""
        wait_until(lambda: not any(map(_lives, self.home.rglob("*.begun"))), "the actions' end")

    @contextmanager
    def desk(self, chance: Random, clock: SystemClock | None = None) -> Iterator[wiring.Desk]:
        """Open the desk, as one process has it."""
        agent = partial(wiring.make_agent, model=Script(chance=chance))
        tools = self.provider(chance).tools()
        with wiring.open_desk(self.settings, clock=clock, agent=agent, tools=tools) as desk:
            yield desk
