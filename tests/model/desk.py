"""The desk of one process after the other, on one store."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from support_cli.domain.ticket import Ticket
from support_cli.domain.trail import Actor
from support_cli.services.changes import Changes
from support_cli.services.decisions import Decisions
from support_cli.services.effects import Ledger
from support_cli.services.runs import Runs
from support_cli.services.tickets import Tickets
from support_cli.store.sqlite import SqliteDocuments
from tests.fakes import ToldClock, ToldCommands
from tests.model.agent import ProcessAgent, RememberingAgent
from tests.model.world import AmountPolicy, Fate, MortalDocuments, Provider, StillHeart

LEASE = timedelta(seconds=20)  # shorter than a tool's timeout, so that effects ask for more


def person(name: str) -> Actor:
    """Give somebody a place to sit."""
    return Actor(name, f"{name}@host")


@dataclass
class Process:
    """One process's services, put together as wiring does; they end as `fate` says."""

    tickets: Tickets
    decisions: Decisions
    runs: Runs


@dataclass
class Desk:
    """What outlives every process: the store, the clock, the provider and the agent's memories."""

    path: Path
    clock: ToldClock = field(default_factory=ToldClock)
    provider: Provider = field(default_factory=Provider)
    policy: AmountPolicy = field(default_factory=AmountPolicy)

    def __post_init__(self) -> None:
        self.documents = SqliteDocuments(self.path)
        self.agent = RememberingAgent(self.provider)
        self.ledger = Ledger(Changes(self.documents, self.clock), ToldCommands())

    def process(self, fate: Fate | None = None) -> Process:
        """Start a process, mortal or not."""
        fate = fate or Fate()
        changes = Changes(MortalDocuments(self.documents, fate), self.clock)
        ledger = Ledger(changes, ToldCommands())
        agent = ProcessAgent(self.agent, ledger, changes.documents, fate)
        return Process(
            Tickets(changes, self.policy.staff),
            Decisions(changes, ledger, self.policy, lambda tool, args: None),
            Runs(changes, ledger, agent, StillHeart(), LEASE, person("worker")),
        )

    def stored(self, ticket_id: str) -> Ticket:
        """Read a ticket as the store has it."""
        ticket = self.documents.get(Ticket, ticket_id)
        assert ticket is not None
        return ticket

    def time_passes(self) -> None:
        """Let every lease run out."""
        self.clock.sleep(timedelta(minutes=5))

    def rests(self) -> None:
        """Run whatever is due, until nothing is: what `support worker --once` does."""
        runs = self.process().runs
        self.time_passes()
        while due := list(runs.due()):
            for ticket_id in due:
                runs.run(ticket_id)
