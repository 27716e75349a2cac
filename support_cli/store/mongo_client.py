"""The connection to MongoDB: how it is made, and named without secrets."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl

from pymongo import MongoClient, ReadPreference
from pymongo.database import Database
from pymongo.errors import ConfigurationError, InvalidURI

from support_cli.errors import UsageError

Documents = Database[dict[str, Any]]

DATABASE = "support"
_SELECTION = "serverSelectionTimeoutMS"
_DEFAULTS: Mapping[str, Any] = {
    _SELECTION: 5_000,
    "connectTimeoutMS": 5_000,
    "socketTimeoutMS": 30_000,
    "appName": "support",
}
_ALWAYS: Mapping[str, Any] = {
    "tz_aware": True,
    "connect": False,
    "w": "majority",
    "journal": True,
    # Shorter than the socket's: whoever waits for a majority in vain is told, and can ask again.
    "wTimeoutMS": 10_000,
    "retryWrites": False,
    "retryReads": False,
    "read_preference": ReadPreference.PRIMARY,
    "maxStalenessSeconds": -1,
    # Whether a write happened is read where it was written, however few have it yet.
    "readConcernLevel": None,
    "timeoutMS": None,
}
_OPTIONS = "see https://www.mongodb.com/docs/manual/reference/connection-string-options/"


def database(uri: str) -> Documents:
    """Make a client for the database that the URI names, else `support`; it connects when used.

    Nothing beyond plain commands is asked of the server: no sessions, no retries by the driver,
    which cannot know whether a write that it repeats has happened.

    Raises:
        UsageError: the URI cannot be read. The message does not repeat it.
    """
    return _client(uri, {}).get_default_database(DATABASE)


@contextmanager
def unhurried(uri: str) -> Iterator[Documents]:
    """Give a connection that waits as long as the server works, as it must for an index.

    A server gives an index up when the connection that asked for it breaks.
    """
    with _client(uri, {"socketTimeoutMS": None}) as client:
        yield client.get_default_database(DATABASE)


def selection_seconds(uri: str) -> float | None:
    """Tell for how long the URI wants a server to be looked for; None where it does not say."""
    said = _options(uri).get(_SELECTION.lower())
    return None if said is None else int(said) / 1000


def _options(uri: str) -> Mapping[str, str]:
    query = uri.partition("?")[2]
    return {name.lower(): said for name, said in parse_qsl(query, keep_blank_values=True)}


def _client(uri: str, special: Mapping[str, Any]) -> MongoClient[dict[str, Any]]:
    if "://" not in uri:
        raise _unreadable()  # a bare host would do for the driver
    said = _options(uri)
    defaults = {name: value for name, value in _DEFAULTS.items() if name.lower() not in said}
    try:
        with warnings.catch_warnings():
            # The driver only warns of an option that it cannot read, and leaves it out.
            warnings.simplefilter("error", UserWarning)
            return MongoClient(uri, **_ALWAYS, **{**defaults, **special})
    # Without `from`: the driver's own message can hold a piece of the password.
    except UserWarning:
        raise UsageError("MONGODB_URI has an option that cannot be read.", hint=_OPTIONS) from None
    except (InvalidURI, ConfigurationError, ValueError, TypeError):
        raise _unreadable() from None


def describe(uri: str) -> str:
    """Name the servers and the database of a URI, without credentials.

    Raises:
        UsageError: the password is not escaped, so that it cannot be told from the rest.
    """
    hosts, _, path = uri.partition("://")[2].partition("?")[0].partition("/")
    if "@" in path:
        raise _unreadable()
    return f"mongodb {hosts.rpartition('@')[2]}/{path or DATABASE}"


def _unreadable() -> UsageError:
    return UsageError(
        "MONGODB_URI cannot be read.",
        hint="write mongodb://user:password@host:port/database, special characters as %XX",
    )
