"""A replica set that fails over loses no write, doubles none, and is never said to be down."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlsplit

import pytest
from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    NotPrimaryError,
    OperationFailure,
    ServerSelectionTimeoutError,
)

from support_cli.domain.ticket import Ticket
from support_cli.errors import ReplyLost, StoreError, StoreUnavailable, Unsettled
from support_cli.services.ports import Key
from support_cli.store.mongo import MongoDocuments
from support_cli.store.mongo_client import database
from support_cli.store.mongo_errors import Fault, fault
from support_cli.store.mongo_requests import Patience, Requests
from tests.attacks.conftest import Run
from tests.contract.test_documents import ticket
from tests.lost_replies.cases import through
from tests.lost_replies.proxy import WRITES, Cut, Member, Plan, Proxy

KEY = Key("k", ticket="AAAA-0001")
SHORT = Patience(seconds=0.3)


class NoMajority(Plan):
    """Every write is done, and no majority ever has it."""

    def is_next(self, name: str, request: bytes) -> bool:
        """Spoil every write."""
        self.cut = Cut.UNKEPT
        return name in WRITES


@dataclass
class Time:
    """A clock that only sleeping moves."""

    at: float = 0.0

    def now(self) -> float:
        """Tell the time."""
        return self.at

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.at += seconds


@pytest.fixture
def line(mongo_uri: str) -> Iterator[Proxy]:
    """Give a line to the tests' server."""
    parts = urlsplit(mongo_uri)
    with Proxy((parts.hostname or "127.0.0.1", parts.port or 27017)) as proxy:
        yield proxy


@pytest.fixture
def store(line: Proxy, mongo_uri: str) -> Iterator[MongoDocuments]:
    """Give a store at the end of that line, whose patience is short."""
    with MongoDocuments(through(mongo_uri, line.port), SHORT) as documents:
        yield documents


def test_a_write_that_may_have_happened_is_not_told_as_a_server_that_is_down(
    line: Proxy, store: MongoDocuments
) -> None:
    """The sentence says that it may have happened, and how to look."""
    line.plan = Plan(1, Cut.AFTER, meanwhile=line.stop_accepting)
    with pytest.raises(Unsettled, match="may have happened") as caught:
        store.insert(ticket("K7M2-9QXD"))
    assert "support history K7M2-9QXD" in (caught.value.hint or "")
    assert caught.value.exit_code == 1


