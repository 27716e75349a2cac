"""The folder that a command is called in brings no code of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

COMMAND = """
import sys
from support_cli.cli.main import main
if __name__ == "__main__":
    sys.exit(main())
"""


def test_the_processes_of_a_batch_import_nothing_from_the_folder(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "support").write_text(COMMAND)
    for name in ("multiprocessing", "threading", "typer"):
        Path(f"{name}.py").write_text('open("owned", "w").write("x")\n')
    Path("q.jsonl").write_text('{"text": "hello"}\n' * 2)
    command = [sys.executable, str(tmp_path / "bin" / "support"), "submit", "--batch", "q.jsonl"]
    ran = subprocess.run(
        [*command, "--jobs", "16"], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ran.returncode, Path("owned").exists()) == (0, False), ran.stderr
