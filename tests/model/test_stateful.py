"""Anything, in any order: the desk's invariants hold after every step."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from support_cli import errors
from support_cli.domain.request import Choice, Request
from support_cli.domain.ticket import Status, Ticket
from support_cli.errors import Closed, ReplyLost, StoreError, SupportError
from support_cli.services.decisions import Answer
from tests.model.agent import WORDS
from tests.model.desk import Desk, person
from tests.model.invariants import History
from tests.model.world import BOTH, LEVELS, End, Fate, Interrupted, Killed

TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(" ".join)
ENDS = st.sampled_from(End)
MID_EFFECT = st.builds(Fate, ENDS, st.integers(0, 1), st.just(True))
FATES = MID_EFFECT | st.builds(Fate, ENDS, st.integers(0, 14))
RUNS = st.none() | st.just(Fate()) | FATES  # whether a command runs its ticket, and to what end
BRIEF_FATES = st.none() | st.builds(Fate, st.sampled_from([End.KILL, End.LOSE]), st.integers(0, 3))
PEOPLE = st.sampled_from(sorted(LEVELS))
# Nothing here loses power, so nothing need reach a disk.
MEMORY = Path("/dev/shm")
AGREEING = (["mia"], ["zoe", "zoe"], ["mia", "dan"], ["zoe", "dan"])
ENDED = (Killed, Interrupted, errors.Interrupted, StoreError)


class DeskMachine(RuleBasedStateMachine):
    """Customers, people and processes, in any order."""

    ids: Bundle[str] = Bundle("ids")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)
        self.desk = Desk(Path(self.folder.name) / "support.db")
        self.history = History(self.desk)
        self.keys: dict[str, str] = {}
        self.shown: dict[tuple[str, str], str] = {}

    def teardown(self) -> None:
        self.comes_to_rest()
        self.history.check()
        self.desk.documents.close()
        self.folder.cleanup()

    @initialize(target=ids, text=TEXTS)
    def begin(self, text: str) -> str:
        ticket = self.desk.process().tickets.submit(person("carl"), text, human=False)
        self.history.acknowledged(ticket.id, text)
        return ticket.id

    @precondition(lambda self: len(self.history.known()) < 3)
    @rule(
        target=ids, text=TEXTS, key=st.sampled_from([None, "a", "b"]), fate=BRIEF_FATES, runs=RUNS
    )
    def submit(
        self, text: str, key: str | None, fate: Fate | None, runs: Fate | None
    ) -> MultipleResults[str]:
        tickets = self.desk.process(fate).tickets
        try:
            ticket = tickets.submit(person("carl"), text, human=False, key=key)
        except ENDED:
            return multiple()
        if ticket.id not in self.history.known():
            self.history.acknowledged(ticket.id, ticket.messages[0].text)
        if key is not None:
            assert ticket.id == self.keys.setdefault(key, ticket.id)
        self.runs(ticket.id, runs)
        return multiple(ticket.id)

    @rule(ticket_id=ids, text=TEXTS, fate=BRIEF_FATES, runs=RUNS)
    def reply(self, ticket_id: str, text: str, fate: Fate | None, runs: Fate | None) -> None:
        before = self.desk.stored(ticket_id)
        try:
            self.desk.process(fate).tickets.reply(ticket_id, person("carl"), text, human=False)
        except Closed:
            assert before.status is Status.CLOSED
        except ENDED:
            return
        else:
            self.history.acknowledged(ticket_id, text)
            self.runs(ticket_id, runs)

    @rule(
        ticket_id=ids,
        who=PEOPLE,
        choice=st.sampled_from(Choice),
        amount=st.sampled_from(["10", "60", "200"]),
        first=st.booleans(),
        fate=BRIEF_FATES,
    )
    def decide(
        self, ticket_id: str, who: str, choice: Choice, amount: str, first: bool, fate: Fate | None
    ) -> None:
        """Say anything about the first or the last request, open or not, as it is shown now."""
        asked = self.requests(ticket_id)
        if asked:
            request = asked[0 if first else -1]
            self.say(ticket_id, who, choice, request, request.fingerprint, amount, fate)

    @rule(ticket_id=ids, who=PEOPLE)
    def decide_on_what_was_shown_before(self, ticket_id: str, who: str) -> None:
        for request in self.desk.stored(ticket_id).open_requests:
            old = self.shown.get((ticket_id, request.id), "")
            if old != request.fingerprint:
                before = self.desk.stored(ticket_id)
                self.say(ticket_id, who, request.allowed[0], request, old)
                assert self.voters(ticket_id) == self.voters_of(before)
                assert self.desk.stored(ticket_id).version == before.version

    @rule(ticket_id=ids)
    def look(self, ticket_id: str) -> None:
        """Show somebody the open requests, for a decision made later."""
        for request in self.desk.stored(ticket_id).open_requests:
            self.shown[ticket_id, request.id] = request.fingerprint

    @rule(ticket_id=ids, who=st.sampled_from(AGREEING), runs=RUNS)
    def agree(self, ticket_id: str, who: list[str], runs: Fate | None) -> None:
        """Approve whatever may be approved, as those who hold levels."""
        for name in who:
            for request in self.desk.stored(ticket_id).open_requests:
                if Choice.APPROVE in request.allowed:
                    self.say(ticket_id, name, Choice.APPROVE, request, request.fingerprint)
        self.runs(ticket_id, runs)

    @rule(ticket_id=ids, who=PEOPLE, other=PEOPLE)
    def two_decide_at_once(self, ticket_id: str, who: str, other: str) -> None:
        for request in self.desk.stored(ticket_id).open_requests:
            self.say(ticket_id, who, request.allowed[0], request, request.fingerprint)
            self.say(ticket_id, other, request.allowed[-1], request, request.fingerprint)

    @rule(who=PEOPLE, held=st.sampled_from([(), BOTH[:1], BOTH[1:], BOTH]))
    def policy_gives_other_levels(self, who: str, held: tuple[str, ...]) -> None:
        self.desk.policy.people[who] = held

    @rule(ticket_id=ids)
    def run_without_a_model(self, ticket_id: str) -> None:
        self.desk.agent.down = True
        self.run(ticket_id, late=True, fate=Fate())
        self.desk.agent.down = False

    @rule(ticket_id=ids, late=st.booleans(), fate=st.just(Fate()) | FATES)
    def run(self, ticket_id: str, late: bool, fate: Fate) -> None:
        """Claim a ticket, if it is ready or its lease has expired, and run it to whatever end."""
        if late:
            self.desk.time_passes()
        self.runs(ticket_id, fate)

    @rule(ticket_id=ids, text=TEXTS, who=PEOPLE)
    def run_while_the_world_goes_on(self, ticket_id: str, text: str, who: str) -> None:
        def meanwhile() -> None:
            self.reply(ticket_id, text, fate=None, runs=None)
            self.close(ticket_id, by_customer=True, fate=None)
            for request in self.desk.stored(ticket_id).open_requests:
                self.say(ticket_id, who, request.allowed[0], request, request.fingerprint)

        self.desk.agent.meanwhile = meanwhile
        self.run(ticket_id, late=True, fate=Fate())

    @rule(ticket_id=ids)
    def run_that_oversleeps_its_lease(self, ticket_id: str) -> None:
        """Stop a run before it acts, let another finish, and wake it up."""

        def meanwhile() -> None:
            self.desk.time_passes()
            self.desk.process().runs.run(ticket_id)

        self.desk.agent.meanwhile = meanwhile
        self.run(ticket_id, late=True, fate=Fate())

    @precondition(lambda self: len(self.history.known()) > 1)
    @rule(ticket_id=ids, by_customer=st.booleans(), fate=BRIEF_FATES)
    def close(self, ticket_id: str, by_customer: bool, fate: Fate | None) -> None:
        tickets = self.desk.process(fate).tickets
        try:
            if by_customer:
                tickets.close_as_customer(ticket_id, person("carl"))
            else:
                tickets.close_as_admin(ticket_id, person("amy"), "Goodbye")
        except (SupportError, Killed):
            return

    @rule()
    def comes_to_rest(self) -> None:
        """Bring every ticket to where only people can move it, as a worker does."""
        self.desk.agent.meanwhile = lambda: None
        self.desk.rests()
        for ticket_id in self.history.known():
            status = self.desk.stored(ticket_id).status
            assert status in (Status.WAITING, Status.ANSWERED, Status.CLOSED)

    @invariant()
    def holds(self) -> None:
        self.desk.agent.meanwhile = lambda: None
        self.history.check()

    def say(
        self,
        ticket_id: str,
        who: str,
        choice: Choice,
        request: Request,
        shown: str,
        amount: str = "60",
        fate: Fate | None = None,
    ) -> None:
        args = {"amount": amount} if choice is Choice.EDIT else None
        answer = Answer(choice, "So it is", args=args, request=request.id, if_match=shown)
        before = self.desk.stored(ticket_id)
        try:
            accepted = self.desk.process(fate).decisions.decide(ticket_id, person(who), answer)
        except (ReplyLost, Killed):
            return
        except SupportError:
            assert self.desk.stored(ticket_id) == before
        else:
            assert accepted.unchanged == (accepted.ticket.version == before.version)

    def runs(self, ticket_id: str, fate: Fate | None) -> None:
        if fate is None:
            return
        try:
            self.desk.process(fate).runs.run(ticket_id)
        except ENDED:
            return

    def requests(self, ticket_id: str) -> list[Request]:
        ticket = self.desk.stored(ticket_id)
        return [*ticket.decided, *ticket.requests]

    def voters(self, ticket_id: str) -> list[str]:
        return self.voters_of(self.desk.stored(ticket_id))

    def voters_of(self, ticket: Ticket) -> list[str]:
        return [vote.by for request in ticket.requests for vote in request.votes]


TestDesk = DeskMachine.TestCase
TestDesk.settings = settings(
    max_examples=100,
    stateful_step_count=30,
    deadline=None,
    # Two processors shared with other suites are slow, and that is no fault of the desk.
    suppress_health_check=[HealthCheck.too_slow],
)
