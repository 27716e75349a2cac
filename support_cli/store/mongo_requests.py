"""Requests to MongoDB, made again where that is harmless, for as long as an election takes."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Self, TypeVar

from bson.errors import BSONError
from pymongo.errors import OperationFailure, PyMongoError

from support_cli.errors import ReplyLost, StoreError
from support_cli.store import mongo_client, mongo_errors
from support_cli.store.mongo_client import Documents
from support_cli.store.mongo_errors import Fault

_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 2.0  # seconds
_NOT_DONE = frozenset({Fault.UNSENT, Fault.DEFERRED})
_ANY = _NOT_DONE | {Fault.LOST}
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """For how many seconds a request is made again, and how time passes meanwhile.

    A replica set takes 12 seconds and more to elect a primary.
    """

    seconds: float = 30.0
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class Requests:
    """Makes requests of one database; any thread may use it."""

    def __init__(
        self,
        database: Documents,
        name: str,
        patience: Patience,
        unhurried: Callable[[], AbstractContextManager[Documents]] | None = None,
    ) -> None:
        self.database = database
        self.name = name
        self._patience = patience
        self._unhurried = unhurried or (lambda: nullcontext(database))
        self._reached = False

    @classmethod
    def of(cls, uri: str, patience: Patience | None = None) -> Self:
        """Make requests of the database that a URI names, with the patience that it asks for.

        Raises:
            UsageError: the URI cannot be read.
        """
        database, name = mongo_client.database(uri), mongo_client.describe(uri)
        said = mongo_client.selection_seconds(uri)
        kept = Patience() if said is None else Patience(said)
        return cls(database, name, patience or kept, partial(mongo_client.unhurried, uri))

    def read(self, ask: Callable[[], T]) -> T:
        """Ask something that changes nothing.

        Raises:
            StoreUnavailable: nobody answered.
        """
        try:
            return self._until_answered(ask, _ANY)
        except ReplyLost as error:
            raise mongo_errors.unreachable(self.name) from error

    def write(self, ask: Callable[[], T]) -> T:
        """Ask for a write that is not to be made twice.

        Raises:
            ReplyLost: it may have happened. StoreUnavailable: it has not, nobody was there.
        """
        return self._until_answered(ask, _NOT_DONE)

    def repeat(self, ask: Callable[[], T]) -> T:
        """Ask for a write that is harmless twice.

        Raises:
            ReplyLost: it may have happened. StoreUnavailable: it has not, nobody was there.
        """
        return self._until_answered(ask, _ANY)

    def build(self, ask: Callable[[Documents], T]) -> T:
        """Ask for what may build an index, for as long as that takes; harmless twice.

        Raises:
            StoreUnavailable: nobody answered.
        """
        try:
            return self.write(partial(ask, self.database))
        except ReplyLost:
            # Where the answer is only late: the server gave up as the connection was closed.
            with self._unhurried() as unhurried:
                self.read(partial(ask, unhurried))
        return self.read(partial(ask, self.database))

    def _until_answered(self, ask: Callable[[], T], again: Collection[Fault]) -> T:
        began, until, lost = self._patience.now(), None, None
        for tries in count():
            try:
                answer = ask()
            except (PyMongoError, BSONError) as exc:
                fault = mongo_errors.fault(exc)
                now = self._patience.now()
                if until is None:
                    until = (began if fault is Fault.UNSENT else now) + self._patience.seconds
                self._reached |= isinstance(exc, OperationFailure)
                lost = exc if fault is Fault.LOST else lost
                if now >= until or not self._is_worth_it(fault, again):
                    raise self._error(exc, lost) from exc
                self._patience.sleep(_pause(tries, exc))
            else:
                self._reached = True
                return answer
        raise AssertionError

    def _is_worth_it(self, fault: Fault, again: Collection[Fault]) -> bool:
        # A server that never answered is more likely wrong than away.
        return fault in again and (fault is not Fault.UNSENT or self._reached)

    def _error(self, exc: Exception, lost: Exception | None) -> StoreError:
        if mongo_errors.is_not_permitted(exc):
            return self._stranger() or mongo_errors.store_error(self.name, exc)
        return mongo_errors.store_error(self.name, exc if lost is None else lost)

    def _stranger(self) -> StoreError | None:
        """Say so where the server does not know who asks; some call that a missing permission."""
        try:
            said = self.database.command("connectionStatus")
        except OperationFailure as exc:
            refused = mongo_errors.is_not_permitted(exc)
            return mongo_errors.wrong_password(self.name) if refused else None
        except PyMongoError:
            return None
        users = said.get("authInfo", {}).get("authenticatedUsers", [None])
        return None if users else mongo_errors.no_user(self.name)


def _pause(tries: int, exc: Exception) -> float:
    longest = min(_FIRST_PAUSE * 2 ** min(tries, 10), _LONGEST_PAUSE)
    return max(mongo_errors.retry_after(exc), random.uniform(longest / 2, longest))  # noqa: S311
