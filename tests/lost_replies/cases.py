"""What is done while the line breaks, and what must be true afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

from support_cli.domain.credit import Credit
from support_cli.domain.request import Kind
from support_cli.domain.ticket import Ticket
from support_cli.errors import SupportError
from support_cli.services.decisions import Answer
from support_cli.services.ports import Clock
from support_cli.wiring import Desk, make_agent, open_desk
from tests.databases import client
from tests.lost_replies.creditor import CREDIT, Creditor
from tests.lost_replies.proxy import WRITES, Cut, Plan, Proxy
from tests.racing import RACERS
from tests.reliability.checks import wrongs
from tests.reliability.desk import LATER, Target, payments_of, settings_of
from tests.reliability.payments import Payments
from tests.reliability.scenarios import (
    ADMIN,
    APPROVE,
    RESPOND,
    Scenario,
    command,
    ids_of,
    prepare,
)

OPENING = Scenario("submit, with the store to open", submit="hello")
ROUND = Scenario("a worker's round", ("hello",), reply="and hello again")
SCENARIOS = (
    OPENING,
    ROUND,
    Scenario("submit", submit="hello", key="k"),
    Scenario("reply", ("hello",), reply="and hello again"),
    Scenario("decision", ("ask how",), answer=RESPOND),
    Scenario("credit note", (f"{CREDIT} 5",), answer=APPROVE),
    Scenario("unkeyed effect", ("wire 5",), answer=APPROVE),
)

BROKEN = (Cut.BEFORE, Cut.AFTER)
FAILED_OVER = (
    Cut.NOT_PRIMARY,
    Cut.INTERRUPTED,
    Cut.DONE_INTERRUPTED,
    Cut.UNKEPT,
    Cut.STALE,
    Cut.THROTTLED,
)
_QUESTIONS = frozenset({"find", "aggregate", "listIndexes", "listCollections"})
_OF_READS = frozenset({*BROKEN, Cut.NOT_PRIMARY, Cut.THROTTLED})


@dataclass(frozen=True)
class Case:
    """One request that fails; `claimed`: a worker takes the ticket meanwhile."""

    scenario: Scenario
    at: int
    name: str
    cut: Cut
    claimed: bool

    def __str__(self) -> str:
        meanwhile = " and a worker claims" if self.claimed else ""
        return f"{self.scenario.name}, cut {self.cut} request {self.at} ({self.name}){meanwhile}"


@dataclass(frozen=True)
class Summary:
    """What a racer saw: how many lines were cut, which commands failed, and what was wrong."""

    cut: int
    failed: list[str]
    wrong: list[str]


@dataclass
class Place:
    """A database with a desk over a line that breaks, and one beside it that goes an hour ahead."""

    proxy: Proxy
    line: Target
    cut_off: Desk
    direct: Desk
    payments: Payments
    errors: list[Exception] = field(default_factory=list)

    def work(self) -> None:
        """Run what is due, and what was abandoned, on the server itself."""
        self.direct.worker(1, self._done).run(once=True)

    def work_over_line(self) -> None:
        """Run what is due, as a worker does whose line fails."""
        self.cut_off.worker(1, lambda *_: None).run(once=True)

    def _done(self, _: str, outcome: Ticket | Exception) -> None:
        if isinstance(outcome, Exception):
            self.errors.append(outcome)


def cut_all(number: int, uris: list[str], home: str, cuts: tuple[Cut, ...]) -> Summary:
    """Let each of a racer's share of all requests fail."""
    with _place(uris[number], Path(home) / str(number)) as place:
        every = [case for scenario in SCENARIOS for case in _cases(place, scenario, cuts)]
        mine = every[number::RACERS]
        failed, wrong = list[str](), list[str]()
        for case in mine:
            error, found = _broken(place, case)
            failed += [f"{case}: {error!r}"] if error else []
            wrong += [f"{case}: {each} (said: {error!r})" for each in found]
    return Summary(len(mine), failed, wrong)


@contextmanager
def _place(uri: str, home: Path) -> Iterator[Place]:
    home.mkdir()
    beside = {"SUPPORT_HOME": str(home), "MONGODB_URI": uri}
    parts = urlsplit(uri)
    try:
        with Proxy((parts.hostname or "127.0.0.1", parts.port or 27017)) as proxy:
            line = {**beside, "MONGODB_URI": through(uri, proxy.port)}
            with _desk(beside, LATER) as direct, _desk(line) as cut_off:
                direct.policies.require_readable()
                yield Place(proxy, line, cut_off, direct, payments_of(beside))
    finally:
        with client(uri) as connected:
            connected.drop_database(parts.path.strip("/"))


def _desk(target: Target, clock: Clock | None = None) -> AbstractContextManager[Desk]:
    # Without the trap: it lets a process write one thing at a time, and here two desks share one.
    return open_desk(
        settings_of(target, "60s"),
        clock=clock,
        agent=partial(make_agent, model=Creditor()),
        tools=payments_of(target).tools(),
    )


def through(uri: str, port: int) -> str:
    """Name the database of a URI at the end of a line of our own."""
    parts = urlsplit(uri)
    credentials, at, _ = parts.netloc.rpartition("@")
    options = [each for each in parse_qsl(parts.query) if each[0].lower() != "replicaset"]
    query = urlencode([*options, ("directConnection", "true")])
    return parts._replace(netloc=f"{credentials}{at}127.0.0.1:{port}", query=query).geturl()


