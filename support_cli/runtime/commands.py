"""Commands under a supervisor of their own, and the ends that supervisors leave on this host.

A supervisor writes `NAME.begun` before it starts its command and holds that file's lock as long as
it lives; the end is the same file under the name `NAME.json`. What does not look as a supervisor
leaves it (another owner, a link, a wider mode, another attempt inside) is taken for nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from support_cli.domain.command import Command, CommandEnd
from support_cli.domain.effect import ActionFailed, DidNotHappen, Evidence
from support_cli.runtime import supervisor

_SCRIPT = Path(supervisor.__file__)
_BEGIN_WITHIN = 4.0  # seconds; less than an effect's lease outlasts its timeout


class SupervisedCommands:
    """Runs commands that outlive this process, with their ends in a folder of this host's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def run(self, command: Command, effect: str, attempt: str) -> CommandEnd:
        """Run a command to its end, which is kept until it is forgotten.

        Raises:
            DidNotHappen: it certainly was not started. ActionFailed: its supervisor died.
        """
        told = {
            "folder": str(self._own_folder()),
            "name": _name(effect, attempt),
            "effect": effect,
            "attempt": attempt,
            "command": list(command.words),
            "environment": dict(command.environment),
            "timeout": command.timeout.total_seconds(),
            "begin_by": time.monotonic() + _BEGIN_WITHIN,
        }
        code, said = self._supervise(told)
        if code == supervisor.NOTHING_DONE:
            raise DidNotHappen("The command could not be put under supervision.")
        try:
            # Not from the file: another process may have written its end down already.
            return _told(json.loads(said))
        except ValueError as error:
            dead = Evidence(output="Its supervisor died, and the command with it.")
            raise ActionFailed(dead) from error

    def end_of(self, effect: str, attempt: str) -> CommandEnd | None:
        """Look for how an attempt ended here."""
        with self._private_folder() as folder:
            return None if folder is None else _end(folder, effect, attempt)

    def acts(self, effect: str, attempt: str) -> bool:
        """Tell whether an attempt's supervisor lives on this host."""
        with self._private_folder() as folder, suppress(OSError):
            if folder is None:
                return False
            with _opened(f"{_name(effect, attempt)}.begun", folder) as begun:
                try:
                    fcntl.flock(begun, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except BlockingIOError:
                    return True
        return False

    def ends(self) -> Iterator[tuple[str, str]]:
        """Name the effects and attempts whose ends are kept here."""
        with self._private_folder() as folder:
            for path in () if folder is None else self._folder.glob("*.json"):
                told = None if folder is None else _read(path.name, folder)
                if told is not None and path.stem == _name(told["effect"], told["attempt"]):
                    yield told["effect"], told["attempt"]

    def forget(self, effect: str, attempt: str) -> None:
        """Remove what is kept of an attempt, once the ledger has its end."""
        with self._private_folder() as folder:
            for ending in () if folder is None else ("json", "begun"):
                with suppress(OSError):
                    os.unlink(f"{_name(effect, attempt)}.{ending}", dir_fd=folder)

    def _supervise(self, told: Mapping[str, Any]) -> tuple[int, bytes]:
        try:
            process = subprocess.Popen(  # noqa: S603 (our own script)
                [sys.executable, "-I", "-S", "-X", "utf8", str(_SCRIPT)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=told["environment"],
                start_new_session=True,
            )
        except OSError as error:
            raise DidNotHappen("A supervisor for the command cannot be started.") from error
        said, _ = process.communicate(json.dumps(told).encode())
        return process.returncode, said

    def _own_folder(self) -> Path:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise DidNotHappen(f"The folder {self._folder} cannot be made.") from error
        with self._private_folder() as folder:
            if folder is None:
                raise DidNotHappen(f"The folder {self._folder} is not this user's alone (0700).")
        return self._folder.absolute()

    @contextmanager
    def _private_folder(self) -> Iterator[int | None]:
        """Open the folder, if it is this user's alone."""
        try:
            folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            yield None
            return
        try:
            yield folder if _is_private(os.fstat(folder)) else None
        finally:
            os.close(folder)


def _name(effect: str, attempt: str) -> str:
    text = f"{len(effect)}:{effect}{attempt}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:40]


def _is_private(found: os.stat_result) -> bool:
    return found.st_uid == os.geteuid() and not found.st_mode & 0o077


@contextmanager
def _opened(name: str, folder: int) -> Iterator[int]:
    # Not blocking: a pipe under this name would hold up whoever opens it.
    file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    try:
        yield file
    finally:
        os.close(file)


def _read(name: str, folder: int) -> dict[str, Any] | None:
    """Read what a supervisor of this user wrote under a name; None where it is anything else."""
    with suppress(OSError, ValueError, RecursionError), _opened(name, folder) as file:
        found = os.fstat(file)
        if _is_private(found) and stat.S_ISREG(found.st_mode) and found.st_nlink == 1:
            told = json.loads(os.read(file, supervisor.ROOM))
            if isinstance(told, dict) and _is_end(told):
                return told
    return None


def _is_end(told: Mapping[str, Any]) -> bool:
    """Tell whether something read has the types of what a supervisor writes."""
    names = all(isinstance(told.get(name), str) for name in supervisor.NAMES)
    code, problem = told.get("exit_code"), told.get("problem")
    codes = code is None or (isinstance(code, int) and not isinstance(code, bool))
    return names and codes and isinstance(problem, str | None)


def _end(folder: int, effect: str, attempt: str) -> CommandEnd | None:
    told = _read(f"{_name(effect, attempt)}.json", folder)
    if told is None or (told["effect"], told["attempt"]) != (effect, attempt):
        return None
    return _told(told)


def _told(told: Mapping[str, Any]) -> CommandEnd:
    return CommandEnd(
        problem=told.get("problem"),
        exit_code=told.get("exit_code"),
        output=str(told.get("output", "")),
        cut=bool(told.get("cut")),
        timed_out=bool(told.get("timed_out")),
    )
