"""The doctor is not green over what is broken, and ends with 1."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from support_cli.domain.trail import Actor
from support_cli.services.clock import SystemClock
from support_cli.settings import load
from support_cli.wiring import open_desk
from tests.attacks.damage import overwrite_page_of
from tests.cli.conftest import Run
from tests.databases import client
from tests.model_server import ModelServer, Refuses, Says

ANN = Actor("ann", "ann@home")


def bad(run: Run, *options: str) -> dict[str, str]:
    """Give what the doctor finds wrong; it must say so by its exit code."""
    ran = run("admin", "doctor", "--json", *options)
    wrong = {
        each["name"]: each["detail"] for each in ran.json["doctor"]["checks"] if not each["ok"]
    }
    assert ran.code == (1 if wrong else 0)
    return wrong


def lines(run: Run) -> list[str]:
    return run("admin", "doctor").out.splitlines()


def test_a_healthy_desk_is_well(run: Run) -> None:
    assert bad(run) == {}


def test_no_malformed_page_is_overlooked(run: Run, tmp_path: Path) -> None:
    names = [run("submit", "ask: " + "x" * 500, "--json").ticket for _ in range(20)]
    overwrite_page_of(tmp_path / "support.db", names[10])
    assert "integrity" in bad(run)


def test_no_document_that_is_none_is_overlooked(run: Run, tmp_path: Path) -> None:
    name = run("submit", "ask: How?", "--json").ticket
    with closing(sqlite3.connect(tmp_path / "support.db")) as connection, connection:
        connection.execute("UPDATE documents SET body = 'x' WHERE id = ?", (name,))
    assert bad(run) == {
        "integrity": f"cannot be read: tickets {name}",
        "records": f"cannot be read: ticket {name}",
    }


@pytest.mark.parametrize("change", [{"status": "lost"}, {"messages": 7}, {"since": 7}])
def test_no_document_of_mongodb_that_cannot_be_decoded_is_overlooked(
    run: Run, mongo_uri: str, monkeypatch: pytest.MonkeyPatch, change: dict[str, Any]
) -> None:
    monkeypatch.setenv("MONGODB_URI", mongo_uri)
    name = run("submit", "ask: How?", "--json").ticket
    with client(mongo_uri) as connected:
        tickets = connected.get_default_database()["tickets"]
        assert tickets.update_one({"_id": name}, {"$set": change}).modified_count == 1
    assert bad(run)["records"] == f"cannot be read: ticket {name}"


def test_no_broken_tool_is_overlooked(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("admin", "policy", "show")
    package = tmp_path / "site" / "acme-1.0.dist-info"
    package.mkdir(parents=True)
    (package / "METADATA").write_text("Name: acme\nVersion: 1.0\n")
    (package / "entry_points.txt").write_text("[support_cli.tools]\nfetch = acme_gone:fetch\n")
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path / "site")])
    assert "cannot be loaded" in bad(run)["tools"]


def test_the_tools_are_told_with_their_markings(run: Run) -> None:
    (told,) = [line for line in lines(run) if line.split()[1] == "tools"]
    assert "get_order (read)" in told
    assert "refund_order (effect, keyed, " in told


@pytest.mark.parametrize(
    ("waited", "wrong"), [(timedelta(hours=1), False), (timedelta(days=2), True)]
)
def test_no_ticket_that_nobody_runs_is_overlooked(run: Run, waited: timedelta, wrong: bool) -> None:
    name = _filed(waited)
    assert ("workers" in bad(run)) is wrong
    assert any(f"{name} has waited" in line for line in lines(run))


def _filed(ago: timedelta) -> str:
    class Then(SystemClock):
        def now(self):  # type: ignore[no-untyped-def]
            return super().now() - ago

    with open_desk(load(), clock=Then()) as desk:
        return desk.tickets.submit(ANN, "hello", human=False).id


def test_no_folder_that_anybody_may_write_is_overlooked(run: Run, tmp_path: Path) -> None:
    run("list")
    tmp_path.chmod(0o777)
    assert "anybody can replace the store" in bad(run)["permissions"]
    tmp_path.chmod(0o770)
    assert bad(run) == {}
    assert any("its group can replace the store" in line for line in lines(run))


def test_no_log_that_others_can_read_is_overlooked(run: Run, tmp_path: Path) -> None:
    run("list")
    (tmp_path / "support.db.lock").chmod(0o644)
    assert "permissions" in bad(run)


@pytest.fixture
def asked(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> ModelServer:
    """Give a model's server that the settings name."""
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-wrong")
    return server


def test_no_wrong_key_is_overlooked_online(run: Run, asked: ModelServer) -> None:
    asked.will(Refuses(401))
    ran = run("admin", "doctor", "--online")
    assert ran.code == 1
    assert "The model's server refused the key" in ran.out
    assert "sk-wrong" not in ran.out


def test_a_server_that_answers_is_well_online(run: Run, asked: ModelServer) -> None:
    asked.will(Says("OK"))
    assert bad(run, "--online") == {}


def test_nothing_is_asked_of_the_model_unless_told(run: Run, asked: ModelServer) -> None:
    assert bad(run) == {}
    assert asked.asked == []
