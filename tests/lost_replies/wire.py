"""MongoDB's messages, taken apart and put together.

https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Mapping
from typing import Any

import bson

_HEADER = struct.Struct("<iiii")  # length, id, the id it answers, kind
_SIZE = struct.Struct("<i")
_FLAGS = struct.Struct("<I")
_OP_REPLY, _OP_MSG, _MORE_TO_COME = 1, 2013, 2
_NAME_AT = _HEADER.size + _FLAGS.size + 1 + 4 + 1  # flags, section kind, length, type
_BODY_AT = _HEADER.size + _FLAGS.size + 1
_OLD_BODY_AT = _HEADER.size + 20  # flags, cursor, where it starts, how many
Body = dict[str, Any]


class Broken(Exception):
    """The line is cut."""


def message(line: socket.socket) -> bytes:
    """Read one message; it begins with its length. Raises Broken."""
    header = _exactly(line, _HEADER.size)
    return header + _exactly(line, _HEADER.unpack(header)[0] - _HEADER.size)


def command(request: bytes) -> str:
    """Name what a request asks for."""
    if _HEADER.unpack_from(request)[3] != _OP_MSG:
        return "hello"  # only a driver that does not know the server yet speaks the older way
    return request[_NAME_AT : request.index(b"\0", _NAME_AT)].decode()


def asked(request: bytes) -> Body:
    """Read the document that a request begins with."""
    (size,) = _SIZE.unpack_from(request, _BODY_AT)
    return bson.decode(request[_BODY_AT : _BODY_AT + size])


def collection(request: bytes) -> object:
    """Name the collection that a request is about."""
    return next(iter(asked(request).values()))


def has_more(answer: bytes) -> bool:
    """Tell whether another answer follows by itself."""
    if _HEADER.unpack_from(answer)[3] != _OP_MSG:
        return False
    flags: int = _FLAGS.unpack_from(answer, _HEADER.size)[0]
    return bool(flags & _MORE_TO_COME)


def body(answer: bytes) -> Body:
    """Read the document that an answer holds."""
    old = _HEADER.unpack_from(answer)[3] == _OP_REPLY
    return bson.decode(answer[_OLD_BODY_AT if old else _BODY_AT :])


def with_body(answer: bytes, said: Mapping[str, Any]) -> bytes:
    """Put another document into an answer."""
    _, number, answers, kind = _HEADER.unpack_from(answer)
    lead = answer[_HEADER.size : _OLD_BODY_AT if kind == _OP_REPLY else _BODY_AT]
    rest = lead + bson.encode(said)
    return _HEADER.pack(_HEADER.size + len(rest), number, answers, kind) + rest


def answer_to(request: bytes, said: Mapping[str, Any]) -> bytes:
    """Make an answer to a request, as a server does."""
    rest = _FLAGS.pack(0) + b"\0" + bson.encode(said)
    number = _HEADER.unpack_from(request)[1]
    return _HEADER.pack(_HEADER.size + len(rest), number, number, _OP_MSG) + rest


def _exactly(line: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = line.recv(size - len(parts))
        if not part:
            raise Broken
        parts += part
    return bytes(parts)