def test_a_submit_through_a_window_of_2_seconds_without_a_primary_files_one_ticket(
    line: Proxy, mongo_uri: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = line.member = Member(line.port)
    uri = through(mongo_uri, line.port).replace("directConnection=true", "replicaSet=rs0")
    monkeypatch.setenv("MONGODB_URI", uri)
    run("submit", "hello", "--detach")

    def step_down() -> None:
        member.primary = False
        threading.Timer(2, member.step_up).start()

    line.plan = Plan(2, Cut.DONE_INTERRUPTED, meanwhile=step_down)
    done = run("submit", "hello again", "--detach", "--json")
    assert done.code == 0, done.err
    assert len(run("list", "--json").json["tickets"]) == 2


@pytest.mark.parametrize(("window", "done"), [(2, True), (10, True), (20, True), (40, False)])
def test_no_window_of_an_election_ends_a_request(window: float, done: bool) -> None:
    time = Time()
    patience = Patience(now=time.now, sleep=time.sleep)
    requests = Requests(database("mongodb://127.0.0.1/support"), "mongodb h/support", patience)
    requests.read(lambda: None)  # the server was reached before

    def ask() -> None:
        if time.at < window:
            time.at += 1
            raise ServerSelectionTimeoutError("no primary")

    if done:
        requests.write(ask)
    else:
        with pytest.raises(StoreUnavailable):
            requests.write(ask)


def test_a_server_that_never_answered_is_not_waited_for() -> None:
    time = Time()
    patience = Patience(now=time.now, sleep=time.sleep)
    requests = Requests(database("mongodb://127.0.0.1/support"), "mongodb h/support", patience)
    with pytest.raises(StoreUnavailable):
        requests.read(partial(_raise, ServerSelectionTimeoutError("refused")))
    assert time.at == 0


def test_no_write_is_called_kept_that_no_majority_has(line: Proxy, store: MongoDocuments) -> None:
    line.plan = NoMajority()
    with pytest.raises(Unsettled):
        store.insert(KEY)
    with pytest.raises(Unsettled):
        store.get(Key, "k")
    line.plan = Plan()
    assert store.get(Key, "k") == replace(KEY, version=1)


def test_no_twin_is_called_kept_that_no_majority_has(line: Proxy, store: MongoDocuments) -> None:
    """What another process wrote without a majority is not taken for filed either."""
    store.insert(KEY)
    line.plan = NoMajority()
    with pytest.raises(StoreError):
        store.insert(KEY)
    with pytest.raises(StoreError):
        store.keep(Key, "k")


def test_no_submit_succeeds_without_a_majority_whatever_the_uri_says(
    line: Proxy, mongo_uri: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    uri = through(mongo_uri, line.port)
    monkeypatch.setenv("MONGODB_URI", f"{uri}&wtimeoutMS=1&w=1&serverSelectionTimeoutMS=600")
    assert run("list").code == 0
    line.plan = NoMajority()
    done = run("submit", "hello", "--detach")
    assert (done.code, done.out) == (1, "")
    assert "may have happened" in done.err


def test_a_stale_primary_does_not_say_that_a_write_did_not_happen(
    line: Proxy, store: MongoDocuments
) -> None:
    line.plan = Plan(1, Cut.STALE, seconds=0.1)
    with pytest.raises(ReplyLost):
        store.insert(ticket("K7M2-9QXD"))
    assert store.get(Ticket, "K7M2-9QXD") is not None


def test_a_stale_member_is_never_read_from(line: Proxy, mongo_uri: str) -> None:
    parts = urlsplit(mongo_uri)
    with Proxy((parts.hostname or "127.0.0.1", parts.port or 27017)) as stale:
        line.member, stale.member = Member(line.port, (stale.port,)), Member(stale.port)
        stale.member.primary = False
        uri = f"mongodb://127.0.0.1:{line.port}/{parts.path.strip('/')}?replicaSet=rs0"
        with MongoDocuments(f"{uri}&readPreference=secondary") as documents:
            documents.insert(KEY)
            assert documents.get(Key, "k") is not None
        assert stale.plan.names == []


@pytest.mark.parametrize("cut", [Cut.BEFORE, Cut.AFTER, Cut.NOT_PRIMARY])
@pytest.mark.parametrize("at", range(1, 7))
def test_no_request_of_opening_ends_it(line: Proxy, mongo_uri: str, at: int, cut: Cut) -> None:
    line.plan = plan = Plan(at, cut)
    with MongoDocuments(through(mongo_uri, line.port)) as documents:
        assert documents.insert(KEY)
    assert len(plan.names) > at


@pytest.mark.parametrize(
    ("error", "found"),
    [
        (BulkWriteError({"writeConcernErrors": [{"code": 64}]}), Fault.LOST),
        (BulkWriteError({"writeErrors": [{"code": 112}]}), Fault.DEFERRED),
        (BulkWriteError({"writeErrors": [{"code": 11000}]}), Fault.DEFERRED),
        (BulkWriteError({"writeErrors": [{"code": 16500}]}), Fault.DEFERRED),
        (BulkWriteError({"writeErrors": [{"code": 10107}]}), Fault.LOST),
        (BulkWriteError({"writeErrors": [{"code": 2}, {"code": 112}]}), Fault.FINAL),
        *((OperationFailure("", code), Fault.LOST) for code in (91, 189, 10058, 11600, 13435)),
        (OperationFailure("Error=16500, RetryAfterMs=5", 16500), Fault.DEFERRED),
        (NotPrimaryError(""), Fault.LOST),
        (AutoReconnect(""), Fault.LOST),
    ],
)
def test_no_failure_that_passes_is_called_a_refusal(error: Exception, found: Fault) -> None:
    assert fault(error) is found


def test_a_server_that_asks_for_a_pause_gets_it() -> None:
    time = Time()
    patience = Patience(now=time.now, sleep=time.sleep)
    requests = Requests(database("mongodb://127.0.0.1/support"), "mongodb h/support", patience)
    busy = iter([OperationFailure("Error=16500, RetryAfterMs=7000, Details", 16500)])
    requests.write(lambda: next(map(_raise, busy), None))
    assert time.at >= 7


def test_no_read_concern_of_the_uri_decides_what_happened() -> None:
    made = database("mongodb://127.0.0.1/desk?readConcernLevel=majority&wtimeoutMS=1")
    assert made.read_concern.level is None
    assert made.write_concern.document["wtimeout"] > 1
    made.client.close()


def _raise(error: Exception) -> None:
    raise error
