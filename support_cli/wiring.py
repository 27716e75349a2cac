"""The only place where everything is put together; each part can be replaced by keyword.

Nothing is opened or imported before it is needed: listing tickets loads neither the agent nor the
use cases it does not use.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from support_cli.domain.names import checked_name
from support_cli.domain.trail import Actor
from support_cli.errors import SupportError
from support_cli.services.changes import Changes
from support_cli.services.clock import SystemClock
from support_cli.services.heart import ThreadHeart
from support_cli.services.ports import Agent, Calls, Clock, Commands, Documents, Heart
from support_cli.services.tickets import Tickets
from support_cli.settings import Settings, system_user

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from support_cli.agent.checkpoints import Checkpoints
    from support_cli.domain.tool import Tool
    from support_cli.services.asides import Asides
    from support_cli.services.batch import Batch, Item, Result
    from support_cli.services.credits import Credits
    from support_cli.services.crew import Pipe
    from support_cli.services.decisions import Decisions
    from support_cli.services.effects import Ledger
    from support_cli.services.health import Health
    from support_cli.services.knowledge import Knowledge
    from support_cli.services.late import LateEffect
    from support_cli.services.order_import import OrderImport
    from support_cli.services.orders import Orders
    from support_cli.services.outage import Tell
    from support_cli.services.policy import Policies
    from support_cli.services.policy_change import PolicyChanges
    from support_cli.services.ports import Expressions
    from support_cli.services.rulebook import Rulebooks
    from support_cli.services.runs import Runs
    from support_cli.services.trial import Trial
    from support_cli.services.worker import Done, Worker
    from support_cli.store.sqlite_place import OpenFile


_JOBS_WORTH_A_PROCESS = 8
BatchTask = Callable[["Batch", "Item", Actor], "Result"]
AgentMaker = Callable[["Desk", ExitStack], Agent]


@dataclass
class Desk:
    """Everything a command may call, over one open store."""

    settings: Settings
    documents: Documents
    clock: Clock
    heart: Heart
    make_agent: AgentMaker
    own_tools: Sequence[Tool]
    as_set: bool = True  # made of what the settings say and nothing else
    _closing: ExitStack = field(default_factory=ExitStack)

    @cached_property
    def tickets(self) -> Tickets:
        """The customers' use cases, and looking at tickets."""
        return Tickets(self._changes, lambda: self.policies.staff())

    @cached_property
    def decisions(self) -> Decisions:
        """The admins' use cases."""
        from support_cli.services.decisions import Decisions

        return Decisions(self._changes, self.ledger, self.policies, self._fit)

    @cached_property
    def knowledge(self) -> Knowledge:
        """The articles the agent may answer from."""
        from support_cli.services.knowledge import Knowledge

        return Knowledge(self.documents, self.clock)

    @cached_property
    def credits(self) -> Credits:
        """The credit notes."""
        from support_cli.services.credits import Credits

        return Credits(self.documents, self.clock)

    @cached_property
    def policies(self) -> Policies:
        """What needs a person."""
        from support_cli.services.policy import Policies

        return Policies(self._changes, self.rulebooks, lambda: self.tools, self.calls)

    @cached_property
    def rulebooks(self) -> Rulebooks:
        """The versions of the policy."""
        from support_cli.services.rulebook import Rulebooks

        return Rulebooks(self._changes, open_expressions, lambda: self.tools, self.settings.policy)

    @cached_property
    def policy_changes(self) -> PolicyChanges:
        """Changing the policy, and who did."""
        from support_cli.services.policy_change import PolicyChanges

        return PolicyChanges(self._changes, self.rulebooks)

    @cached_property
    def trial(self) -> Trial:
        """Trying a policy on the history, and explaining what was judged."""
        from support_cli.services.trial import Trial

        return Trial(self.policies.history, self._changes)

    @cached_property
    def orders(self) -> Orders:
        """The orders and accounts."""
        from support_cli.services.orders import Orders

        return Orders(self._changes, self.policies, self.credits)

    @cached_property
    def order_import(self) -> OrderImport:
        """Loading orders and accounts from a file."""
        from support_cli.services.order_import import OrderImport

        return OrderImport(self._changes, self.policies.staff)

    @cached_property
    def ledger(self) -> Ledger:
        """The effects."""
        from support_cli.services.effects import Ledger

        return Ledger(self._changes, self.commands)

    def late_effects(self) -> Iterator[LateEffect]:
        """Find the effects that act for longer than they said."""
        from support_cli.services.late import late_effects

        return late_effects(self._changes)

    @cached_property
    def commands(self) -> Commands:
        """The local commands, and how they ended on this host."""
        from support_cli.runtime.commands import SupervisedCommands

        return SupervisedCommands(self.settings.state / "actions")

    @cached_property
    def calls(self) -> Calls:
        """What calls the tools."""
        from support_cli.runtime.calls import DaemonCalls

        return DaemonCalls()

    @cached_property
    def tools(self) -> Mapping[str, Tool]:
        """The tools the agent is given, by name."""
        from support_cli.tools.own import by_name, own_tools

        return by_name([*desk_tools(self), *own_tools(), *self.own_tools])

    @cached_property
    def runs(self) -> Runs:
        """Running tickets. Loads the agent."""
        from support_cli.services.policy import Governed
        from support_cli.services.runs import Runs

        agent = Governed(self.make_agent(self, self._closing), self.policies)
        owner = Actor("agent", f"{via()}/{os.getpid()}")
        lease = self.settings.lease
        return Runs(self._changes, self.ledger, agent, self.heart, lease, owner)

    @cached_property
    def asides(self) -> Asides:
        """The tickets that cannot be run."""
        from support_cli.services.asides import Asides

        return Asides(self._changes)

    @cached_property
    def health(self) -> Health:
        """Whether the desk's work goes on."""
        from support_cli.services.health import Health

        return Health(self._changes, self.asides, lambda: self.tools)

    def worker(self, jobs: int, done: Done, away: Tell = lambda _: None) -> Worker:
        """Make a worker that runs so many tickets side by side; see Worker."""
        from support_cli.services.worker import Worker

        return Worker(self.runs, self.clock, jobs, done, self.asides, away)

    def batch(self, *, run: bool) -> Batch:
        """Make what does batches; it lets the agent go on, or leaves that to workers."""
        from support_cli.services.batch import Batch

        return Batch(self.tickets, self.decisions, self.runs if run else None, self.clock)

    def customer(self, name: str | None) -> Actor:
        """Say who the customer is."""
        return Actor(checked_name(name or self.settings.customer), via())

    def admin(self, name: str | None) -> Actor:
        """Say who the admin is."""
        return Actor(checked_name(name or self.settings.admin), via())

    def _fit(self, tool: str, args: Mapping[str, Any]) -> str | None:
        from support_cli.agent.toolbox import Toolbox

        return Toolbox(list(self.tools.values())).fit(tool, args)

    @cached_property
    def _changes(self) -> Changes:
        return Changes(self.documents, self.clock)

    def leave(self) -> None:
        """Wait no longer for tools that were called."""
        self.calls.leave()

    def close(self) -> None:
        """Let go of the connections."""
        self._closing.close()
        self.documents.close()


