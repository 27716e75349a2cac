"""An agent that does what each word of a message says, and remembers it across crashes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from support_cli.domain.effect import DidNotHappen
from support_cli.domain.request import Choice, Kind, Request
from support_cli.domain.run import Deliver, Pause, Position, Proceed, Resume, Saying, Step
from support_cli.domain.ticket import Message, Ticket
from support_cli.domain.tool import Marking, Tool
from support_cli.domain.verdict import Ruling, Verdict
from support_cli.services.effects import Act, Ledger
from support_cli.services.ports import Documents, Report
from tests.fakes import judged
from tests.model.world import BOTH, Fate, Provider

_KEYED, _PLAIN = Marking(keyed=True), Marking(keyed=False)
TOOLS: Mapping[str, Tool] = {
    "keyed": Tool("keyed", str, _KEYED),
    "plain": Tool("plain", str, _PLAIN),
    "refused": Tool("refused", str, _PLAIN),  # is always certain that it did not act
    "guarded": Tool("guarded", str, _PLAIN),  # asks anybody
    "refund": Tool("refund", str, _KEYED),  # asks a manager and a director
    "wipe": Tool("wipe", str, _PLAIN),  # asks a manager and a director
}
_LEVELS: Mapping[str, tuple[str, ...]] = {"guarded": (), "refund": BOTH, "wipe": BOTH}
ARGS = {"amount": "50"}
WORDS = ("hello", "ask", *TOOLS)


@dataclass(frozen=True)
class Task:
    """One tool call: of which tool, asking what kind of request, and what came of it."""

    call: str
    word: str
    result: str | None = None

    @property
    def pause(self) -> Pause | None:
        """The interrupt the call stands at, if it asks a person."""
        if self.word == "ask":
            return Pause(self.call, self.call, Kind.QUESTION, "ask", {}, "What now?")
        if self.word not in _LEVELS:
            return None
        return Pause(self.call, self.call, Kind.APPROVAL, self.word, ARGS, "May I?")

    @property
    def verdict(self) -> Verdict:
        """What policy says of the call."""
        if self.word not in _LEVELS:
            return Verdict(Ruling.ALLOW)
        return Verdict(Ruling.ASK, "asks", "v1", levels=_LEVELS[self.word])


@dataclass(frozen=True)
class Memory:
    """The agent's saved state on one ticket: what it heard, began, and said. `fence`: whose."""

    fence: int = 0
    heard: frozenset[str] = frozenset()
    tasks: tuple[Task, ...] = ()
    said: tuple[Saying, ...] = ()
    saves: int = 0

    @property
    def position(self) -> Position:
        """Tell where the state stands, as the desk asks it."""
        left = [task for task in self.tasks if task.result is None]
        pauses = tuple(task.pause for task in left if task.pause is not None)
        unfinished = len(left) > len(pauses) or bool(self.tasks and not left)
        checkpoint = str(self.saves) if self.saves else None
        return Position(checkpoint, unfinished, pauses, self.heard, self.said)

    def hearing(self, messages: tuple[Message, ...]) -> Memory:
        """Take messages in; each of their words is a call."""
        tasks = tuple(
            Task(f"{message.id}-{number}", word)
            for message in messages
            for number, word in enumerate(message.text.split())
        )
        heard = self.heard | {message.id for message in messages}
        return replace(self, heard=heard, tasks=(*self.tasks, *tasks))

    def with_result(self, done: Task, result: str) -> Memory:
        """Keep what came of a call."""
        ended = replace(done, result=result)
        return replace(self, tasks=tuple(ended if t.call == done.call else t for t in self.tasks))


def nothing() -> None:
    """Let nothing happen meanwhile."""


@dataclass
class RememberingAgent:
    """The agent: its memories outlive every process. `down`: its model cannot be reached.

    `meanwhile` happens once, inside the next run, before it acts.
    """

    provider: Provider
    memories: dict[str, Memory] = field(default_factory=dict)
    down: bool = False
    meanwhile: Callable[[], None] = nothing

    def interlude(self) -> None:
        """Let happen what is to happen meanwhile, once."""
        happening, self.meanwhile = self.meanwhile, nothing
        happening()


