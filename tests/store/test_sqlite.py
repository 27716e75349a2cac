"""The SQLite file: who may read it, what it says when it cannot be used, how it is searched."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from support_cli.domain.ticket import Ticket
from support_cli.errors import StoreError, StoreReadOnly, StoreTooNew, StoreUnavailable
from support_cli.services.ports import Key
from support_cli.store import listing, sqlite_file
from support_cli.store.sqlite import SqliteDocuments, connect, select
from support_cli.store.sqlite_errors import BUSY_SECONDS, translated
from support_cli.store.sqlite_file import begin

NOBODY = 65534
KEY = Key("k", ticket="AAAA-0001")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the path of a store that holds one key."""
    path = tmp_path / "support.db"
    with SqliteDocuments(path) as documents:
        documents.insert(KEY)
    return path


@pytest.fixture
def bound_folder() -> Iterator[Path]:
    """Give a folder, and be a user whom file modes bind, as they do not bind root."""
    folder, root = Path(tempfile.mkdtemp()), os.geteuid() == 0
    if root:
        os.chown(folder, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield folder
    finally:
        if root:
            os.setresuid(0, 0, 0)
        folder.chmod(0o700)
        shutil.rmtree(folder)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = tmp_path / "home" / "data" / "support.db"
        with SqliteDocuments(path) as documents:
            documents.insert(KEY)
            made = {each.name: mode(each) for each in path.parent.iterdir()}
    finally:
        os.umask(before)
    names = ["support.db", "support.db-shm", "support.db-wal", "support.db.lock"]
    assert made == dict.fromkeys(names, 0o600)
    assert [mode(path.parent), mode(path.parent.parent)] == [0o700, 0o700]


def test_an_odd_path_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a?mode=memory&b#c %41" / "support.db"
    with SqliteDocuments(path) as documents:
        documents.insert(KEY)
    assert path.stat().st_size > 0


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    path = tmp_path / "support.db"
    path.touch()
    with SqliteDocuments(path) as documents:
        assert documents.insert(KEY)


def test_a_store_of_a_newer_version_is_left_alone(path: Path) -> None:
    with closing(connect(path)) as connection, connection:
        connection.execute("UPDATE meta SET value = 2 WHERE name = 'schema'")
    with pytest.raises(StoreTooNew, match=r"schema version 2; this program knows 1"):
        SqliteDocuments(path)


@pytest.mark.parametrize("content", [b"no database " * 500, b"x"])
def test_a_file_that_is_no_database_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "support.db"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"support\.db is not a store of support"):
        SqliteDocuments(path)


def test_somebody_elses_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "support.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE photos (name TEXT)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="is not a store of support"):
        SqliteDocuments(path)
    assert path.read_bytes() == before


def test_a_damaged_file_is_named(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))
    with pytest.raises(StoreError, match="is damaged"), SqliteDocuments(path) as documents:
        documents.get(Key, "k")


def test_a_file_that_may_not_be_written_can_be_read(bound_folder: Path) -> None:
    path = bound_folder / "support.db"
    with SqliteDocuments(path) as documents:
        documents.insert(KEY)
    path.chmod(0o400)
    with SqliteDocuments(path) as documents, SqliteDocuments(path) as other:
        assert documents.get(Key, "k") is not None
        assert other.get(Key, "k") is not None
        with pytest.raises(StoreReadOnly, match="cannot be written"):
            documents.insert(Key("l", ticket=""))


def test_a_folder_that_may_not_be_written_can_be_read(bound_folder: Path) -> None:
    path = bound_folder / "support.db"
    with SqliteDocuments(path) as documents:
        documents.insert(KEY)
    bound_folder.chmod(0o500)
    with SqliteDocuments(path) as documents:
        assert documents.get(Key, "k") is not None
        with pytest.raises(StoreReadOnly, match="cannot be written"):
            documents.insert(Key("l", ticket=""))


def test_a_store_cannot_be_made_where_nothing_may_be_written(bound_folder: Path) -> None:
    bound_folder.chmod(0o500)
    for path in (bound_folder / "support.db", bound_folder / "home" / "support.db"):
        with pytest.raises(StoreReadOnly, match="cannot be made") as caught:
            SqliteDocuments(path)
        assert caught.value.hint == "set SUPPORT_HOME to a folder of yours"


