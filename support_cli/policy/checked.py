"""Looking into a compiled expression: the library gives its types only as protocol-buffer bytes.

The message is cel.expr.CheckedExpr, inside a google.protobuf.Any; its field 3 maps each part of the
expression to a Type, whose fields are dyn = 1, list = 6 and map = 7.
"""

from __future__ import annotations

from collections.abc import Iterator

_ANY_VALUE, _TYPES, _ENTRY_VALUE = 2, 3, 2
_DYN, _LIST, _MAP = 1, 6, 7
_VARINT, _EIGHT_BYTES, _COUNTED = 0, 1, 2


def mixes_kinds(serialized: bytes) -> bool:
    """Tell whether a part of it has no certain type, as the elements of `[order.paid, 5]`."""
    return any(
        _is_uncertain(kind)
        for message in _parts(serialized, _ANY_VALUE)
        for entry in _parts(message, _TYPES)
        for kind in _parts(entry, _ENTRY_VALUE)
    )


def _is_uncertain(kind: bytes) -> bool:
    for number, inner in _fields(kind):
        if number == _DYN:
            return True
        if number in (_LIST, _MAP) and any(_is_uncertain(each) for _, each in _fields(inner)):
            return True
    return False


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