def via() -> str:
    """Name the system user and host, as the trail records them beside a claimed name."""
    return f"{system_user()}@{os.uname().nodename}"


def open_documents(settings: Settings) -> Documents:
    """Open the store: MongoDB where MONGODB_URI is set, else the SQLite file.

    Raises:
        StoreError, UsageError: it cannot be opened; the sentence says why.
    """
    if settings.mongodb_uri is not None:
        from support_cli.store.mongo import MongoDocuments

        return MongoDocuments(settings.mongodb_uri)
    from support_cli.store.sqlite import SqliteDocuments

    return SqliteDocuments(settings.database_file)


def probe_model(settings: Settings) -> None:
    """Ask the model for a word.

    Raises:
        SupportError: it does not answer; the sentence says why.
    """
    from support_cli.agent.probe import probe

    probe(settings)


def open_expressions() -> Expressions:
    """Load the language that policy's conditions are written in."""
    from support_cli.policy.cel import CelExpressions

    return CelExpressions()


def desk_tools(desk: Desk) -> list[Tool]:
    """Make the tools that come with the desk."""
    from support_cli.tools.actions import action_tools
    from support_cli.tools.api import as_tool
    from support_cli.tools.credits import credit_tools
    from support_cli.tools.knowledge import search_knowledge
    from support_cli.tools.orders import order_tools

    functions = [
        search_knowledge(desk.knowledge),
        *order_tools(desk.orders),
        *credit_tools(desk.credits),
        *action_tools(desk.settings.actions, desk.commands),
    ]
    return [as_tool(function) for function in functions]


