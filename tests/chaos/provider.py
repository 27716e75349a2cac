"""A payment provider in files: what it did is on the disk before it answers, and nobody waits.

It works slowly, and sometimes the line to it breaks before or after it acted.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

from support_cli.domain.command import Command, result_of
from support_cli.domain.tool import Context, Tool
from support_cli.services.ports import Commands
from support_cli.tools.api import DidNotHappen, as_tool, effect
from tests.chaos.records import Records

REFUSED = "0.00"  # the amount that the provider is certain not to have paid
BROKE = "the line to the bank broke"
KEYED, UNKEYED, ACTION = "pay", "wire", "draw"
_BREAKS = 0.2  # of all acts: half of them before, half of them after it was paid
_ACTION_TIME = timedelta(seconds=3)
_ACTION_SLOWEST = 3.3  # seconds: longer than a lease, and sometimes than its time
# Pays at its very end, as often as it is run.
_ACTION = """
import json, os, secrets, sys, time
folder, key, amount, seconds = sys.argv[1:]
time.sleep(float(seconds))
draft = f'{folder}/draft.{secrets.token_hex(8)}'
with open(draft, 'w') as file:
    file.write(json.dumps({'tool': 'draw', 'key': key, 'amount': amount}))
    file.flush()
    os.fsync(file.fileno())
os.link(draft, f'{folder}/{key}~{secrets.token_hex(8)}')
os.unlink(draft)
print(f'Paid {amount}.')
"""
_SLOWEST = {KEYED: 2.0, UNKEYED: 0.5}  # seconds


@dataclass(frozen=True)
class Payment:
    """One act of the provider's, with the key of the tool call that it was made for."""

    tool: str
    key: str
    amount: str


class Provider:
    """Pays once per key with one tool, each time with the other, and by a slow action."""

    def __init__(self, folder: Path, chance: Random, commands: Commands) -> None:
        self._commands = commands
        self._paid = folder / "paid"
        self._paid.mkdir(parents=True, exist_ok=True)
        self._calls = Records(folder / "calls")
        self._chance = chance

    def paid(self, key: str = "") -> list[Payment]:
        """List what was paid, for one key or for all."""
        return [Payment(**json.loads(each.read_text())) for each in self._paid.glob(f"{key}*~*")]

    def calls(self) -> list[str]:
        """List the keys that the provider was called with, each time."""
        return [str(each["key"]) for each in self._calls.read()]

    def tools(self) -> list[Tool]:
        """Make the tools.

        Whoever is stopped for longer than the keyed tool's lease (its timeout and five seconds) is
        a zombie in the middle of an effect. That of the other outlasts every stop: beyond it
        nothing is promised.
        """

        @effect(keyed=True, timeout="0.2s")
        def pay(amount: str, context: Context) -> str:
            """Pay an amount to the customer, once per key."""
            return self._act(Payment(KEYED, context.key, amount), self._once)

        @effect(keyed=False, timeout="12s")
        def wire(amount: str, context: Context) -> str:
            """Wire an amount to the customer."""
            return self._act(Payment(UNKEYED, context.key, amount), self._each_time)

        @effect(keyed=False, timeout=f"{_ACTION_TIME.seconds}s")
        def draw(amount: str, context: Context) -> str:
            """Pay an amount to the customer, by a command that outlives whoever runs it."""
            return self._run(amount, context)

        return [as_tool(pay), as_tool(wire), as_tool(draw)]

    def _run(self, amount: str, context: Context) -> str:
        self._calls.add(asdict(Payment(ACTION, context.key, amount)))
        if amount == REFUSED:
            raise DidNotHappen("The bank refuses.")
        seconds = f"{self._chance.uniform(0, _ACTION_SLOWEST)}"
        words = (sys.executable, "-I", "-S", "-c", _ACTION, str(self._paid), context.key)
        command = Command((*words, amount, seconds), {}, _ACTION_TIME)
        return result_of(self._commands.run(command, context.key, context.attempt))

    def _act(self, payment: Payment, write: Callable[[Payment], None]) -> str:
        self._calls.add(asdict(payment))
        if payment.amount == REFUSED:
            raise DidNotHappen("The bank refuses.")
        self._work(payment.tool)
        write(payment)
        self._work(payment.tool)
        return f"Paid {payment.amount}."

    def _work(self, tool: str) -> None:
        time.sleep(self._chance.uniform(0, _SLOWEST[tool] / 2))
        if self._chance.random() < _BREAKS / 2:
            raise RuntimeError(BROKE)

    def _once(self, payment: Payment) -> None:
        self._write(payment, f"{payment.key}~")

    def _each_time(self, payment: Payment) -> None:
        self._write(payment, f"{payment.key}~{secrets.token_hex(8)}")

    def _write(self, payment: Payment, name: str) -> None:
        draft = self._paid / f"draft.{secrets.token_hex(8)}"
        with draft.open("w") as file:
            file.write(json.dumps(asdict(payment)))
            file.flush()
            os.fsync(file.fileno())
        try:
            # A link is made whole or not at all, and never twice under one name.
            (self._paid / name).hardlink_to(draft)
        except FileExistsError:
            return
        finally:
            draft.unlink()
        _keep(self._paid)


def _keep(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
