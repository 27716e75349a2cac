"""Parts of the desk that tests replace: an agent without a model, and a clock that is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from support_cli.domain.action import Action
from support_cli.domain.command import Command, CommandEnd
from support_cli.domain.effect import effect_id
from support_cli.domain.request import Kind
from support_cli.domain.run import Deliver, Pause, Position, Resume, Saying, Step
from support_cli.domain.ticket import Message, Ticket
from support_cli.domain.verdict import Ruling, Verdict
from support_cli.errors import StoreError
from support_cli.services.ports import Documents, Report

ASK, APPROVE, BREAK, CRASH, UNPLUG = "ask:", "approve:", "break:", "crash:", "unplug:"


def judged(
    ticket: str,
    call: str,
    tool: str,
    args: Mapping[str, Any],
    verdict: Verdict,
    *,
    edit: bool = False,
) -> Action:
    """Make what the desk writes down as it judges a call, before its state is saved."""
    now = datetime(2026, 5, 4, 12, tzinfo=UTC)
    name = effect_id(ticket, call)
    return Action(name, ticket, "carl", tool, False, args, 1.0, verdict, now, edit)


@dataclass
class ScriptedAgent:
    """Does what the customer's last message says, and remembers it for as long as it lives.

    `ask: QUERY` asks a person. `approve: QUERY` wants to make a refund of 20. `crash: REASON`
    raises, with `unplug: REASON` the store fails, in an answer too. `break: WORDS` says them and
    then raises. Anything else is answered with "About …". A person's answer is passed on as it is.
    """

    states: dict[str, Position] = field(default_factory=dict)
    documents: Documents | None = None  # the desk's, where its refunds are written down

    def at(self, documents: Documents) -> ScriptedAgent:
        """Work at the desk of a store."""
        self.documents = documents
        return self

    def session(self, ticket_id: str, fence: int, report: Report | None) -> ScriptedSession:
        """Begin to work on a ticket."""
        return ScriptedSession(self, ticket_id, report)


@dataclass
class ScriptedSession:
    """The scripted agent at work on one ticket."""

    agent: ScriptedAgent
    ticket_id: str
    report: Report | None

    def position(self) -> Position:
        """Look at what the agent remembers."""
        return self.agent.states.get(self.ticket_id, Position())

    def take(self, step: Step, ticket: Ticket) -> Position:
        """Do one step."""
        before = self.position()
        messages = () if not isinstance(step, Deliver | Resume) else step.messages
        heard = before.delivered | {message.id for message in messages}
        after = replace(before, delivered=heard, checkpoint=str(len(heard) + len(before.said)))
        if isinstance(step, Resume):
            rest = tuple(each for each in before.pauses if each != step.pause)
            decision = step.request.decision
            words = decision.message if decision and decision.message else "Done."
            after = self._said(replace(after, pauses=rest), _allowed(words))
        elif messages:
            after = self._acted(after, messages[-1])
        self.agent.states[self.ticket_id] = after
        return after

    def prune(self, keep: str) -> None:
        """Keep everything: there is little of it."""

    def _acted(self, position: Position, message: Message) -> Position:
        command, _, rest = _allowed(message.text).partition(" ")
        if command == BREAK and self.report is not None:
            self.report(rest)
            raise RuntimeError
        if command in (ASK, APPROVE) or message.human:
            pause = self._pause(command, rest if command in (ASK, APPROVE) else message.text)
            return replace(position, pauses=(*position.pauses, pause))
        return self._said(position, f"About {message.text}")

    def _pause(self, command: str, query: str) -> Pause:
        call = f"call-{len(self.position().delivered)}"
        if command == APPROVE:
            args = {"order": "ORD-1", "amount": "20.00"}
            asks = Verdict(Ruling.ASK, reason="over the limit")
            if self.agent.documents is not None:
                entry = judged(self.ticket_id, call, "refund_order", args, asks)
                self.agent.documents.insert(entry)
            return Pause(call, call, Kind.APPROVAL, "refund_order", args, query)
        return Pause(call, call, Kind.QUESTION, "human_assistance", {"query": query}, query)

    def _said(self, position: Position, text: str) -> Position:
        for part in text.splitlines(keepends=True):
            if self.report is not None:
                self.report(part)
        saying = Saying(f"{self.ticket_id}-a{len(position.said) + 1}", text)
        return replace(position, said=(*position.said, saying))


def _allowed(text: str) -> str:
    command, _, reason = text.partition(" ")
    if command == CRASH:
        raise RuntimeError(reason)
    if command == UNPLUG:
        raise StoreError(reason)
    return text


@dataclass
class ToldCommands:
    """Commands that were all run elsewhere: nothing but the ends that a test leaves."""

    left: dict[tuple[str, str], CommandEnd] = field(default_factory=dict)
    alive: set[tuple[str, str]] = field(default_factory=set)

    def run(self, command: Command, effect: str, attempt: str) -> CommandEnd:
        """Find the end that the test left."""
        return self.left[effect, attempt]

    def end_of(self, effect: str, attempt: str) -> CommandEnd | None:
        """Find the end that the test left, if it did."""
        return self.left.get((effect, attempt))

    def acts(self, effect: str, attempt: str) -> bool:
        """Tell whether the test says so."""
        return (effect, attempt) in self.alive

    def ends(self) -> Iterator[tuple[str, str]]:
        """Name what the test left."""
        return iter(list(self.left))

    def forget(self, effect: str, attempt: str) -> None:
        """Remove what the test left."""
        self.left.pop((effect, attempt), None)


@dataclass
class ToldClock:
    """A clock that moves only when somebody sleeps; `naps` is how long each sleep was."""

    time: datetime = datetime(2026, 5, 4, 12, tzinfo=UTC)
    naps: list[timedelta] = field(default_factory=list)

    def now(self) -> datetime:
        """Tell the time."""
        return self.time

    def sleep(self, span: timedelta) -> None:
        """Let the time pass at once."""
        self.naps.append(span)
        self.time += span
