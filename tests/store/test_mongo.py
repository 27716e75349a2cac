"""MongoDB: how the client is set up, what it says when the server fails, how it is searched."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from bson.errors import InvalidDocument
from pymongo import ReadPreference
from pymongo.errors import (
    AutoReconnect,
    ConfigurationError,
    NetworkTimeout,
    NotPrimaryError,
    OperationFailure,
    ServerSelectionTimeoutError,
    WTimeoutError,
)

from support_cli.domain.article import Article
from support_cli.domain.ticket import Ticket
from support_cli.errors import (
    DiskFailed,
    ReplyLost,
    StoreError,
    StoreReadOnly,
    StoreTooNew,
    StoreUnavailable,
    SupportError,
    UsageError,
)
from support_cli.services.ports import Key
from support_cli.store.mongo import MongoDocuments, database
from support_cli.store.mongo_client import describe
from support_cli.store.mongo_errors import translated
from tests.contract.test_documents import article, ids, request, ticket
from tests.databases import Mongo, OwnMongo, free_port

KEY = Key("k", ticket="AAAA-0001")
SECRET = "s3cr3t"
SOON = "serverSelectionTimeoutMS=1500"


@pytest.fixture
def real_mongo(mongo: Mongo) -> Mongo:
    """Give a real mongod, or skip: the wire server has neither plans nor a profiler."""
    if not mongo.real:
        pytest.skip("needs a mongod")
    return mongo


@pytest.fixture
def own_store(own_mongo: OwnMongo) -> Iterator[MongoDocuments]:
    """Give a store that holds one key, on a server that the test may take away."""
    uri = own_mongo.uri("desk")
    with MongoDocuments(uri + ("&" if "?" in uri else "?") + SOON) as documents:
        documents.insert(KEY)
        yield documents


def told(error: SupportError) -> str:
    """Put together everything that anybody could be shown of an error."""
    return "".join(traceback.format_exception(error)) + error.message + (error.hint or "")


def test_writes_are_safe_and_reads_are_fresh_whatever_the_uri_says() -> None:
    asked = (
        "w=1&journal=false&wtimeoutMS=1&readPreference=secondary&readPreferenceTags=dc:x"
        "&maxStalenessSeconds=100&readConcernLevel=majority&retryWrites=true&timeoutMS=7"
    )
    made = database(f"mongodb://127.0.0.1/desk?{asked}")
    with closing(made.client):
        assert made.write_concern.document == {"w": "majority", "j": True, "wtimeout": 10_000}
        assert made.read_concern.level is None
        assert made.client.options.timeout is None
        assert made.read_preference == ReadPreference.PRIMARY
        assert not made.client.options.retry_writes
        assert not made.client.options.retry_reads


@pytest.mark.parametrize(("option", "seconds"), [("", 5), ("?serverselectiontimeoutms=200", 0.2)])
def test_a_server_is_looked_for_for_five_seconds_or_as_the_uri_says(
    option: str, seconds: float
) -> None:
    made = database(f"mongodb://127.0.0.1/{option}")
    with closing(made.client):
        assert made.client.options.server_selection_timeout == seconds


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("mongodb://localhost", "mongodb localhost/support"),
        ("mongodb://ann:s3cr3t@a:1,b:2/desk?w=1", "mongodb a:1,b:2/desk"),
        ("mongodb+srv://ann:s3cr3t@x.example.org/", "mongodb x.example.org/support"),
    ],
)
def test_a_store_is_named_without_credentials(uri: str, name: str) -> None:
    assert describe(uri) == name


@pytest.mark.parametrize(
    "uri",
    [
        f"mongodb://ann:{SECRET}/x@localhost/desk",
        f"mongodb://ann:1/{SECRET}@localhost/desk",
        f"mongodb://ann:{SECRET}@x@localhost:port",
        f"mongodb://ann:{SECRET}%zz@localhost",
        f"mongodb://ann:x?{SECRET}@localhost",
        f"postgres://ann:{SECRET}@localhost",
        f"ann:{SECRET}@localhost",
        f"mongodb://ann:{SECRET}@localhost/?serverSelectionTimeoutMS=soon",
        f"mongodb://ann:{SECRET}@localhost/?unknown=option",
        "mongodb://",
        "",
    ],
)
def test_a_uri_that_cannot_be_read_is_not_repeated(uri: str) -> None:
    with pytest.raises(UsageError, match=r"MONGODB_URI .*cannot be read") as caught:
        MongoDocuments(uri)
    assert SECRET not in told(caught.value)


def test_a_server_that_is_not_there_is_named_without_the_password() -> None:
    began = time.monotonic()
    uri = f"mongodb://ann:{SECRET}@127.0.0.1:{free_port()}/desk?{SOON}"
    with pytest.raises(StoreUnavailable, match=r"mongodb 127\.0\.0\.1:\d+/desk") as caught:
        MongoDocuments(uri)
    assert "support admin doctor" in (caught.value.hint or "")
    assert SECRET not in told(caught.value)
    assert time.monotonic() - began < 4


def test_a_host_that_has_no_name_is_said() -> None:
    with pytest.raises(StoreUnavailable):
        MongoDocuments(f"mongodb://no-such-host.invalid/?{SOON}")


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (ServerSelectionTimeoutError("refused"), StoreUnavailable),
        (ConfigurationError("no such name"), StoreUnavailable),
        (AutoReconnect("connection closed"), ReplyLost),
        (NetworkTimeout("timed out"), ReplyLost),
        (NotPrimaryError("stepped down"), ReplyLost),
        (WTimeoutError("waiting for replication timed out", 64), ReplyLost),
        (OperationFailure("not authorized", 13), StoreReadOnly),
        (OperationFailure("Authentication failed.", 18), StoreError),
        (OperationFailure("no space left", 14031), DiskFailed),
        (OperationFailure("unknown", 1, {"errmsg": "unknown"}), StoreError),
        (InvalidDocument("too large"), StoreError),
    ],
)
def test_every_failure_of_the_driver_has_a_sentence(
    said: Exception, error: type[StoreError]
) -> None:
    with pytest.raises(StoreError) as caught, translated("mongodb h/desk"):
        raise said
    assert type(caught.value) is error
    assert "mongodb h/desk" in caught.value.message
    assert caught.value.hint


def test_a_bug_is_no_store_error() -> None:
    with pytest.raises(KeyError), translated("mongodb h/desk"):
        raise KeyError("x")


def test_a_record_beyond_mongodbs_limit_is_refused(mongo_uri: str) -> None:
    with MongoDocuments(mongo_uri) as documents, pytest.raises(StoreError):
        documents.insert(Key("k", ticket="x" * 17 * 2**20))


def test_a_store_of_a_newer_version_is_left_alone(mongo_uri: str) -> None:
    with MongoDocuments(mongo_uri) as documents:
        documents.database["meta"].update_one({"_id": "schema"}, {"$set": {"version": 2}})
    with pytest.raises(StoreTooNew, match=r"schema version 2; this program knows 1"):
        MongoDocuments(mongo_uri)


def test_the_doctor_finds_a_new_store_well(mongo_uri: str) -> None:
    with MongoDocuments(mongo_uri) as documents:
        checks = documents.checks()
    assert [check.name for check in checks] == ["store", "schema", "indexes", "clock"]
    assert all(check.ok for check in checks)


def test_the_doctor_misses_an_index(real_mongo: Mongo, mongo_uri: str) -> None:
    with MongoDocuments(mongo_uri) as documents:
        documents.database["tickets"].drop_index("list")
        (found,) = (check for check in documents.checks() if not check.ok)
        assert found.detail == "missing: tickets.list"
        documents.database["meta"].delete_one({"_id": "schema"})
    with MongoDocuments(mongo_uri) as documents:
        assert all(check.ok for check in documents.checks())


def test_a_server_that_comes_back_is_used_again(
    own_mongo: OwnMongo, own_store: MongoDocuments
) -> None:
    own_mongo.stop()
    for _ in range(2):
        with pytest.raises((StoreUnavailable, ReplyLost), match=r"127\.0\.0\.1"):
            own_store.get(Key, "k")
    own_mongo.start()
    assert own_store.get(Key, "k") == replace(KEY, version=1)
    assert own_store.insert(replace(KEY, id="l"))


def test_what_was_acknowledged_outlives_a_killed_server(
    own_mongo: OwnMongo, own_store: MongoDocuments
) -> None:
    assert own_store.replace(replace(KEY, ticket="after", version=1))
    own_mongo.kill()
    own_mongo.start()
    with MongoDocuments(own_mongo.uri("desk")) as documents:
        assert documents.get(Key, "k") == Key("k", ticket="after", version=2)


def test_every_question_is_answered_from_an_index(real_mongo: Mongo, mongo_uri: str) -> None:
    with MongoDocuments(mongo_uri) as documents:
        for number in range(40):
            documents.insert(ticket(f"T{number:02}", number, requests=(request(),)))
            documents.insert(article(f"a{number:02}", f"word{number}", "order"))
        documents.database.command("profile", 2)
        ask_everything(documents)
        documents.database.command("profile", 0)
        asked = list(documents.database["system.profile"].find(_reads()))
    assert len(asked) == 8
    for each in asked:
        assert "IXSCAN" in each["planSummary"] or "IDHACK" in each["planSummary"], each
        assert each["docsExamined"] <= 8, each
        assert not each.get("hasSortStage") or "aggregate" in each["command"], each


def ask_everything(documents: MongoDocuments) -> None:
    page = documents.find(Ticket, fields=["id"], limit=5)
    ids(documents, limit=5, after=page.next, where={"kinds": "question", "customer": "ann"})
    ids(documents, limit=5, descending=True)
    last = documents.find(Ticket, fields=["id"], limit=5, descending=True).next
    ids(documents, limit=5, after=last, descending=True)
    documents.get(Ticket, "T01")
    documents.search(Article, ["word3", "word4"], 5)


def _reads() -> dict[str, Any]:
    return {"op": {"$in": ["query", "command"]}, "planSummary": {"$exists": True}}
