"""What MongoDB says, however it says it, is neither a bug nor somebody else's fault."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from support_cli.domain.ticket import Ticket
from support_cli.errors import StoreError, StoreReadOnly, StoreUnavailable
from support_cli.store.mongo import MongoDocuments
from tests import databases
from tests.contract.test_documents import ticket
from tests.lost_replies import wire
from tests.lost_replies.cases import through
from tests.lost_replies.proxy import Cut, Member, Plan, Proxy


class EveryOf(Plan):
    """The same happens at every request of these names."""

    def __init__(self, cut: Cut, *names: str) -> None:
        super().__init__(cut=cut)
        self._which = names

    def is_next(self, name: str, request: bytes) -> bool:
        """Choose by name."""
        return name in self._which


class LargeIndex(Plan):
    """The index of the tickets takes longer than a request may."""

    def __init__(self) -> None:
        super().__init__(cut=Cut.LATE, seconds=1.5)

    def is_next(self, name: str, request: bytes) -> bool:
        """Choose that index."""
        late = name == "createIndexes" and wire.collection(request) == "tickets"
        self.names.extend(["late"] * late)
        return late


class Pages(Plan):
    """What is asked for, and how many rows of it at once; a server may send more than it must."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, int]] = []

    def is_next(self, name: str, request: bytes) -> bool:
        """Write it down."""
        self.asked.append((name, wire.asked(request).get("batchSize", 101)))
        return False


class Numbers(Member):
    """A server that tells its time as a number."""

    def introduced(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """Say hello."""
        return dict(said) | {"localTime": int(datetime.now(UTC).timestamp() * 1000)}


class Router(Member):
    """A server that leads to the shards."""

    def introduced(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """Say hello."""
        return dict(said) | {"msg": "isdbgrid"}


@pytest.fixture
def line(mongo_uri: str) -> Iterator[Proxy]:
    """Give a line to the tests' server."""
    parts = urlsplit(mongo_uri)
    with Proxy((parts.hostname or "127.0.0.1", parts.port or 27017)) as proxy:
        yield proxy


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[int]:
    """Give the port of a server whose certificate nobody has signed."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate")
    names = ["-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "cert"), "-subj", "/CN=x"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", *names]
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert", tmp_path / "key")
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=_shake_hands, args=(listener, context), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def _shake_hands(listener: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        with client, suppress(OSError), context.wrap_socket(client, server_side=True):
            pass


def test_a_clock_that_is_a_number_is_no_bug(line: Proxy, mongo_uri: str) -> None:
    line.member = Numbers(line.port)
    with MongoDocuments(through(mongo_uri, line.port)) as documents:
        (clock,) = (each for each in documents.checks() if each.name == "clock")
    assert clock.ok
    assert "from this machine's" in clock.detail


def test_a_wrong_password_is_not_told_as_a_missing_role(line: Proxy, mongo_uri: str) -> None:
    """Some servers say of the unknown what others say of those without a role."""
    line.plan = EveryOf(Cut.FORBIDDEN, "find", "connectionStatus")
    with pytest.raises(StoreError, match="refused the user name or the password") as caught:
        MongoDocuments(through(mongo_uri, line.port))
    assert not isinstance(caught.value, StoreReadOnly)


def test_an_untrusted_certificate_is_not_told_as_a_server_that_is_down(stranger: int) -> None:
    uri = f"mongodb://127.0.0.1:{stranger}/desk?tls=true&serverSelectionTimeoutMS=700"
    with pytest.raises(StoreUnavailable, match=r"certificate of .* is not trusted") as caught:
        MongoDocuments(uri)
    assert "tlsCAFile" in (caught.value.hint or "")


def test_a_page_of_more_than_100_rows_takes_no_second_request(line: Proxy, mongo_uri: str) -> None:
    with MongoDocuments(through(mongo_uri, line.port)) as documents:
        for number in range(150):
            documents.insert(ticket(f"T{number:03}"))
        line.plan = plan = Pages()
        assert len(documents.find(Ticket, fields=["id"], limit=140).rows) == 140
    ((name, rows),) = plan.asked
    assert name == "find"
    assert rows > 140


def test_an_index_is_not_given_up_for_taking_longer_than_a_request_may(
    line: Proxy, mongo_uri: str
) -> None:
    line.plan = LargeIndex()
    with MongoDocuments(f"{through(mongo_uri, line.port)}&socketTimeoutMS=1000"):
        assert line.plan.names == ["late", "late"]


@pytest.mark.parametrize(
    ("collection", "key", "fits"),
    [
        ("tickets", {"customer": 1}, False),
        ("tickets", {"_id": "hashed"}, True),
        ("checkpoints", {"_id": 1}, False),
        ("checkpoints", {"thread_id": 1}, True),
    ],
)
def test_no_shard_key_lets_an_id_be_there_twice(
    line: Proxy, mongo_uri: str, collection: str, key: dict[str, Any], fits: bool
) -> None:
    line.member = Router(line.port)
    uri = through(mongo_uri, line.port).replace("directConnection=true", "")
    with databases.client(mongo_uri) as client:
        name = client.get_default_database().name
        client["config"]["collections"].insert_one({"_id": f"{name}.{collection}", "key": key})
    with nullcontext() if fits else pytest.raises(StoreError, match=f"{collection} .* sharded by"):
        MongoDocuments(uri).close()


def test_an_index_that_a_server_does_not_make_is_named(line: Proxy, mongo_uri: str) -> None:
    line.plan = EveryOf(Cut.UNSUPPORTED, "createIndexes")
    with pytest.raises(StoreError, match=r"does not make the index .*\.list over _facets"):
        MongoDocuments(through(mongo_uri, line.port))
