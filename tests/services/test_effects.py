"""What the ledger keeps of what a tool returned, whatever its author let it return."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from support_cli.domain.effect import Effect, EffectState
from support_cli.domain.running import claim
from support_cli.domain.talking import open_ticket
from support_cli.domain.ticket import Lease
from support_cli.domain.tool import Marking, Tool
from support_cli.domain.trail import Actor
from support_cli.domain.verdict import Ruling, Verdict
from support_cli.errors import Busy
from support_cli.services import paging
from support_cli.services.changes import Changes
from support_cli.services.clock import SystemClock
from support_cli.services.effects import Act, Ledger
from support_cli.services.ports import Documents
from support_cli.tools.api import DidNotHappen
from tests.fakes import ToldCommands, judged

ID = "K7M2-9QXD"
PAY = Tool("pay", lambda: "", Marking(timeout=timedelta(seconds=1)))
ACT = Act(ticket=ID, call="call_1", tool=PAY, proposed={}, args={}, fence=1)
ODD: dict[str, Any] = {
    "more than MongoDB holds": "x" * 20 * 1024 * 1024,
    "half of a character": "Paid \ud83d.",
    "nothing": None,
    "no text": {"paid": 5},
}


class SlowClock(SystemClock):
    """A clock by which much time is over whenever somebody looks."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Tell the time, some seconds later than before."""
        self._ahead += timedelta(seconds=4)
        return super().now() + self._ahead


@pytest.fixture
def ledger(documents: Documents) -> Ledger:
    """Give the ledger of a store with one ticket that is being run."""
    changes = Changes(documents, SystemClock())
    stamp = changes.stamp(Actor("ann", "here"))
    documents.insert(open_ticket(ID, "ann", "pay", human=False, stamp=stamp))
    lease = Lease("here", stamp.at + timedelta(minutes=1))
    changes.apply(ID, lambda ticket: claim(ticket, lease, stamp))
    for number in range(5):
        documents.insert(judged(ID, f"call_{number}", "pay", {}, Verdict(Ruling.ALLOW)))
    return Ledger(changes, ToldCommands())


def test_an_effect_that_was_written_down_too_late_is_not_begun(
    ledger: Ledger, documents: Documents
) -> None:
    """Its process was suspended, or the store slow: by now others may think that it is over."""
    late = Ledger(Changes(documents, SlowClock()), ToldCommands())
    with pytest.raises(DidNotHappen, match="could not be started in time"):
        late.perform(ACT, lambda _: pytest.fail("it acts"))
    (entry,) = ledger.of_ticket(ID)
    assert entry.state is EffectState.FAILED


@pytest.mark.parametrize("returned", ODD.values(), ids=ODD)
def test_an_effect_that_returned_something_odd_is_done(ledger: Ledger, returned: Any) -> None:
    told = ledger.perform(ACT, lambda _: returned)
    again = ledger.perform(ACT, lambda _: pytest.fail("it acts again"))
    (entry,) = ledger.of_ticket(ID)
    assert entry.state is EffectState.DONE
    assert told == again == entry.result


def test_an_effect_that_did_not_happen_for_an_odd_reason_has_failed(ledger: Ledger) -> None:
    def refuse(entry: Effect) -> str:
        raise DidNotHappen("No \ud83d.")

    with pytest.raises(DidNotHappen, match=r"No \?\."):
        ledger.perform(ACT, refuse)
    (entry,) = ledger.of_ticket(ID)
    assert entry.state is EffectState.FAILED


def test_a_run_that_lost_its_lease_starts_no_effect(ledger: Ledger) -> None:
    with pytest.raises(Busy):
        ledger.perform(replace(ACT, fence=0), lambda _: pytest.fail("it acts"))
    assert ledger.of_ticket(ID) == ()


def test_no_effect_is_overlooked_however_many_there_are(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "_PAGE", 2)
    for number in range(5):
        ledger.perform(replace(ACT, call=f"call_{number}"), lambda entry: entry.id)
    assert [each.call for each in ledger.of_ticket(ID)] == [f"call_{n}" for n in range(5)]
