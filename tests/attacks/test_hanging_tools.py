"""A tool that hangs, exits, or returns nothing or too much harms its own call alone."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from support_cli import wiring
from support_cli.agent import gate
from support_cli.cli import doctor, listing
from support_cli.domain.effect import RESULT_LIMIT, EffectState
from support_cli.domain.request import Kind
from support_cli.domain.ticket import Status, Ticket
from support_cli.domain.tool import Context, FactOf
from support_cli.services import effects
from support_cli.services import facts as facts_
from support_cli.tools.api import as_tool, effect, read
from support_cli.wiring import Desk
from tests.reliability import actions
from tests.reliability.clerk import Clerk
from tests.reliability.desk import Target, settings_of
from tests.reliability.processes import wait_until

pytestmark = pytest.mark.parametrize("store_target", ["sqlite"], indirect=True)


@contextmanager
def desk_with(
    target: Target,
    act: Callable[[], str],
    *,
    reads: bool = False,
    facts: Mapping[str, FactOf] | None = None,
) -> Iterator[Desk]:
    """Open a desk whose tool `wire` does this."""

    def wire(amount: str) -> str:
        """Wire an amount."""
        return act()

    marked = (
        read(timeout="1s")(wire) if reads else effect(keyed=False, timeout="1s", facts=facts)(wire)
    )
    agent = partial(wiring.make_agent, model=Clerk())
    with wiring.open_desk(settings_of(target), agent=agent, tools=[as_tool(marked)]) as desk:
        yield desk


def wired(desk: Desk, *, reads: bool = False) -> Ticket:
    """Have it called, with the approval that an effect needs."""
    ticket = desk.runs.run(desk.tickets.submit(desk.customer("ann"), "wire 5", human=False).id)
    if not reads:
        actions.approve(desk, ticket)
        ticket = desk.runs.run(ticket.id)
    return ticket


def test_a_read_that_hangs_has_failed_and_its_late_result_is_dropped(store_target: Target) -> None:
    hangs = threading.Event()

    def hang() -> str:
        hangs.wait()
        return "too late"

    with desk_with(store_target, hang, reads=True) as desk:
        ticket = wired(desk, reads=True)
        hangs.set()
        assert ticket.reply == "The tool failed (it took longer than 1 seconds)."
        assert desk.runs.run(ticket.id).reply == ticket.reply


def test_an_effect_that_hangs_holds_its_ticket_until_it_comes_back(
    store_target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "PATIENCE", timedelta(0))
    hangs = threading.Event()

    def hang() -> str:
        hangs.wait()
        return "Paid."

    with desk_with(store_target, hang) as desk:
        held = wired(desk)
        assert (held.status, held.open_requests) == (Status.RUNNING, ())
        hangs.set()
        wait_until(lambda: desk.tickets.of_anyone(held.id).status is Status.READY, "its return")
        assert desk.runs.run(held.id).reply == "Paid."


def test_doctor_and_list_name_an_effect_past_its_time(
    store_target: Target, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gate, "PATIENCE", timedelta(0))
    monkeypatch.setattr(effects, "_MARGIN", timedelta(0))
    monkeypatch.setattr(effects, "_LATEST", timedelta(hours=-1))
    hangs = threading.Event()

    def hang() -> str:
        hangs.wait()
        return "Paid."

    with desk_with(store_target, hang) as desk:
        held = wired(desk)
        listing.note_late(desk)
        (check,) = doctor._late(desk)
        hangs.set()
        wait_until(lambda: not list(desk.late_effects()), "its return")
    assert f"wire of ticket {held.id} acts for" in capsys.readouterr().err
    assert (held.id in check.detail, check.remedy is not None) == (True, True)


def test_a_fact_that_exits_or_hangs_is_missing(
    store_target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facts_, "_OWN_TIME", timedelta(milliseconds=100))
    hangs = threading.Event()

    def exits(args: Mapping[str, Any], context: Context) -> str:
        raise SystemExit(7)

    def hang(args: Mapping[str, Any], context: Context) -> str:
        hangs.wait()
        return "too late"

    own: dict[str, FactOf] = {"exits": exits, "hangs": hang}
    with desk_with(store_target, lambda: "Paid.", facts=own) as desk:
        ticket = desk.tickets.submit(desk.customer("ann"), "wire 5", human=False)
        (request,) = desk.runs.run(ticket.id).open_requests
        hangs.set()
    assert request.verdict
    assert [name for name in request.verdict.facts if name.startswith("own.")] == []


def test_an_effect_that_breaks_late_is_asked_about_then(
    store_target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "PATIENCE", timedelta(0))
    hangs = threading.Event()

    def hang() -> str:
        hangs.wait()
        raise RuntimeError("the line broke")

    with desk_with(store_target, hang) as desk:
        held = wired(desk)
        hangs.set()
        wait_until(lambda: desk.tickets.of_anyone(held.id).status is Status.READY, "its end")
        (request,) = desk.runs.run(held.id).open_requests
    assert (request.kind, "the line broke" in str(request.evidence)) == (Kind.OUTCOME, True)


@pytest.mark.parametrize("ends", [SystemExit, KeyboardInterrupt, GeneratorExit])
def test_a_tool_that_ends_the_process_ends_its_call_alone(
    store_target: Target, ends: type[BaseException]
) -> None:
    def leave() -> str:
        raise ends(7)

    with desk_with(store_target, leave, reads=True) as desk:
        assert wired(desk, reads=True).status is Status.ANSWERED
    with desk_with(store_target, leave) as desk:
        (request,) = wired(desk).open_requests
    assert request.evidence
    assert ends.__name__ in str(request.evidence.output)


@pytest.mark.parametrize("reads", [True, False])
def test_a_tool_that_returns_nothing_is_told_as_such(store_target: Target, reads: bool) -> None:
    nothing: Callable[[], str] = lambda: None  # type: ignore[assignment,return-value]  # noqa: E731
    with desk_with(store_target, nothing, reads=reads) as desk:
        assert wired(desk, reads=reads).reply == "wire returned nothing."


@pytest.mark.parametrize("reads", [True, False])
def test_a_result_that_was_cut_says_so(store_target: Target, reads: bool) -> None:
    with desk_with(store_target, lambda: "x" * 5_000_000, reads=reads) as desk:
        reply = str(wired(desk, reads=reads).reply)
    assert len(reply) == RESULT_LIMIT
    assert reply.endswith("… (cut off here, of 5,000,000 characters)")


def test_no_command_waits_for_a_tool_as_it_ends(store_target: Target) -> None:
    code = """
import threading
from datetime import timedelta
from support_cli.runtime.calls import DaemonCalls
from support_cli.services.ports import Late
try:
    DaemonCalls().run(threading.Event().wait, timedelta(milliseconds=10))
except Late:
    print("late")
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert (done.stdout, done.stderr) == ("late\n", "")


def test_an_effect_that_is_late_is_not_started_again(
    store_target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "PATIENCE", timedelta(0))
    hangs, calls = threading.Event(), []

    def hang() -> str:
        calls.append("called")
        hangs.wait()
        return "Paid."

    with desk_with(store_target, hang) as desk:
        held = wired(desk)
        assert desk.runs.run(held.id).status is Status.RUNNING
        hangs.set()
        wait_until(lambda: desk.tickets.of_anyone(held.id).status is Status.READY, "its return")
        desk.runs.run(held.id)
        (entry,) = desk.ledger.of_ticket(held.id)
    assert (entry.state, calls) == (EffectState.DONE, ["called"])
