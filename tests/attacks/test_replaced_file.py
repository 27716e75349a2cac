"""A SQLite file that was deleted or replaced takes nothing more: what is there now is the store."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from support_cli import settings
from support_cli.domain.trail import Actor
from support_cli.errors import ReplyLost, StoreUnavailable
from support_cli.services.ports import Key
from support_cli.store.sqlite import SqliteDocuments
from support_cli.store.sqlite_file import begin
from support_cli.wiring import Desk, open_desk

ANN = Actor("ann", "ann@home")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a store's path, beside which there is a backup that knows of the key `kept`."""
    path = tmp_path / "support.db"
    with SqliteDocuments(path) as documents:
        documents.insert(Key("kept", "AAAA-0001"))
    shutil.copy(path, tmp_path / "backup.db")
    return path


@pytest.fixture
def documents(path: Path) -> Iterator[SqliteDocuments]:
    """Give the store as a worker holds it open, with the key `new` in its log."""
    with SqliteDocuments(path) as opened:
        opened.insert(Key("new", "AAAA-0002"))
        yield opened


def restore(path: Path) -> None:
    """Put the backup in the store's place, as `mv` does it: the old log stays."""
    shutil.copy(path.with_name("backup.db"), path.with_name("copy.db"))
    path.with_name("copy.db").replace(path)


def names(path: Path) -> set[str]:
    """Name the keys in a file."""
    with closing(sqlite3.connect(path)) as connection:
        return {name for (name,) in connection.execute("SELECT id FROM documents")}


def test_nothing_is_read_from_a_file_that_was_replaced(
    documents: SqliteDocuments, path: Path
) -> None:
    restore(path)
    assert documents.get(Key, "new") is None
    assert documents.get(Key, "kept") is not None


def test_nothing_is_written_to_a_file_that_was_replaced(
    documents: SqliteDocuments, path: Path
) -> None:
    restore(path)
    assert documents.insert(Key("later", "AAAA-0003"))
    assert names(path) == {"kept", "later"}


def test_the_old_log_is_not_played_into_a_restored_file(
    documents: SqliteDocuments, path: Path
) -> None:
    restore(path)
    documents.insert(Key("later", "AAAA-0003"))
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_nothing_of_the_old_log_is_left_where_a_backup_is_restored_as_the_manual_says(
    documents: SqliteDocuments, path: Path
) -> None:
    """A backup by VACUUM INTO has what was still in the log, and nothing of what came later."""
    with closing(sqlite3.connect(path)) as connection:
        path.with_name("backup.db").unlink()
        connection.execute(f"VACUUM INTO '{path.with_name('backup.db')}'")
    documents.insert(Key("later", "AAAA-0003"))
    restore(path)
    for suffix in ("-wal", "-shm"):
        path.with_name(f"{path.name}{suffix}").unlink()
    with SqliteDocuments(path) as fresh:
        assert fresh.get(Key, "later") is None
    assert names(path) == {"kept", "new"}


def test_a_write_that_fell_into_a_replaced_file_is_not_acknowledged(
    documents: SqliteDocuments, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is replaced between the look at it and the end of the write."""

    def begin_late(connection: sqlite3.Connection) -> None:
        restore(path)
        begin(connection)

    monkeypatch.setattr("support_cli.store.sqlite.begin", begin_late)
    with pytest.raises(ReplyLost, match="replaced while it was written"):
        documents.insert(Key("later", "AAAA-0003"))


def test_a_deleted_file_is_missed_and_not_made_anew(documents: SqliteDocuments, path: Path) -> None:
    path.unlink()
    with pytest.raises(StoreUnavailable, match="was deleted or replaced"):
        documents.insert(Key("later", "AAAA-0003"))
    assert not path.exists()


def test_a_file_that_was_moved_away_and_back_is_used_again(
    documents: SqliteDocuments, path: Path
) -> None:
    away = path.parent.with_name("away")
    path.parent.rename(away)
    with pytest.raises(StoreUnavailable):
        documents.get(Key, "new")
    away.rename(path.parent)
    assert documents.get(Key, "new") is not None


def test_a_half_copied_backup_is_not_the_end(documents: SqliteDocuments, path: Path) -> None:
    path.unlink()
    path.write_bytes(path.with_name("backup.db").read_bytes()[:5000])
    with pytest.raises(Exception, match=r"damaged|not a store"):
        documents.get(Key, "kept")
    path.unlink()
    restore(path)
    assert documents.get(Key, "kept") is not None


def test_a_new_file_takes_no_log_of_a_deleted_one(path: Path) -> None:
    with SqliteDocuments(path) as killed:
        killed.insert(Key("new", "AAAA-0002"))
        path.unlink()
        with SqliteDocuments(path) as fresh:
            assert fresh.get(Key, "kept") is None
            assert fresh.insert(Key("first", "AAAA-0001"))
    assert names(path) == {"first"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give a desk with its agent, as a worker holds it open."""
    with open_desk(settings.load({"SUPPORT_HOME": str(tmp_path)}, tmp_path / "no.env")) as opened:
        opened.runs.run(opened.tickets.submit(ANN, "hello", human=True).id)
        yield opened


def test_the_agents_states_go_to_the_file_that_is_there(desk: Desk, tmp_path: Path) -> None:
    """A run after the backup came in is saved beside its ticket."""
    path = tmp_path / "support.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"VACUUM INTO '{tmp_path / 'backup.db'}'")
    restore(path)
    ticket = desk.tickets.submit(ANN, "hello again", human=True).id
    assert desk.runs.run(ticket).status == "waiting"
    with closing(sqlite3.connect(path)) as connection:
        saved = connection.execute("SELECT DISTINCT thread_id FROM checkpoints").fetchall()
    assert (ticket,) in saved
