"""The commands around policy and orders, through the door that people use."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.policy.shop import PEOPLE, policy_with

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def support(store_target: Mapping[str, str]) -> Command:
    """Give a way to run a command in a process of its own, on a shop with the sample in it."""

    def run(*args: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "support_cli", *args],
            input=stdin,
            capture_output=True,
            text=True,
            env={**os.environ, **store_target},
            timeout=120,
        )

    assert run("admin", "orders", "import", "--sample").returncode == 0
    return run


def waiting(support: Command) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(support("admin", "list", "--json").stdout)["tickets"][0]
    return found


def test_a_manager_changes_a_limit_with_three_commands(support: Command, tmp_path: Path) -> None:
    asked = support("submit", "--customer", "ada", "refund ORD-1043, it arrived broken")
    assert "waiting for a person" in asked.stdout
    file = str(policy_with(tmp_path / "p.toml", ("'100.00'", "'300.00'"), ("'200.00'", "'400.00'")))
    assert "15 rules" in support("admin", "policy", "check", file).stdout
    tried = support("admin", "policy", "test", file)
    assert "ask manager\tallow" in tried.stdout
    assert "Nothing changes for what waits (1)" in tried.stderr
    assert support("admin", "policy", "apply", file).returncode == 0
    done = support("submit", "--customer", "ada", "refund 120.00 of ORD-1044")
    assert done.stdout == "Done. 120.00 EUR of ORD-1044 was paid back to the original payment.\n"


def test_two_levels_decide_in_two_shells(support: Command, tmp_path: Path) -> None:
    file = str(policy_with(tmp_path / "p.toml", people=PEOPLE))
    assert support("admin", "policy", "apply", file).returncode == 0
    support("submit", "--customer", "ada", "refund ORD-1044, it arrived broken")
    found = waiting(support)
    bound = ("--if-match", found["requests"][0]["fingerprint"], "--approve", "--by")
    resume = ("admin", "resume", found["id"])
    assert support(*resume, *bound, "ada").returncode == 4
    assert support(*resume, *bound, "stranger").returncode == 4
    assert support(*resume, *bound, "mia").returncode == 0
    assert support(*resume, *bound, "max").returncode == 4
    assert "1299.00 EUR of ORD-1044" in support(*resume, *bound, "dora").stdout
    assert support(*resume, *bound, "max").returncode == 6


def test_a_ticket_is_explained(support: Command) -> None:
    support("submit", "--customer", "ada", "refund ORD-1043, it arrived broken")
    told = support("admin", "policy", "explain", waiting(support)["id"])
    assert "refund_order: ask manager" in told.stdout
    assert "over 100" in told.stdout
    assert "229.00 EUR" in told.stdout


def test_a_slip_in_a_policy_is_a_usage_error(support: Command, tmp_path: Path) -> None:
    file = str(policy_with(tmp_path / "p.toml", ("order.items", "order.itms")))
    for command in ("check", "test", "apply"):
        done = support("admin", "policy", command, file)
        assert done.returncode == 2
        assert "line 81, column 9, rule 7: there is no fact order.itms; did you" in done.stderr


def test_bad_lines_are_told_and_the_rest_is_loaded(support: Command) -> None:
    lines = 'x\n{"customer": "zed", "since": "2020-01-01"}\n'
    done = support("admin", "orders", "import", "-", stdin=lines)
    assert done.returncode == 1
    assert done.stderr.startswith("Line 1: ")
    assert done.stdout == "1 added, 0 updated, 0 unchanged, 1 invalid.\n"


def test_an_order_is_shown_with_what_was_paid_back(support: Command) -> None:
    support("submit", "--customer", "ada", "refund 10.00 of ORD-1042")
    told = json.loads(support("admin", "orders", "show", "ord-1042", "--json").stdout)["order"]
    assert told["refundable"] == {"amount": "50.00", "currency": "EUR"}
    assert [back["way"] for back in told["paybacks"]] == ["refund"]
    assert "ORD-1042" in support("admin", "orders", "list", "--customer", "ada").stdout
    assert support("admin", "orders", "show", "ORD-9999").returncode == 5
