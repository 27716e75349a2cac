"""A line to a MongoDB server that fails at one chosen request, on one side of it or the other.

It breaks, or answers as a member of a replica set does that is no primary, is none any more, or
finds no majority; or as a hosted server does that is asked too often.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

from tests.lost_replies import wire
from tests.lost_replies.wire import Broken

# The driver's own: how it looks at servers, and how it says goodbye.
_HELLOS = frozenset({"hello", "isMaster", "ismaster"})
_UNCOUNTED = _HELLOS | {"ping", "endSessions"}
WRITES = frozenset({"insert", "update", "delete", "findAndModify"})


class Cut(StrEnum):
    """What happens at a request, and on which side of it."""

    BEFORE = "before"  # the line breaks: the server never sees it
    AFTER = "after"  # the line breaks: the server has done it, and its answer is lost
    NOT_PRIMARY = "not primary"  # it is refused by a member that is no primary
    INTERRUPTED = "interrupted"  # the same, as the primary steps down in the middle
    DONE_INTERRUPTED = "done and interrupted"  # it was done before the primary stepped down
    UNKEPT = "unkept"  # it is done, and no majority has it in time
    STALE = "stale"  # it was done elsewhere; here is an old primary without that collection
    LATE = "late"  # it is done, and answered after some time
    FORBIDDEN = "forbidden"  # it is refused for want of permission
    UNSUPPORTED = "unsupported"  # it is refused: the server cannot do that
    THROTTLED = "throttled"  # it is refused: too much was asked


_REFUSALS: Mapping[Cut, Mapping[str, Any]] = {
    Cut.UNSUPPORTED: {"ok": 0.0, "code": 67, "errmsg": "not supported here"},
    Cut.FORBIDDEN: {"ok": 0.0, "code": 13, "errmsg": "not authorized"},
    Cut.NOT_PRIMARY: {"ok": 0.0, "code": 10107, "errmsg": "not primary"},
    Cut.INTERRUPTED: {"ok": 0.0, "code": 11602, "errmsg": "interrupted by a change of state"},
    Cut.THROTTLED: {"ok": 0.0, "code": 16500, "errmsg": "Error=16500, RetryAfterMs=20, ..."},
}
_INTERRUPTED = _REFUSALS[Cut.INTERRUPTED]
_NO_MAJORITY = {"writeConcernError": {"code": 64, "errmsg": "waiting for replication timed out"}}
_NO_ROWS = {"cursor": {"firstBatch": [], "id": 0, "ns": "support.tickets"}, "ok": 1.0}


@dataclass
class Plan:
    """What to do at the request of this number, counted from 1; 0: nothing.

    `meanwhile` happens at the cut, before either side notices. `names` are the requests so far.
    `seconds` is for how long a server stays stale, or is late.
    """

    at: int = 0
    cut: Cut = Cut.BEFORE
    meanwhile: Callable[[], None] = lambda: None
    seconds: float = 0.3
    names: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    _stale_until: float = 0.0
    _missed: object = None

    def is_next(self, name: str, request: bytes) -> bool:
        """Count a request; tell whether it is the one."""
        with self.lock:
            self.names.append(name)
            here = len(self.names) == self.at
            if here and self.cut is Cut.STALE:
                self._missed = wire.collection(request)
                self._stale_until = time.monotonic() + self.seconds
            return here

    def is_missed(self, request: bytes) -> bool:
        """Tell whether a request is about what was done elsewhere, and not yet known here."""
        return time.monotonic() < self._stale_until and wire.collection(request) == self._missed


class Member:
    """What a server says of its place in a replica set; it may change at any time."""

    def __init__(self, port: int, others: tuple[int, ...] = ()) -> None:
        self.primary = True
        self._me, self._hosts = _host(port), [_host(each) for each in (port, *others)]

    def step_up(self) -> None:
        """Become the primary."""
        self.primary = True

    def introduced(self, said: Mapping[str, Any]) -> dict[str, Any]:
        """Say hello as this member does, and never by itself again."""
        place = {
            "setName": "rs0",
            "setVersion": 1,
            "me": self._me,
            "hosts": self._hosts,
            "ismaster": self.primary,
            "isWritablePrimary": self.primary,
            "secondary": not self.primary,
        }
        return {key: each for key, each in said.items() if key != "topologyVersion"} | place


class Proxy:
    """Listens on a port of this machine and passes each connection on to the server."""

    def __init__(self, server: tuple[str, int]) -> None:
        self._server = server
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self.port: int = self._listener.getsockname()[1]
        self.plan = Plan()
        self.member: Member | None = None  # None: it says of itself what the server says
        self._start(self._accept)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Break every line, and wait until nothing of it is left."""
        _shut(self._listener)
        with self._lock:
            for each in self._open:
                _shut(each)
        while self._threads:
            self._threads.pop().join()
        self._listener.close()

    def stop_accepting(self) -> None:
        """Let nobody in any more."""
        _shut(self._listener)

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._start(self._connect, client)

    def _connect(self, client: socket.socket) -> None:
        with client, suppress(OSError), socket.create_connection(self._server) as server:
            with self._lock:
                self._open |= {client, server}
            try:
                with suppress(OSError, Broken):
                    while True:
                        self._pass_on(client, server)
            finally:
                with self._lock:
                    self._open -= {client, server}

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        """Pass one request on, and its answers back."""
        request, plan = wire.message(client), self.plan
        name = wire.command(request)
        if name in _HELLOS and self.member is not None:
            client.sendall(_introduction(self.member, request, server))
            return
        missed = name not in _UNCOUNTED and plan.is_missed(request)
        here = name not in _UNCOUNTED and plan.is_next(name, request)
        if missed:
            said = _NO_ROWS if name not in WRITES else {"ok": 1.0, "n": 0, **_NO_MAJORITY}
            client.sendall(wire.answer_to(request, said))
        elif here:
            client.sendall(self._spoilt(plan, name, request, server))
        else:
            _relay(client, server, request)

    def _spoilt(self, plan: Plan, name: str, request: bytes, server: socket.socket) -> bytes:
        """Answer the one request. Raises Broken."""
        if plan.cut is Cut.BEFORE or plan.cut in _REFUSALS:
            plan.meanwhile()
            if plan.cut is Cut.BEFORE:
                raise Broken
            return wire.answer_to(request, _REFUSALS[plan.cut])
        server.sendall(request)
        answer = wire.message(server)
        plan.meanwhile()
        if plan.cut is Cut.LATE:
            time.sleep(plan.seconds)
            return answer
        if plan.cut is Cut.DONE_INTERRUPTED:
            return wire.answer_to(request, _INTERRUPTED)
        if plan.cut is Cut.UNKEPT:
            said = wire.body(answer)
            return wire.with_body(answer, said | _NO_MAJORITY if name in WRITES else said)
        raise Broken


def _introduction(member: Member, request: bytes, server: socket.socket) -> bytes:
    server.sendall(request)
    answer = wire.message(server)
    return wire.with_body(answer, member.introduced(wire.body(answer)))


def _relay(client: socket.socket, server: socket.socket, request: bytes) -> None:
    server.sendall(request)
    more = True
    while more:
        answer = wire.message(server)
        client.sendall(answer)
        more = wire.has_more(answer)


def _host(port: int) -> str:
    return f"127.0.0.1:{port}"


def _shut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
