"""A supervisor that dies at one step of its work: `dying.py` stands in the script's place."""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

STEPS = ("_folder", "_begin", "_start", "_watch", "_end_all", "_finish")


def script(folder: Path, real: str, step: str, *, before: bool) -> Path:
    """Write the script of a supervisor that dies before or after a step."""
    path = folder / "dying_supervisor.py"
    path.write_text(
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        f"import dying; dying.die({real!r}, {step!r}, {before!r})\n"
    )
    return path


def die(real: str, step: str, before: bool) -> None:
    """Be the supervisor of this file, until this step."""
    spec = importlib.util.spec_from_file_location("supervisor", real)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    setattr(module, step, _deadly(getattr(module, step), before=before))
    sys.exit(module.main())


def _deadly(call: Callable[..., Any], *, before: bool) -> Callable[..., Any]:
    def deadly(*args: Any, **options: Any) -> Any:
        if not before:
            call(*args, **options)
        os.kill(os.getpid(), signal.SIGKILL)

    return deadly
