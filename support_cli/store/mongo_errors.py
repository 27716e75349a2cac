"""What MongoDB's failures mean: what became of the request, and the sentence for the user."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Any

from bson.errors import BSONError
from pymongo.errors import (
    ConfigurationError,
    ConnectionFailure,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WaitQueueTimeoutError,
    WriteConcernError,
)

from support_cli.errors import DiskFailed, ReplyLost, StoreError, StoreReadOnly, StoreUnavailable


class Fault(Enum):
    """What became of a request that failed."""

    UNSENT = "no server was there to take it"
    LOST = "a server may have done it, or may yet lose it"
    DEFERRED = "the server has not done it, and may be asked again"
    FINAL = "asking again would not help"


_REACH = "check MONGODB_URI and that the server runs, then: support admin doctor"
# https://www.mongodb.com/docs/manual/reference/error-codes/ (8000 is Atlas's)
_NOT_PERMITTED, _WRONG_PASSWORD, _DISK_FULL = {13}, {11, 18, 8000}, {14031}
# A server that is or was no primary, shuts down, or lost another one, as in the retryable writes
# specification. Some of them cannot have written; which did is found out by looking.
_FAILOVER = frozenset(
    {6, 7, 89, 91, 133, 134, 189, 262, 9001, 10058, 10107, 11600, 11602, 13435, 13436}
)
# A write conflict, an upsert that lost a race to its twin, and Azure's request to slow down.
_ASK_AGAIN = frozenset({112, 11000, 16500})
# The one place in which Azure says for how long.
_RETRY_AFTER = re.compile(r"RetryAfterMs=(\d+)")

# OpenSSL's code; of what it met at a server, the driver keeps the text alone.
_TLS_FAILURE = re.compile(r"\[SSL: (\w+)\]")


def fault(exc: Exception) -> Fault:
    """Tell what became of the request that failed with this error of the driver's."""
    match exc:
        case ServerSelectionTimeoutError() | WaitQueueTimeoutError():
            return Fault.UNSENT
        case ConnectionFailure() | WriteConcernError():
            return Fault.LOST
        case OperationFailure():
            return _refusal_fault(exc)
    return Fault.FINAL


def retry_after(exc: Exception) -> float:
    """Tell how many seconds a server that is asked too often wants to be left alone."""
    said = _RETRY_AFTER.search(str(exc))
    return int(said[1]) / 1000 if said else 0.0


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Turn the driver's errors into ours; `name` is where the documents are, without secrets."""
    try:
        yield
    except (PyMongoError, BSONError) as exc:
        raise store_error(name, exc) from exc


def store_error(name: str, exc: Exception) -> StoreError:
    """Make our error of one of the driver's."""
    match exc, fault(exc):
        case ServerSelectionTimeoutError(), _:
            return _untrusted(name, exc) or unreachable(name)
        case ConfigurationError(), _:
            return StoreUnavailable(f"The store {name} cannot be used: {_plain(exc)}.", hint=_REACH)
        case _, Fault.UNSENT:
            return unreachable(name)
        case _, Fault.LOST:
            return ReplyLost(
                f"The connection to {name} broke before it answered: what was asked may have"
                " happened.",
                hint="look whether it happened before you do it again",
            )
        case OperationFailure(), _:
            return _refusal(name, exc)
    return StoreError(f"The store {name} failed: {_plain(exc)}.", hint="support admin doctor")


def wrong_password(name: str) -> StoreError:
    """Say that the server does not know the user by this password."""
    text = f"The store {name} refused the user name or the password."
    return StoreError(text, hint="check both in MONGODB_URI")


def no_user(name: str) -> StoreError:
    """Say that the server asks who we are."""
    return StoreError(
        f"The store {name} asks for a user name and a password.",
        hint="write MONGODB_URI=mongodb://user:password@host:port/database",
    )


def unreachable(name: str) -> StoreUnavailable:
    """Say that nobody answers."""
    return StoreUnavailable(f"The store {name} cannot be reached.", hint=_REACH)


def is_not_permitted(exc: Exception) -> bool:
    """Tell whether the server refused for want of permission."""
    return isinstance(exc, OperationFailure) and exc.code in _NOT_PERMITTED


def _refusal_fault(exc: OperationFailure) -> Fault:
    details: dict[str, Any] = dict(exc.details or {})
    # A bulk write hides what happened one level down.
    errors = [each.get("code") for each in details.get("writeErrors", ())]
    unsure = [each.get("code") for each in details.get("writeConcernErrors", ())]
    codes = {*errors, *unsure} or {exc.code}
    if not codes.isdisjoint(_FAILOVER):
        return Fault.LOST
    if errors:
        return Fault.DEFERRED if _ASK_AGAIN.issuperset(errors) else Fault.FINAL
    if unsure:
        return Fault.LOST
    return Fault.DEFERRED if exc.code in _ASK_AGAIN else Fault.FINAL


def _refusal(name: str, exc: OperationFailure) -> StoreError:
    if exc.code in _NOT_PERMITTED:
        return StoreReadOnly(
            f"The store {name} does not permit this to the user in MONGODB_URI.",
            hint="give that user the role readWrite on the database",
        )
    if exc.code in _WRONG_PASSWORD:
        return wrong_password(name)
    if exc.code in _DISK_FULL:
        return DiskFailed(f"The disk of {name} is full.", hint="free some space and try again")
    if fault(exc) is Fault.DEFERRED:
        text = f"The store {name} was asked too often, or by too many at once, and did not do it."
        return StoreUnavailable(text, hint="try again in a minute")
    return StoreError(f"The store {name} refused: {_reason(exc)}.", hint="support admin doctor")


def _reason(exc: OperationFailure) -> str:
    details = exc.details or {}
    first = next(iter(details.get("writeErrors", ())), details)
    return str(first.get("errmsg", exc.code)).rstrip(".")


def _untrusted(name: str, exc: ServerSelectionTimeoutError) -> StoreUnavailable | None:
    found = _TLS_FAILURE.search(str(exc))
    if found is None:
        return None
    if found[1] == "CERTIFICATE_VERIFY_FAILED":
        return StoreUnavailable(
            f"The certificate of {name} is not trusted.",
            hint="name the authority that signed it: tlsCAFile=FILE in MONGODB_URI",
        )
    return StoreUnavailable(
        f"No encrypted connection to {name} could be made.",
        hint="check the tls options in MONGODB_URI, and that the server speaks TLS",
    )


def _plain(exc: Exception) -> str:
    return str(exc).rstrip(".")
