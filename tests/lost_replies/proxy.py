"""A line to a MongoDB server that breaks at one chosen request, on one side of it or the other.

Messages are told apart by the length each begins with:
https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType
from typing import Self

_HEADER = struct.Struct("<iiii")  # length, id, the id it answers, kind
_FLAGS = struct.Struct("<I")
_OP_MSG, _MORE_TO_COME = 2013, 2
_NAME_AT = _HEADER.size + _FLAGS.size + 1 + 4 + 1  # flags, section kind, length, type
# The driver's own: how it looks at servers, and how it says goodbye.
_UNCOUNTED = frozenset({"hello", "isMaster", "ismaster", "ping", "endSessions"})


class Cut(StrEnum):
    """On which side of a request the line breaks."""

    BEFORE = "before"  # the server never sees it
    AFTER = "after"  # the server has done it, and its answer is lost


class Broken(Exception):
    """The line is cut."""


@dataclass
class Plan:
    """Where to cut: at the request of this number, counted from 1; 0: nowhere.

    `meanwhile` happens at the cut, before either side notices. `names` are the requests so far.
    """

    at: int = 0
    cut: Cut = Cut.BEFORE
    meanwhile: Callable[[], None] = lambda: None
    names: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def is_next(self, name: str) -> bool:
        """Count a request; tell whether the line breaks at it."""
        with self.lock:
            self.names.append(name)
            return len(self.names) == self.at


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
        request = _message(client)
        name = _command(request)
        plan = self.plan
        here = name not in _UNCOUNTED and plan.is_next(name)
        if here and plan.cut is Cut.BEFORE:
            plan.meanwhile()
            raise Broken
        server.sendall(request)
        more = True
        while more:
            answer = _message(server)
            if here:
                plan.meanwhile()
                raise Broken
            client.sendall(answer)
            more = _has_more(answer)


def _message(line: socket.socket) -> bytes:
    header = _exactly(line, _HEADER.size)
    return header + _exactly(line, _HEADER.unpack(header)[0] - _HEADER.size)


def _exactly(line: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = line.recv(size - len(parts))
        if not part:
            raise Broken
        parts += part
    return bytes(parts)


def _command(message: bytes) -> str:
    if _HEADER.unpack_from(message)[3] != _OP_MSG:
        return "hello"  # only a driver that does not know the server yet speaks the older way
    return message[_NAME_AT : message.index(b"\0", _NAME_AT)].decode()


def _has_more(message: bytes) -> bool:
    if _HEADER.unpack_from(message)[3] != _OP_MSG:
        return False
    flags: int = _FLAGS.unpack_from(message, _HEADER.size)[0]
    return bool(flags & _MORE_TO_COME)


def _shut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
