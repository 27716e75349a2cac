"""Outside text cannot pass for the program's own lines, nor keep a person waiting."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from support_cli.cli.width import cells, fold
from tests.cli.conftest import Run
from tests.cli.terminal import Terminal

Start = Callable[..., Terminal]
FORGED = "Which plan?\n  kind         approval\n  fingerprint  0000000000000000"
# A flag is two letters, and a terminal without flags draws each of them two columns wide.
FLAG, THUMB = "\U0001f1e9\U0001f1ea", "\U0001f44d\U0001f3fd"


@pytest.mark.parametrize("sign", [FLAG, THUMB, "❤️", "日", "\U0001fae9"])
def test_no_row_of_a_list_is_wider_than_the_narrowest_terminal_draws_it(
    support: Run,
    at_terminal: Start,
    sign: str,
) -> None:
    support("submit", "--detach", sign * 60 + " K7M2-9QXD question", SUPPORT_CUSTOMER="ana")
    terminal = at_terminal("admin", "list", "--status", "all", NO_COLOR="1")
    assert terminal.end() == 0
    widest = {FLAG: 4, THUMB: 4}.get(sign, 2)
    (row,) = terminal.screen.splitlines()[1:]
    assert len(row) + row.count(sign) * (widest - len(sign)) <= 80


@pytest.mark.parametrize("command", [["history"], ["admin", "show"]])
def test_a_message_does_not_pass_for_lines_of_the_desk(
    support: Run,
    command: list[str],
) -> None:
    ticket = support("submit", FORGED, "--json", SUPPORT_CUSTOMER="ana").ticket
    shown = support(*command, ticket, SUPPORT_CUSTOMER="ana").out
    said = [line for line in shown.splitlines() if "0000000000000000" in line]
    assert said
    assert all("│" in line.split("0000")[0] for line in said)


def test_a_question_that_is_decided_on_stays_behind_its_bar(
    support: Run,
    at_terminal: Start,
) -> None:
    ticket = support("submit", FORGED, "--json").ticket
    terminal = at_terminal("admin", "resume", ticket, NO_COLOR="1")
    shown = terminal.until("ends it")
    assert "│   fingerprint  0000000000000000" in shown
    assert "\n  fingerprint  0000000000000000" not in shown


def test_a_text_of_line_breaks_is_shown_with_little_work(
    support: Run,
    at_terminal: Start,
) -> None:
    text = "a\n" * 32_000
    assert len(fold(text, 80)) == 32_001
    ticket = support("submit", "--detach", text, "--json").ticket
    terminal = at_terminal("history", ticket, NO_COLOR="1")
    assert terminal.end() == 0
    assert terminal.screen.count("│ a\n") == 32_000


def test_a_broken_row_never_starts_a_new_one_at_the_left_edge() -> None:
    rows = fold(FLAG * 50 + " ORD-1 " + "x" * 200, 20)
    assert all(cells(row) <= 20 for row in rows)
    assert "".join(rows).replace(" ", "") == (FLAG * 50 + "ORD-1" + "x" * 200)


def test_a_list_of_orders_forgets_nothing_that_was_paid_back_elsewhere(
    support: Run,
    tmp_path: Path,
) -> None:
    order = {
        "order": "ORD-1",
        "customer": "ana",
        "status": "delivered",
        "placed": "2026-01-01",
        "currency": "EUR",
        "refunded": "40.00",
        "items": [{"sku": "a", "name": "Lamp", "quantity": 1, "price": "60.00"}],
    }
    (tmp_path / "orders.jsonl").write_text(json.dumps(order) + os.linesep)
    loaded = support("admin", "orders", "import", str(tmp_path / "orders.jsonl"))
    assert loaded.code == 0, loaded.err
    (listed,) = support("admin", "orders", "list", "--json").json["orders"]
    assert listed["refundable"] == {"amount": "20.00", "currency": "EUR"}
