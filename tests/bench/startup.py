"""How long `admin list` and `status` take, as whole processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figure import Figure, milliseconds, paired

_TIMES = 15
# What any program with the same libraries must do to print a row of the same file. `rich` itself is
# an empty package; its console and its table are what a list is printed with.
_LEAST = """
import sqlite3, sys, typer, rich.console, rich.table
connection = sqlite3.connect(sys.argv[1])
print(connection.execute("SELECT id FROM documents LIMIT 1").fetchone())
"""


def figures() -> Iterator[Figure]:
    """Compare both commands with a process that imports typer, rich and the driver."""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "SUPPORT_HOME": folder, "HOME": folder}
        env.pop("MONGODB_URI", None)
        asked = _run(env, "-m", "support_cli", "submit", "--detach", "--human", "Hello?", "--json")
        ticket = json.loads(asked)["ticket"]["id"]
        least = ("-c", _LEAST, str(Path(folder) / "support.db"))
        for words in (("admin", "list"), ("status", ticket)):
            command = ("-m", "support_cli", *words)
            ours, theirs = paired(
                lambda command=command: _run(env, *command),  # type: ignore[misc]
                lambda: _run(env, *least),
                _TIMES,
            )
            name = f"`support {' '.join(words[:2]) if words[0] == 'admin' else words[0]}`"
            made_of = f"{milliseconds(ours)} / {milliseconds(theirs)}: typer, rich, driver, query"
            yield Figure(f"{name}, whole process", ours / theirs, "≤ 1.5", made_of)


def _run(env: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words], env=env, capture_output=True, text=True, check=True
    )
    return done.stdout