def _cases(place: Place, scenario: Scenario, cuts: tuple[Cut, ...]) -> Iterator[Case]:
    """Play a scenario undisturbed, and let each of its requests fail in each of these ways."""
    customer = f"{scenario.name}, whole"
    _prepare(place, scenario, customer)
    _play(place, scenario, customer, [])  # loads what it needs
    customer = f"{scenario.name}, counted"
    _prepare(place, scenario, customer)
    place.proxy.plan = plan = Plan()
    _play(place, scenario, customer, [])
    for at, name in enumerate(plan.names, 1):
        for cut in cuts:
            if cut not in _OF_READS and name not in WRITES:
                continue
            yield Case(scenario, at, name, cut, claimed=False)
            # A question is the same whether it or its answer got lost: once is enough here.
            if cut is Cut.BEFORE or (cut is Cut.AFTER and name not in _QUESTIONS):
                yield Case(scenario, at, name, cut, claimed=True)


def _prepare(place: Place, scenario: Scenario, customer: str) -> None:
    prepare(place.direct, scenario, customer)
    if scenario is ROUND and scenario.reply is not None:
        who, (ticket,) = place.direct.customer(customer), ids_of(place.direct, customer)
        place.direct.tickets.reply(ticket, who, scenario.reply, human=False)


def _play(place: Place, scenario: Scenario, customer: str, said: list[str]) -> None:
    if scenario is ROUND:
        place.work_over_line()
        return
    if scenario is not OPENING:
        command(place.cut_off, scenario, customer, place.payments, said.append)
        return
    with _desk(place.line) as desk:
        command(desk, scenario, customer, place.payments, said.append)


def _broken(place: Place, case: Case) -> tuple[SupportError | None, list[str]]:
    """Play a case; return what the command said, and what is wrong afterwards."""
    customer, said, error = str(case), list[str](), None
    _prepare(place, case.scenario, customer)
    meanwhile = place.work if case.claimed else _nothing
    place.proxy.plan = plan = Plan(case.at, case.cut, meanwhile)
    try:
        _play(place, case.scenario, customer, said)
    except SupportError as failure:
        error = failure
    place.proxy.plan = Plan()
    found = [] if len(plan.names) >= case.at else ["the request never came"]
    place.work()
    found += [*_lost(place, case.scenario, customer, said)]
    ticket = command(place.direct, case.scenario, customer, place.payments, lambda _: None)
    found += [*_of_end(place, case.scenario, customer, ticket)]
    found += [repr(each) for each in place.errors]
    place.errors.clear()
    return error, found


def _lost(place: Place, scenario: Scenario, customer: str, said: list[str]) -> Iterator[str]:
    """Name what was acknowledged and is not there, before anyone says it again."""
    found = [place.direct.tickets.of_anyone(each) for each in ids_of(place.direct, customer)]
    texts = {message.text for ticket in found for message in ticket.messages}
    if scenario.submit in said and scenario.submit not in texts:
        yield "the message is lost"
    events = [event.type for ticket in found for event in ticket.trail]
    if "decided" in said and "decided" not in events:
        yield "the decision is lost"
    if scenario.answer is not None and "decided" in events:
        yield from _unrecognised(place, scenario, found[0])


def _unrecognised(place: Place, scenario: Scenario, ticket: Ticket) -> Iterator[str]:
    assert scenario.answer is not None
    (first,) = [each for each in (*ticket.requests, *ticket.decided) if each.id == "r1"]
    again = Answer(
        scenario.answer.type, scenario.answer.message, request="r1", if_match=first.fingerprint
    )
    admin = place.direct.admin(ADMIN)
    if not place.direct.decisions.decide(ticket.id, admin, again).unchanged:
        yield "the same decision was accepted twice"


def _of_end(place: Place, scenario: Scenario, customer: str, ticket: Ticket) -> Iterator[str]:
    """Name how a ticket that was brought to its end differs from one that was never cut off."""
    tickets = ids_of(place.direct, customer)
    if tickets != [ticket.id]:
        yield f"there are {len(tickets)} tickets"
    yield from wrongs(place.direct, ticket, place.payments)
    (whole,) = ids_of(place.direct, f"{scenario.name}, whole")
    model = place.direct.tickets.of_anyone(whole)
    if _told(ticket) != _told(model):
        yield f"it came to {_told(ticket)}, not {_told(model)}"
    if _acts(place, ticket) != _acts(place, model):
        yield f"{_acts(place, ticket)} effects"


def _told(ticket: Ticket) -> tuple[object, ...]:
    kinds = [each.kind for each in ticket.decided if each.kind is not Kind.OUTCOME]
    return ticket.status, [(each.role, each.text) for each in ticket.messages], kinds


def _acts(place: Place, ticket: Ticket) -> int:
    notes = place.direct.documents.find(Credit, fields=("ticket",), limit=1000).rows
    paid = sum(each.key.startswith(f"{ticket.id}:") for each in place.payments.all())
    return paid + [row["ticket"] for row in notes].count(ticket.id)


def _nothing() -> None:
    return