def test_a_file_that_may_not_be_read_is_named(bound_folder: Path) -> None:
    path = bound_folder / "support.db"
    SqliteDocuments(path).close()
    path.chmod(0)
    with pytest.raises(StoreUnavailable, match="cannot be opened"):
        SqliteDocuments(path)


def test_a_full_disk_is_said(path: Path) -> None:
    with closing(connect(path)) as connection:
        connection.execute("PRAGMA max_page_count = 1")
        with pytest.raises(StoreError, match="is full"), translated(path):
            connection.execute("CREATE TABLE more (name TEXT)")


def test_a_file_that_stays_locked_is_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_file, "BUSY_SECONDS", 0)
    with closing(connect(path)) as holder, closing(connect(path)) as other:
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="locked"), translated(path):
            begin(other)


def test_a_writer_waits_for_another(path: Path) -> None:
    with (
        closing(connect(path)) as holder,
        closing(connect(path)) as other,
        ThreadPoolExecutor(1) as pool,
    ):
        begin(holder)
        waiting = pool.submit(begin, other)
        assert wait([waiting], timeout=0.05).not_done
        holder.commit()
        waiting.result()
        assert other.in_transaction
        assert other.execute("PRAGMA busy_timeout").fetchone() == (BUSY_SECONDS * 1000,)


def test_a_bug_is_no_store_error(path: Path) -> None:
    with pytest.raises(sqlite3.ProgrammingError), translated(path):
        raise sqlite3.ProgrammingError("Cannot operate on a closed database.")


def test_one_store_serves_many_threads(path: Path) -> None:
    with SqliteDocuments(path) as documents, ThreadPoolExecutor(8) as pool:
        made = pool.map(lambda n: documents.insert(Key(str(n % 50), ticket="")), range(200))
        assert sum(made) == 50


def test_a_connection_beside_the_documents_is_set_up_alike(path: Path) -> None:
    with closing(connect(path)) as connection:
        pragmas = ("journal_mode", "synchronous", "busy_timeout")
        told = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas]
        assert told == ["wal", 2, 60_000]
        assert connection.isolation_level == "IMMEDIATE"


PLACE = listing.write_cursor(listing.Place("2026", "A"))


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize(
    "how",
    [
        {},
        {"where": {"status": "waiting"}},
        {"where": {"status": "waiting", "kinds": "question", "customer": "ann"}},
        {"after": PLACE},
        {"until": datetime(2026, 1, 1, tzinfo=UTC), "after": PLACE},
    ],
)
def test_every_list_is_read_from_the_index_in_order(
    path: Path, how: Mapping[str, Any], descending: bool
) -> None:
    asked = {"where": {}, "until": None, "after": None, **how}
    statement, bound = select(listing.query(Ticket, ["id"], **asked), descending, 51)
    with closing(connect(path)) as connection:
        rows = connection.execute(f"EXPLAIN QUERY PLAN {statement}", bound)
        plan = [row[3] for row in rows]
    assert len(plan) == 2
    assert plan[0].startswith("SEARCH facets USING PRIMARY KEY (kind=? AND key=?")
    assert plan[1].startswith("SEARCH documents USING INDEX")
    assert ("sort" in plan[0]) == ("after" in how or "until" in how)


def test_the_doctor_finds_a_new_store_well(tmp_path: Path) -> None:
    with SqliteDocuments(tmp_path / "home" / "support.db") as documents:
        checks = documents.checks()
    assert [check.name for check in checks] == [
        "store",
        "schema",
        "indexes",
        "integrity",
        "permissions",
        "disk",
    ]
    assert all(check.ok for check in checks)
    assert "journal wal" in checks[0].detail


def test_the_doctor_sees_a_file_that_others_can_read(path: Path) -> None:
    path.chmod(0o644)
    with SqliteDocuments(path) as documents:
        (found,) = (check for check in documents.checks() if not check.ok)
    assert found.name == "permissions"
    assert f"chmod 600 {path}" in (found.remedy or "")
