"""A record that cannot be read keeps nobody from the others, and is told."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from support_cli.domain.article import Article
from support_cli.domain.effect import Effect, EffectState
from support_cli.errors import Damaged
from support_cli.services.paging import every_row
from support_cli.services.ports import Documents
from support_cli.store.mongo import MongoDocuments
from tests.cli.conftest import Run

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def damage(name: str) -> None:
    """Make a record's document no JSON."""
    with closing(sqlite3.connect("support.db")) as connection, connection:
        changed = connection.execute("UPDATE documents SET body = 'x' WHERE id = ?", (name,))
        assert changed.rowcount == 1


@pytest.fixture
def broken(run: Run) -> str:
    """Give a damaged ticket among two that are well, all waiting."""
    names = [run("submit", f"ask: Why {n}?", "--json", "--customer", "ann").ticket for n in "123"]
    damage(names[1])
    return names[1]


@pytest.mark.parametrize("command", [("admin", "list"), ("list", "--customer", "ann")])
def test_a_damaged_ticket_hides_no_other_from_a_list(
    run: Run, broken: str, command: tuple[str, ...]
) -> None:
    ran = run(*command)
    assert (ran.code, len(ran.out.splitlines())) == (0, 2)
    assert f"{broken} is damaged" in ran.err
    told = run(*command, "--json").json
    assert (len(told["tickets"]), told["damaged"]) == (2, [broken])


def test_a_damaged_ticket_hides_no_other_from_an_export(run: Run, broken: str) -> None:
    ran = run("admin", "export")
    assert (ran.code, len(ran.out.splitlines())) == (0, 2)
    assert f"{broken} is damaged" in ran.err


def test_a_damaged_ticket_is_a_sentence_and_no_bug(run: Run, broken: str) -> None:
    for command in (("admin", "show"), ("status", "--customer", "ann"), ("admin", "close")):
        ran = run(*command, broken)
        assert (ran.code, ran.out) == (1, "")
        assert f"Error: The ticket {broken} is damaged: it cannot be read." in ran.err


def test_a_damaged_ticket_fails_its_own_line_of_a_batch(run: Run, broken: str) -> None:
    lines = [json.loads(line) for line in run("admin", "export").out.splitlines()]
    lines.append(lines[0] | {"ticket": broken})
    for line in lines:
        line["decision"] = {"type": "respond", "message": "So."}
    Path("work.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    told = run("admin", "batch", "work.jsonl", "--yes").out.splitlines()
    outcomes = sorted(json.loads(line)["outcome"] for line in told)
    assert outcomes == ["applied", "applied", "failed"]


def test_a_damaged_order_hides_no_other(run: Run) -> None:
    run("admin", "orders", "import", "--sample")
    before = len(run("admin", "orders", "list", "--limit", "1000").out.splitlines())
    damage("ORD-1042")
    ran = run("admin", "orders", "list", "--limit", "1000")
    assert (ran.code, len(ran.out.splitlines())) == (0, before - 1)
    assert "ORD-1042 is damaged" in ran.err


def test_a_damaged_article_hides_no_other(documents: Documents) -> None:
    for name in ("a", "b"):
        documents.insert(Article(name, name, "text", ("word",), NOW, "bob"))
    _damage_field(documents, "b")
    assert [each.id for each in documents.search(Article, ["word"], 5)] == ["a"]
    page = documents.find(Article, fields=("id", "at"))
    assert ([row["id"] for row in page.rows], page.damaged) == (["a"], ("b",))
    with pytest.raises(Damaged, match="The article b is damaged"):
        documents.get(Article, "b")


def test_no_damaged_effect_is_overlooked(documents: Documents) -> None:
    """To go on without it would be to act again."""
    documents.insert(Effect("t:c", "t", "c", "pay", "h", False, EffectState.STARTED, "o", NOW))
    _damage_effect(documents)
    with pytest.raises(Damaged):
        list(every_row(lambda **page: documents.find(Effect, fields=("id", "keyed"), **page)))


def _damage_effect(documents: Documents) -> None:
    if isinstance(documents, MongoDocuments):
        documents.database["effects"].update_one({"_id": "t:c"}, {"$unset": {"keyed": 1}})
    else:
        damage("t:c")


def _damage_field(documents: Documents, name: str) -> None:
    if isinstance(documents, MongoDocuments):
        documents.database["articles"].update_one({"_id": name}, {"$set": {"at": "yesterday"}})
        return
    with closing(sqlite3.connect("support.db")) as connection, connection:
        change = "UPDATE documents SET body = json_set(body, '$.at', 'yesterday') WHERE id = ?"
        connection.execute(change, (name,))
