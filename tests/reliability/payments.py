"""A payment provider in a file: what it did is on the disk before it answers."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from support_cli.domain.tool import Context, Tool
from support_cli.tools.api import DidNotHappen, as_tool, effect
from tests.reliability.trap import Trap

REFUSED = "0"  # the amount that the provider is certain not to have paid
BREAKS = "13"  # the amount at which the unkeyed tool breaks once, before it pays


@dataclass(frozen=True)
class Payment:
    """One act of the provider's, with the key of the tool call that it was made for."""

    key: str
    amount: str


class Payments:
    """Pays once per key, or each time: two tools, one of each kind."""

    def __init__(self, path: Path, trap: Trap, works: Callable[[], None] = lambda: None) -> None:
        self._path = path
        self._trap = trap
        self._works = works

    def all(self) -> list[Payment]:
        """List what was paid, in order."""
        if not self._path.exists():
            return []
        return [Payment(**json.loads(line)) for line in self._path.read_text().splitlines()]

    def tools(self) -> list[Tool]:
        """Make the tools: `pay` takes a key, `wire` does not."""

        @effect(keyed=True, timeout="6s")
        def pay(amount: str, context: Context) -> str:
            """Pay an amount to the customer."""
            return self._acted(Payment(context.key, amount), once=True)

        @effect(keyed=False, timeout="6s")
        def wire(amount: str, context: Context) -> str:
            """Wire an amount to the customer."""
            if amount == BREAKS and self._breaks(context.key):
                raise RuntimeError("the line to the bank broke")
            return self._acted(Payment(context.key, amount), once=False)

        return [as_tool(pay), as_tool(wire)]

    def _acted(self, payment: Payment, *, once: bool) -> str:
        if payment.amount == REFUSED:
            raise DidNotHappen("The bank refuses.")
        self._works()
        with self._trap.around("provider"), self._path.open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            known = any(json.loads(line)["key"] == payment.key for line in file)
            if not (once and known):
                file.write(json.dumps(asdict(payment)) + "\n")
                file.flush()
                os.fsync(file.fileno())
        return told(payment.amount)

    def _breaks(self, key: str) -> bool:
        mark = self._path.with_name(f"broke-{key.replace(':', '-')}")
        if mark.exists():
            return False
        mark.touch()
        return True


def told(amount: str) -> str:
    """Say what the provider says of a payment."""
    return f"Paid {amount}."
