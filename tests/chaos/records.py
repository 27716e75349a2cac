"""What somebody was told: a line is on the disk before anything else is done."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class Records:
    """A file of JSON lines that many processes may add to."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, said: Mapping[str, Any]) -> None:
        """Add a line, in one write, and wait for the disk."""
        opened = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(opened, f"{json.dumps(said)}\n".encode())
            os.fsync(opened)
        finally:
            os.close(opened)

    def read(self) -> list[dict[str, Any]]:
        """Read every line."""
        if not self._path.exists():
            return []
        return [json.loads(line) for line in self._path.read_text().splitlines()]