def make_agent(
    desk: Desk,
    closing: ExitStack,
    checkpoints: Callable[[Settings, ExitStack], Checkpoints] | None = None,
    model: BaseChatModel | None = None,
) -> Agent:
    """Build the agent with its model, tools and checkpointer."""
    from support_cli.agent.build import build_agent, build_toolbox

    return build_agent(
        desk.settings,
        desk.knowledge,
        build_toolbox(list(desk.tools.values())),
        desk.policies,
        desk.ledger,
        desk.calls,
        (checkpoints or open_checkpoints)(desk.settings, closing),
        model,
    )


def open_checkpoints(settings: Settings, closing: ExitStack) -> Checkpoints:
    """Open the agent's checkpointer beside the documents, in the same database.

    Raises:
        StoreError: it cannot be opened.
    """
    if settings.mongodb_uri is not None:
        from support_cli.agent.mongo_checkpoints import mongo_checkpoints, mongo_saver
        from support_cli.store.mongo_requests import Requests

        requests = Requests.of(settings.mongodb_uri)
        closing.callback(requests.database.client.close)
        return mongo_checkpoints(requests.build(mongo_saver), requests.repeat)
    from support_cli.agent.sqlite_checkpoints import SqliteCheckpoints
    from support_cli.store.sqlite_file import begin

    return SqliteCheckpoints(partial(_open_file, settings.database_file, closing), begin)


def _open_file(path: Path, closing: ExitStack) -> OpenFile:
    from support_cli.store.sqlite_file import connect
    from support_cli.store.sqlite_place import OpenFile

    file = OpenFile(path, connect)
    closing.callback(file.connection.close)
    return file


@contextmanager
def batch_hands(
    desk: Desk, task: BatchTask, actor: Actor, jobs: int
) -> Iterator[Callable[[Item], Result]]:
    """Give what does a batch's items: this process, or several where there is enough to do."""
    from support_cli.services.batch import lost, not_done, repeatable
    from support_cli.services.crew import Crew, Loss

    processes = min(jobs // _JOBS_WORTH_A_PROCESS, os.cpu_count() or 1)
    if processes < 2 or not desk.as_set:
        batch = desk.batch(run=True)
        yield lambda item: task(batch, item, actor)
        return
    work = partial(_do_batch, desk.settings, task, actor)
    with Crew(processes, jobs, work, Loss(repeatable, lost, not_done)) as crew:
        yield crew.do


def _do_batch(settings: Settings, task: BatchTask, actor: Actor, pipes: Sequence[Pipe]) -> None:
    from support_cli.services.batch import failed
    from support_cli.services.crew import serve

    try:
        with open_desk(settings) as desk:
            batch = desk.batch(run=True)
            serve(pipes, lambda item: task(batch, item, actor))
    except SupportError as error:
        # The store went away since the batch began: each item says so.
        serve(pipes, partial(failed, error=error))


@contextmanager
def open_desk(
    settings: Settings,
    *,
    documents: Documents | None = None,
    clock: Clock | None = None,
    heart: Heart | None = None,
    agent: AgentMaker = make_agent,
    tools: Sequence[Tool] = (),
) -> Iterator[Desk]:
    """Open the desk for one command."""
    given = (documents, clock, heart, *tools)
    desk = Desk(
        settings=settings,
        documents=documents or open_documents(settings),
        clock=clock or SystemClock(),
        heart=heart or ThreadHeart(),
        make_agent=agent,
        own_tools=tools,
        as_set=agent is make_agent and not any(given),
    )
    try:
        yield desk
    finally:
        desk.close()
