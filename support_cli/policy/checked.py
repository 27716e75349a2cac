"""Looking into a compiled expression, which the library gives only as protocol-buffer bytes.

The message is cel.expr.CheckedExpr, inside a google.protobuf.Any. Its field 2 maps parts of the
expression to a Reference, whose field 1 is the name of a variable; its field 3 maps each part to a
Type, whose fields are dyn = 1, list = 6 and map = 7.
"""

from __future__ import annotations

from collections.abc import Iterator

_ANY_VALUE, _REFERENCES, _TYPES, _ENTRY_VALUE = 2, 2, 3, 2
_NAME = 1
_DYN, _LIST, _MAP = 1, 6, 7
_VARINT, _EIGHT_BYTES, _COUNTED = 0, 1, 2


def mixes_kinds(serialized: bytes) -> bool:
    """Tell whether a part of it has no certain type, as the elements of `[order.paid, 5]`."""
    return any(map(_is_uncertain, _mapped(serialized, _TYPES)))


def names_read(serialized: bytes) -> list[str]:
    """List the variables that it reads, however they are written in it."""
    references = _mapped(serialized, _REFERENCES)
    return [name.decode() for reference in references for name in _parts(reference, _NAME)]


def _is_uncertain(kind: bytes) -> bool:
    for number, inner in _fields(kind):
        if number == _DYN:
            return True
        if number in (_LIST, _MAP) and any(_is_uncertain(each) for _, each in _fields(inner)):
            return True
    return False


def _mapped(serialized: bytes, table: int) -> Iterator[bytes]:
    for message in _parts(serialized, _ANY_VALUE):
        for entry in _parts(message, table):
            yield from _parts(entry, _ENTRY_VALUE)


def _parts(message: bytes, wanted: int) -> Iterator[bytes]:
    return (value for number, value in _fields(message) if number == wanted)


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        number, form = tag >> 3, tag & 7
        if form == _VARINT:
            _, end = _varint(message, at)
        elif form == _COUNTED:
            size, at = _varint(message, at)
            end = at + size
        else:
            end = at + (8 if form == _EIGHT_BYTES else 4)
        yield number, message[at:end]
        at = end


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while message[at] & 0x80:
        value |= (message[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
    return value | message[at] << shift, at + 1
