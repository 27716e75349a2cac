"""Odd bytes, depths and dates are refused with a sentence, wherever they come in."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Ran, Run

DEEP = "[" * 60_000
NESTED = "[" * 60_000 + "]" * 60_000
ODD = [
    pytest.param('{"amount": "\\ud800"}', id="half a character"),
    pytest.param('{"amount": ' + NESTED + "}", id="60,000 levels"),
    pytest.param('{"amount": ' + DEEP, id="60,000 levels, open"),
    pytest.param('{"amount": ' + "[" * 500 + "]" * 500 + "}", id="500 levels"),
    pytest.param('{"amount": ' + "9" * 5000 + "}", id="5,000 digits"),
    pytest.param('{"amount": 18446744073709551616}', id="65 bits"),
    pytest.param('{"amount": NaN}', id="NaN"),
    pytest.param('{"amount": "1.00", "amount": "9.00"}', id="a key twice"),
    pytest.param('{"\\udfff": 1}', id="half a character in a key"),
]


def assert_refused(ran: Ran) -> None:
    assert ran.code in (1, 2), ran.err
    assert "bug" not in ran.out + ran.err
    assert "Traceback" not in ran.err


@pytest.fixture
def approval(run: Run) -> str:
    """Give a ticket that waits for an approval."""
    return run("submit", "approve: Refund?", "--customer", "ann", "--json").ticket


@pytest.mark.parametrize("text", ODD)
def test_an_edit_is_never_a_bug(run: Run, approval: str, text: str) -> None:
    shown = run("admin", "show", approval, "--json").json["ticket"]["requests"][0]["fingerprint"]
    assert_refused(run("admin", "resume", approval, "--edit", text, "--if-match", shown))
    assert "waiting" in run("status", approval, "--customer", "ann").out


@pytest.mark.parametrize("text", ODD)
def test_an_edit_of_a_batch_is_never_a_bug(run: Run, approval: str, text: str) -> None:
    decision = f'{{"type": "edit", "args": {text}}}'
    Path("work.jsonl").write_text(f'{{"ticket": "{approval}", "decision": {decision}}}\n')
    ran = run("admin", "batch", "work.jsonl", "--yes")
    assert_refused(ran)
    assert json.loads(ran.out)["outcome"] == "invalid"


@pytest.mark.parametrize("text", ODD)
def test_an_odd_line_does_not_end_an_import_or_a_batch_of_questions(run: Run, text: str) -> None:
    good = '{"customer": "ann", "since": "2021-03-04"}'
    ran = run("admin", "orders", "import", "-", stdin=f"{text}\n{good}\n".encode())
    assert_refused(ran)
    assert "1 added" in ran.out
    Path("q.jsonl").write_text(f'{text}\n{{"text": "hello"}}\n')
    ran = run("submit", "--batch", "q.jsonl")
    assert_refused(ran)
    assert sorted(json.loads(line)["outcome"] for line in ran.out.splitlines()) == [
        "applied",
        "invalid",
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"a = {NESTED}",
        f"a = {DEEP}",
        "a = " + "9" * 5000,
        "a = " + "{b=" * 60_000,
        "[" + "a." * 60_000 + "b]",
        'a = "\\uD800"',
        "a = 0001-13-45",
    ],
    ids=["levels", "open levels", "digits", "open tables", "dots", "half a character", "date"],
)
def test_a_policy_or_a_file_of_actions_is_never_a_bug(
    run: Run, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    Path("odd.toml").write_text(text)
    assert_refused(run("admin", "policy", "check", "odd.toml"))
    monkeypatch.setenv("SUPPORT_ACTIONS", "odd.toml")
    assert_refused(
        run("admin", "policy", "explain", "K7M2-9QXD", "--json")
        and run("admin", "policy", "check", "odd.toml")
    )


@pytest.mark.parametrize("condition", ["(" * 60_000, "a." * 60_000, "[" * 60_000])
def test_a_condition_is_never_a_bug(run: Run, condition: str) -> None:
    rule = f"[[rules]]\nname = 'x'\ntools = ['*']\nverdict = 'ask'\nwhen = '{condition}'\n"
    Path("odd.toml").write_text(f"currency = 'EUR'\n{rule}")
    assert_refused(run("admin", "policy", "check", "odd.toml"))


@pytest.mark.parametrize(
    "setting", ["pattern = '" + "(" * 60_000 + "'", "pattern = 'a{99999999999}'", "type = []"]
)
def test_an_argument_of_an_action_is_never_a_bug(
    run: Run, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    kind = "" if setting.startswith("type") else "type = 'string'\n"
    head = "[actions.a]\ndescription = 'd'\ncommand = ['/bin/true', '{x}']\n"
    Path("actions.toml").write_text(f"{head}[actions.a.arguments.x]\n{kind}{setting}\n")
    monkeypatch.setenv("SUPPORT_ACTIONS", "actions.toml")
    Path("p.toml").write_text("currency = 'EUR'\n")
    assert_refused(run("admin", "policy", "check", "p.toml"))


@pytest.mark.parametrize(
    "placed",
    [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "0000-01-01",
        "10000-01-01",
        "2026-02-30",
        "2026-11-02T25:00:00",
        "2026-11-02T10:00:00+99:00",
        "\\ud800",
        "",
    ],
)
def test_an_odd_date_does_not_end_an_import(run: Run, placed: str) -> None:
    item = {"sku": "A", "name": "A", "quantity": 1, "price": "1.00"}
    order: dict[str, Any] = {"order": "A-1", "customer": "ann", "status": "placed"}
    order |= {"placed": "X", "currency": "EUR", "items": [item]}
    lines = [json.dumps(order), '{"customer": "ann", "since": "X"}']
    good = json.dumps(order).replace("X", "0001-01-01T00:00:00-14:00")
    text = "\n".join([*lines, good]).replace("X", placed)
    ran = run("admin", "orders", "import", "-", stdin=text.encode())
    assert ran.code == 1
    assert "1 added, 0 updated, 0 unchanged, 2 invalid." in ran.out
    assert run("admin", "orders", "show", "A-1").code == 0


@pytest.mark.parametrize("name", ["SUPPORT_CUSTOMER", "SUPPORT_ADMIN", "SUPPORT_MODEL"])
def test_bytes_that_are_no_text_in_the_environment_are_never_a_bug(support: Run, name: str) -> None:
    odd = {name: os.fsdecode(b"openai:caf\xe9")}
    for command in (
        ["submit", "hi"],
        ["list"],
        ["config"],
        ["config", "--json"],
        ["admin", "list"],
    ):
        ran = support(*command, **odd)
        assert ran.code in (0, 2)
        assert "bug" not in ran.err


@pytest.mark.parametrize("command", ["submit", "admin"])
def test_results_are_not_written_through_a_link(run: Run, command: str) -> None:
    Path("precious").write_text("kept")
    Path("results.jsonl").symlink_to("precious")
    Path("work.jsonl").write_text('{"text": "hello"}\n' if command == "submit" else "")
    arguments = ["submit", "--batch"] if command == "submit" else ["admin", "batch", "--yes"]
    ran = run(*arguments, "work.jsonl", "--results", "results.jsonl")
    assert (ran.code, Path("precious").read_text()) == (2, "kept")
    assert "is a link" in ran.err


def test_results_may_go_to_a_device(run: Run) -> None:
    Path("q.jsonl").write_text('{"text": "hello"}\n')
    assert run("submit", "--batch", "q.jsonl", "--results", "/dev/null").code == 0
