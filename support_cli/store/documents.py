"""Records as documents: frozen dataclasses to what JSON and BSON can hold, and back.

A time becomes a fixed-width text, so that texts sort as times do. A mapping becomes one JSON text,
so that its keys (a model chooses some of them) never reach a database as field names or operators.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from support_cli.domain.trail import canonical
from support_cli.errors import Damaged, SupportError

SCHEMA_VERSION = 1  # raise it when the codec or LISTINGS change what is stored

# What a codec or a record raises over a document that was damaged, or written by somebody else.
_UNREADABLE = (
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    SupportError,
)
_TICK = timedelta(microseconds=1)
R = TypeVar("R")
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Codec:
    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]


def encode(record: Any) -> Document:
    """Write a dataclass as a document of texts, numbers, lists and documents."""
    return cast("Document", _record(type(record)).encode(record))


def decode(kind: type[R], document: Mapping[str, Any]) -> R:
    """Read a document as a record of this kind. A field that is missing takes its default.

    Raises:
        Damaged: it is no such document.
    """
    with readable(kind, str(document.get("id"))):
        return cast("R", _record(kind).decode(document))


@contextmanager
def readable(kind: type[Any], id: str) -> Iterator[None]:
    """Say which document cannot be read, where one cannot.

    Raises:
        Damaged: it cannot.
    """
    try:
        yield
    except _UNREADABLE as exc:
        raise Damaged(
            f"The {kind.__name__.lower()} {id} is damaged: it cannot be read.",
            hint="restore it from a backup",
        ) from exc


def encode_field(kind: type[Any], name: str, value: Any) -> Any:
    """Write one field as it stands in the document.

    Raises:
        LookupError: records of this kind have no such field.
    """
    return _field(kind, name).encode(value)


def decode_field(kind: type[Any], name: str, value: Any) -> Any:
    """Read one field of a document.

    Raises:
        LookupError: records of this kind have no such field.
    """
    return _field(kind, name).decode(value)


def require_field(kind: type[Any], name: str) -> None:
    """Make sure that records of this kind have such a field.

    Raises:
        LookupError: they have not.
    """
    _field(kind, name)


def encode_time(moment: datetime) -> str:
    """Write a moment as RFC 3339 in UTC, always to the microsecond.

    Raises:
        ValueError: the moment names no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone cannot be stored")
    plain = moment.astimezone(UTC).replace(tzinfo=None)
    return plain.isoformat(timespec="microseconds") + "Z"


def _record(kind: Any) -> _Codec:
    return _codec(kind)


def _field(kind: Any, name: str) -> _Codec:
    codec = _fields(kind).get(name)
    if codec is None:
        raise LookupError(f"{kind.__name__} has no field {name!r}")
    return codec


@cache
def _fields(kind: Any) -> Mapping[str, _Codec]:
    hints = get_type_hints(kind)
    return {field.name: _codec(hints[field.name]) for field in fields(kind)}


@cache
def _codec(hint: Any) -> _Codec:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _optional(args)
    if origin is tuple:
        return _tuple_of(args[0])
    if origin is not None and issubclass(origin, Mapping):
        return _Codec(lambda value: canonical(dict(value)), json.loads)
    if is_dataclass(hint):
        return _dataclass(hint)
    if hint in _PLAIN:
        return _PLAIN[hint]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _Codec(lambda value: value.value, hint)
    raise TypeError(f"{hint!r} has no form in a document")


def _optional(args: tuple[Any, ...]) -> _Codec:
    (one,) = (arg for arg in args if arg is not NoneType)
    inner = _codec(one)
    return _Codec(
        lambda value: None if value is None else inner.encode(value),
        lambda value: None if value is None else inner.decode(value),
    )


def _tuple_of(element: Any) -> _Codec:
    inner = _codec(element)
    return _Codec(
        lambda values: [inner.encode(value) for value in values],
        lambda values: tuple(inner.decode(value) for value in values),
    )


def _dataclass(kind: Any) -> _Codec:
    codecs = _fields(kind)

    def encode_all(record: Any) -> Document:
        return {name: codec.encode(getattr(record, name)) for name, codec in codecs.items()}

    def decode_all(document: Mapping[str, Any]) -> Any:
        stored = {name: codec for name, codec in codecs.items() if name in document}
        return kind(**{name: codec.decode(document[name]) for name, codec in stored.items()})

    return _Codec(encode_all, decode_all)


def _same(value: Any) -> Any:
    return value


_PLAIN: Mapping[Any, _Codec] = {
    str: _Codec(_same, _same),
    bool: _Codec(_same, _same),
    int: _Codec(_same, int),  # BSON gives an int of a class of its own
    float: _Codec(_same, float),
    datetime: _Codec(encode_time, datetime.fromisoformat),
    timedelta: _Codec(lambda span: span // _TICK, lambda ticks: _TICK * int(ticks)),
}
