"""The databases that the tests run on: the best MongoDB there is, and mongomock."""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import mongomock
from mongomock.collection import BulkOperationBuilder
from pymongo import MongoClient
from pymongo.errors import OperationFailure

SOURCES = Path(__file__).parent / "mongo"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "support-cli"
GIVEN = os.environ.get("SUPPORT_TEST_MONGODB_URI")
MONGOD = os.environ.get("SUPPORT_TEST_MONGOD") or shutil.which("mongod")
_SECONDS = 60


class NoMongo(Exception):
    """There is no MongoDB to test on; the message says what is missing."""


class GivenMongo:
    """The MongoDB of SUPPORT_TEST_MONGODB_URI, which nobody here starts or stops."""

    real = True

    def __init__(self, uri: str) -> None:
        self._uri = uri

    def start(self) -> None:
        """Check that it answers."""
        with client(self.uri("admin")) as connected:
            connected.admin.command("ping")

    def stop(self) -> None:
        """Leave it as it is."""

    def uri(self, database: str) -> str:
        """Name one database of it."""
        parts = urlsplit(self._uri)
        query = parts.query
        if parts.username and "authsource" not in query.lower():
            # The database in a URI is also where its user is looked up.
            query = f"{query}&authSource={parts.path.strip('/') or 'admin'}".lstrip("&")
        return parts._replace(path=f"/{database}", query=query).geturl()


class OwnMongo(ABC):
    """A MongoDB of the tests' own: may be stopped, killed and started again with its data."""

    real: bool

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = 0
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it, on the port it had before, and wait until it answers."""
        with (self._folder / "log").open("a") as log:
            self._process = subprocess.Popen(
                self._command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,  # an interrupt at the keyboard is for the tests alone
            )
        atexit.register(self.kill)
        self._wait(self._process)

    def stop(self) -> None:
        """Let it end in order."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it with SIGKILL."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop it and start it again, on the same port with the same data."""
        self.stop()
        self.start()

    @abstractmethod
    def uri(self, database: str) -> str:
        """Name one database of it."""

    @abstractmethod
    def _command(self) -> list[str]: ...

    @abstractmethod
    def _wait(self, process: subprocess.Popen[str]) -> None: ...

    def _end(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        atexit.unregister(self.kill)
        with process:
            process.send_signal(number)
            try:
                process.wait(_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


class WireServer(OwnMongo):
    """The MongoDB wire server in tests/mongo, where there is no mongod."""

    real = False

    def uri(self, database: str) -> str:
        """Name one database of it."""
        return f"mongodb://127.0.0.1:{self._port}/{database}"

    def _command(self) -> list[str]:
        built = wire_server_classes()
        classes = f"{built / 'classes'}:{built / 'dependency'}/*"
        data = str(self._folder / "data")
        return ["java", "-Xmx512m", "-cp", classes, "WireServer", str(self._port), data]

    def _wait(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            self.kill()
            raise NoMongo(f"the wire server ended: {(self._folder / 'log').read_text()[-500:]}")
        self._port = int(line)


class ReplicaSet(OwnMongo):
    """A real mongod, as a replica set of one."""

    real = True

    def uri(self, database: str) -> str:
        """Name one database of it."""
        return f"mongodb://127.0.0.1:{self._port}/{database}?replicaSet=rs0"

    def _command(self) -> list[str]:
        data = self._folder / "data"
        data.mkdir(exist_ok=True)
        self._port = self._port or free_port()
        return [
            str(MONGOD),
            f"--port={self._port}",
            f"--dbpath={data}",
            f"--logpath={self._folder / 'mongod.log'}",
            "--logappend",
            "--bind_ip=127.0.0.1",
            "--replSet=rs0",
            "--nounixsocket",
            "--wiredTigerCacheSizeGB=0.25",
            "--setParameter=shutdownTimeoutMillisForSignaledShutdown=100",
        ]

    def _wait(self, process: subprocess.Popen[str]) -> None:
        members = [{"_id": 0, "host": f"127.0.0.1:{self._port}"}]
        alone = client(f"mongodb://127.0.0.1:{self._port}/?directConnection=true")
        with alone, suppress(OperationFailure):  # it was initiated before a restart
            alone.admin.command("replSetInitiate", {"_id": "rs0", "members": members})
        with client(self.uri("admin")) as primary:
            primary.admin.command("ping")


Mongo = GivenMongo | OwnMongo


def best_mongo(folder: Path) -> Mongo:
    """Start the best MongoDB there is.

    Raises:
        NoMongo: there is none.
    """
    if GIVEN is None:
        return own_mongo(folder)
    given = GivenMongo(GIVEN)
    given.start()
    return given


def own_mongo(folder: Path) -> OwnMongo:
    """Start a MongoDB that a test may stop and kill: a mongod, else the wire server.

    Raises:
        NoMongo: there is none.
    """
    server = ReplicaSet(folder) if MONGOD else WireServer(folder)
    server.start()
    return server


def wire_server_classes() -> Path:
    """Build the wire server once per state of its sources, whoever asks first.

    Raises:
        NoMongo: there is no java or mvn, or the build fails.
    """
    missing = [tool for tool in ("java", "mvn") if shutil.which(tool) is None]
    if missing:
        raise NoMongo(f"no mongod on PATH, and no {' and no '.join(missing)} for the wire server")
    sources = sorted(path for path in SOURCES.rglob("*") if path.suffix in (".xml", ".java"))
    state = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    folder = CACHE / f"wire-server-{state}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "built").exists():
            _build(sources, folder)
    return folder / "target"


def _build(sources: list[Path], folder: Path) -> None:
    for path in sources:
        copy = folder / path.relative_to(SOURCES)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    goals = ["compile", "dependency:copy-dependencies", "-DincludeScope=runtime"]
    for options in (["-o"], []):  # what is in the local repository needs no network
        command = ["mvn", "-q", "-B", *options, *goals]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            (folder / "built").touch()
            return
    raise NoMongo(f"mvn could not build the wire server: {done.stdout[-500:]}")


def client(uri: str) -> MongoClient[dict[str, Any]]:
    """Make a client that waits for a server that is about to start."""
    return MongoClient(uri, serverSelectionTimeoutMS=_SECONDS * 1000)


def free_port() -> int:
    """Find a port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def mongomock_client() -> MongoClient[dict[str, Any]]:
    """Make a MongoDB that lives in this process's memory."""
    made: MongoClient[dict[str, Any]] = mongomock.MongoClient(tz_aware=True)
    return made


def _without_sort(add: Callable[..., None]) -> Callable[..., None]:
    # pymongo names `sort` in every bulk operation since 4.11; mongomock does not know it.
    @wraps(add)
    def adding(*args: Any, sort: None = None, **options: Any) -> None:
        add(*args, **options)

    return adding


for _name in ("add_update", "add_replace"):
    setattr(BulkOperationBuilder, _name, _without_sort(getattr(BulkOperationBuilder, _name)))
