"""The connection to MongoDB: how it is made, named without secrets, and what its failures mean."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl

from bson.errors import BSONError
from pymongo import MongoClient, ReadPreference
from pymongo.database import Database
from pymongo.errors import (
    ConfigurationError,
    ConnectionFailure,
    InvalidURI,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WaitQueueTimeoutError,
    WriteConcernError,
)

from support_cli.errors import ReplyLost, StoreError, StoreReadOnly, StoreUnavailable, UsageError

Documents = Database[dict[str, Any]]

DATABASE = "support"
_DEFAULTS: Mapping[str, Any] = {
    "serverSelectionTimeoutMS": 5_000,
    "connectTimeoutMS": 5_000,
    "socketTimeoutMS": 30_000,
    "appName": "support",
}
_ALWAYS: Mapping[str, Any] = {
    "tz_aware": True,
    "connect": False,
    "w": "majority",
    "journal": True,
    "retryWrites": False,
    "retryReads": False,
    "read_preference": ReadPreference.PRIMARY,
}
_REACH = "check MONGODB_URI and that the server runs, then: support admin doctor"
_OPTIONS = "see https://www.mongodb.com/docs/manual/reference/connection-string-options/"
# https://www.mongodb.com/docs/manual/reference/error-codes/ (8000 is Atlas's)
_NOT_PERMITTED, _WRONG_PASSWORD, _DISK_FULL = {13}, {18, 8000}, {14031}


def database(uri: str) -> Documents:
    """Make a client for the database that the URI names, else `support`; it connects when used.

    Nothing beyond plain commands is asked of the server: no sessions, no retries by the driver,
    which cannot know whether a write that it repeats has happened.

    Raises:
        UsageError: the URI cannot be read. The message does not repeat it.
    """
    if "://" not in uri:
        raise _unreadable()  # a bare host would do for the driver
    said = {name.lower() for name, _ in parse_qsl(uri.partition("?")[2], keep_blank_values=True)}
    defaults = {name: value for name, value in _DEFAULTS.items() if name.lower() not in said}
    try:
        with warnings.catch_warnings():
            # The driver only warns of an option that it cannot read, and leaves it out.
            warnings.simplefilter("error", UserWarning)
            client: MongoClient[dict[str, Any]] = MongoClient(uri, **_ALWAYS, **defaults)
    # Without `from`: the driver's own message can hold a piece of the password.
    except UserWarning:
        raise UsageError("MONGODB_URI has an option that cannot be read.", hint=_OPTIONS) from None
    except (InvalidURI, ConfigurationError, ValueError, TypeError):
        raise _unreadable() from None
    return client.get_default_database(DATABASE)


def describe(uri: str) -> str:
    """Name the servers and the database of a URI, without credentials.

    Raises:
        UsageError: the password is not escaped, so that it cannot be told from the rest.
    """
    hosts, _, path = uri.partition("://")[2].partition("?")[0].partition("/")
    if "@" in path:
        raise _unreadable()
    return f"mongodb {hosts.rpartition('@')[2]}/{path or DATABASE}"


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Turn the driver's errors into ours; `name` is where the documents are, without secrets."""
    try:
        yield
    except (PyMongoError, BSONError) as exc:
        raise _error(name, exc) from exc


def _error(name: str, exc: Exception) -> StoreError:
    match exc:
        case ServerSelectionTimeoutError() | WaitQueueTimeoutError():
            return StoreUnavailable(f"The store {name} cannot be reached.", hint=_REACH)
        case ConfigurationError():
            return StoreUnavailable(f"The store {name} cannot be used: {_plain(exc)}.", hint=_REACH)
        case ConnectionFailure() | WriteConcernError():
            text = f"The connection to {name} broke before it answered."
            return ReplyLost(text, hint="look whether it happened, then try again")
        case OperationFailure():
            return _refusal(name, exc)
    return StoreError(f"The store {name} failed: {_plain(exc)}.", hint="support admin doctor")


def _refusal(name: str, exc: OperationFailure) -> StoreError:
    if exc.code in _NOT_PERMITTED:
        return StoreReadOnly(
            f"The store {name} does not permit this to the user in MONGODB_URI.",
            hint="give that user the role readWrite on the database",
        )
    if exc.code in _WRONG_PASSWORD:
        text = f"The store {name} refused the user name or the password."
        return StoreError(text, hint="check both in MONGODB_URI")
    if exc.code in _DISK_FULL:
        return StoreError(f"The disk of {name} is full.", hint="free some space and try again")
    said = (exc.details or {}).get("errmsg", exc.code)
    return StoreError(f"The store {name} refused: {said}.", hint="support admin doctor")


def _plain(exc: Exception) -> str:
    return str(exc).rstrip(".")


def _unreadable() -> UsageError:
    return UsageError(
        "MONGODB_URI cannot be read.",
        hint="write mongodb://user:password@host:port/database, special characters as %XX",
    )