@dataclass
class ProcessAgent:
    """The agent as one process runs it, with that process's ledger and fate."""

    mind: RememberingAgent
    ledger: Ledger
    documents: Documents
    fate: Fate

    def session(self, ticket_id: str, fence: int, report: Report | None) -> RememberingSession:
        """Begin to work on a ticket."""
        return RememberingSession(self, ticket_id, fence)


@dataclass
class RememberingSession:
    """The agent at work on one ticket; one whose fence was overtaken writes beside the head."""

    agent: ProcessAgent
    ticket_id: str
    fence: int
    own: Memory = field(default_factory=Memory)

    def position(self) -> Position:
        """Look at the head."""
        return self._load().position

    def take(self, step: Step, ticket: Ticket) -> Position:
        """Do one step, saving after each thing done."""
        self.agent.mind.interlude()
        if self.agent.mind.down:
            raise RuntimeError("The model cannot be reached.")
        if isinstance(step, Deliver | Proceed):
            self._hear(step.messages)
        elif isinstance(step, Resume):
            self._resume(step)
        for task in self._load().tasks:
            if task.result is None and task.pause is None:
                self._save(self._load().with_result(task, self._work(task, None)))
        memory = self._load()
        if memory.tasks and not memory.position.pauses:
            self._save(self._answer(memory))
        return self.position()

    def prune(self, keep: str) -> None:
        """Keep everything: there is little of it."""

    def _resume(self, step: Resume) -> None:
        memory = self._load()
        task = next(each for each in memory.tasks if each.call == step.pause.call)
        result = self._work(task, step.request)
        self._save(memory.with_result(task, result))
        self._hear(step.messages)

    def _hear(self, messages: tuple[Message, ...]) -> None:
        """Take messages in; what is judged is written down before the state that has it."""
        heard = self._load().hearing(messages)
        for task in heard.tasks:
            if task.word in TOOLS:
                self.agent.documents.insert(
                    judged(self.ticket_id, task.call, task.word, ARGS, task.verdict)
                )
        self._save(heard)

    def _work(self, task: Task, request: Request | None) -> str:
        decision = request.decision if request is not None else None
        if task.word not in TOOLS:
            return (decision.message if decision else None) or task.word
        if decision is not None and decision.type not in (Choice.APPROVE, Choice.EDIT):
            return f"Not done: {decision.message}"
        args = ARGS if request is None else request.args
        tool = TOOLS[task.word]
        act = Act(self.ticket_id, task.call, tool, ARGS, args, self.fence)
        try:
            return self.agent.ledger.perform(act, lambda entry: self._act(entry.id, tool, args))
        except DidNotHappen as refused:
            return str(refused)

    def _act(self, key: str, tool: Tool, args: Mapping[str, Any]) -> str:
        if tool.name == "refused":
            raise DidNotHappen("It cannot be done.")
        with self.agent.fate.around(acting=True):
            return self.agent.mind.provider.act(key, args, keyed=tool.marking.keyed)

    def _answer(self, memory: Memory) -> Memory:
        words = ". ".join(task.result or "" for task in memory.tasks)
        saying = Saying(f"{self.ticket_id}-a{len(memory.said) + 1}", words)
        return replace(memory, tasks=(), said=(*memory.said, saying))

    def _load(self) -> Memory:
        head = self.agent.mind.memories.get(self.ticket_id, Memory())
        return head if head.fence <= self.fence else self.own

    def _save(self, memory: Memory) -> None:
        head = self.agent.mind.memories.get(self.ticket_id, Memory())
        self.own = replace(memory, fence=self.fence, saves=memory.saves + 1)
        with self.agent.fate.around():
            if head.fence <= self.fence:
                self.agent.mind.memories[self.ticket_id] = self.own
