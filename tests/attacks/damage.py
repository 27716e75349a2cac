"""Damage to a SQLite file, as a bad disk does it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path


def overwrite_page_of(path: Path, ticket: str) -> None:
    """Overwrite the page of the file that holds a ticket's document."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content = path.read_bytes()
    page = content.index(f'{{"id":"{ticket}"'.encode()) // size
    with path.open("r+b") as file:
        file.seek(page * size)
        file.write(b"\xff" * size)
