"""How an action ended is believed from its supervisor alone, and nothing of it is thrown away."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from support_cli.domain.command import CommandEnd
from support_cli.domain.effect import Effect, EffectState
from support_cli.runtime.commands import SupervisedCommands
from tests.reliability.desk import Target, open_desk
from tests.runtime.conftest import ATTEMPT, EFFECT, python

Forgery = Callable[[Path], object]


def other_attempt(end: Path) -> None:
    """Put another attempt's word under this one's name."""
    end.write_text(end.read_text().replace(ATTEMPT, "f" * 16))


def link(end: Path) -> None:
    """Lay a link to a file of the attacker's choice."""
    end.rename(end.with_name("elsewhere"))
    end.symlink_to("elsewhere")


def second_name(end: Path) -> None:
    """Give a file that lies elsewhere this name as well."""
    os.link(end, end.with_name("elsewhere"))


def pipe(end: Path) -> None:
    """Let whoever opens it wait for ever."""
    end.unlink()
    os.mkfifo(end, 0o600)


FORGERIES: dict[str, Forgery] = {
    "another attempt's": other_attempt,
    "a link": link,
    "two names": second_name,
    "a pipe": pipe,
    "readable by others": lambda end: end.chmod(0o644),
    "writable by others": lambda end: end.chmod(0o622),
    "a folder of everybody's": lambda end: end.parent.chmod(0o777),
    "no object": lambda end: end.write_text('["done"]'),
    "deep": lambda end: end.write_text("[" * 60_000),
    "a code that is no number": lambda end: end.write_text(end.read_text().replace(": 0", ': "0"')),
    "a truth for a code": lambda end: end.write_text(end.read_text().replace(": 0", ": false")),
    "half a character": lambda end: end.write_text('{"effect": "\\ud800", "attempt": "a"}'),
    "empty": lambda end: end.write_text(""),
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_end_does_not_count(tmp_path: Path, forge: Forgery) -> None:
    commands = SupervisedCommands(tmp_path / "ends")
    commands.run(python("print('paid')"), EFFECT, ATTEMPT)
    assert commands.end_of(EFFECT, ATTEMPT) == CommandEnd(exit_code=0, output="paid\n")
    (end,) = (tmp_path / "ends").iterdir()
    forge(end)
    assert commands.end_of(EFFECT, ATTEMPT) is None
    assert list(commands.ends()) == []


def test_a_link_in_the_folders_place_is_not_followed(tmp_path: Path) -> None:
    commands = SupervisedCommands(tmp_path / "ends")
    commands.run(python("print('paid')"), EFFECT, ATTEMPT)
    (tmp_path / "ends").rename(tmp_path / "real")
    (tmp_path / "ends").symlink_to(tmp_path / "real")
    assert commands.end_of(EFFECT, ATTEMPT) is None


@pytest.mark.parametrize("store_target", ["sqlite"], indirect=True)
def test_an_end_without_its_ticket_does_not_keep_a_worker_from_the_others(
    store_target: Target, tmp_path: Path
) -> None:
    target = {**store_target, "XDG_STATE_HOME": str(tmp_path / "state")}
    now = datetime.now(UTC)
    gone = Effect(
        EFFECT, "GNE2-GNE2", "call_1", "act", "hash", False, EffectState.STARTED, ATTEMPT, now
    )
    with open_desk(target) as desk:
        desk.documents.insert(gone)
        desk.commands.run(python("print('paid')"), EFFECT, ATTEMPT)
        ticket = desk.tickets.submit(desk.customer("ann"), "hello", human=False)
        assert list(desk.runs.due()) == [ticket.id]
