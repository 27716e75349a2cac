"""Own one command for the desk: start it, bound it, and keep how it ended.

A script of its own, started as `python -I -S`, with nothing of the desk in it: it must outlive the
process that asked for it, whatever happens to that one. It reads one JSON object from stdin, starts
the command only once it is certain to be able to write down its end, kills it at the timeout with
everything it started, and puts the end into a file. No process outlives it: what the command leaves
in the background is killed as the command ends, and on Linux all of it dies with the supervisor.

That one is two processes. The inner one does the work; the outer one waits for it, and where it was
killed, inherits and kills what it left. The inner one goes on where the outer one was killed.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import select
import signal
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

NOTHING_DONE = 3  # the exit code of a supervisor that certainly started nothing
ROOM = 64 * 1024  # bytes kept free for the end, before the command is started
NAMES = ("effect", "attempt")  # what an end is bound to
KEPT = 4000  # characters of the end of the output
_RING = 4 * KEPT  # bytes: a character has at most four
_CHUNK = 64 * 1024
_DRAIN = 1024 * 1024  # bytes that are still read once the command has ended: what a pipe holds
_STUBBORN = 5.0  # seconds for what cannot be killed, such as a child that became another user
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_DEAF = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_RESTORED = (*_DEAF, signal.SIGPIPE, signal.SIGXFSZ, signal.SIGCHLD)


class Output:
    """The read end of the command's output, of which only the last part is kept."""

    def __init__(self, fd: int) -> None:
        os.set_blocking(fd, False)
        self.fd: int | None = fd
        self.kept = bytearray()
        self.read = 0

    def take(self) -> bool:
        """Read what is there; False where there is nothing more."""
        if self.fd is None:
            return False
        try:
            chunk = os.read(self.fd, _CHUNK)
        except BlockingIOError:
            return False
        if not chunk:
            self.close()
        self.kept += chunk
        self.read += len(chunk)
        del self.kept[:-_RING]
        return bool(chunk)

    def drain(self) -> None:
        """Read what a command that has ended left in the pipe, be it held open or not."""
        until = self.read + _DRAIN
        while self.read < until and self.take():
            pass
        self.close()

    def close(self) -> None:
        """Close the pipe."""
        if self.fd is not None:
            os.close(self.fd)
            self.fd = None


def main() -> int:
    """Do what stdin says."""
    for number in _DEAF:
        signal.signal(number, signal.SIG_IGN)
    tree = sys.platform == "linux" and _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    try:
        told = json.load(sys.stdin.buffer)
        folder = _folder(told["folder"])
        begun = _begin(folder, told)  # its lock is held until both processes are gone
        inner = os.fork()
    except (OSError, ValueError, KeyError, TypeError):
        return NOTHING_DONE
    if inner == 0:
        with suppress(Exception):
            _own(told, folder, begun)
        os._exit(0)
    _, status = os.waitpid(inner, 0)
    _end_all(inner, status, tree=tree)
    return 0


def _own(told: dict[str, Any], folder: int, begun: int) -> None:
    """Run the command, and tell its end to the folder and to whoever asked for it."""
    os.setsid()  # so that a signal to one group leaves one of the two processes
    if time.monotonic() > told["begin_by"]:
        end: dict[str, Any] = {"problem": "it could not be started in time"}
    else:
        end = _supervised(told["command"], told["environment"], told["timeout"])
    end |= {name: told[name] for name in NAMES} | {"ended_at": datetime.now(UTC).isoformat()}
    with suppress(OSError):  # whoever asked for it may still hear of it
        _finish(folder, begun, told["name"], end)
    with suppress(BrokenPipeError):  # whoever asked for it may be gone
        os.write(sys.stdout.fileno(), json.dumps(end).encode())


def _folder(path: str) -> int:
    """Open the folder for ends; it must be ours alone, and no link."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    found = os.fstat(folder)
    if found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise PermissionError(path)
    return folder


def _begin(folder: int, told: dict[str, Any]) -> int:
    """Write a file with room for the end, and hold its lock: it says that this process lives."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    begun = os.open(f"{told['name']}.begun", flags, 0o600, dir_fd=folder)
    fcntl.flock(begun, fcntl.LOCK_EX)
    names = json.dumps({name: told[name] for name in NAMES}).encode()
    if os.write(begun, names.ljust(ROOM)) != ROOM:
        raise OSError("no room")
    os.fsync(begun)
    os.fsync(folder)
    return begun


def _finish(folder: int, begun: int, name: str, end: dict[str, Any]) -> None:
    """Put the end into the file, in the room it has, and give it the name it is looked for by."""
    text = json.dumps(end).encode()
    os.pwrite(begun, text, 0)
    os.ftruncate(begun, len(text))
    os.fsync(begun)
    os.rename(f"{name}.begun", f"{name}.json", src_dir_fd=folder, dst_dir_fd=folder)
    os.fsync(folder)


def _supervised(command: list[str], environment: dict[str, str], timeout: float) -> dict[str, Any]:
    """Run the command to its end or its timeout, and say how it ended."""
    tree = sys.platform == "linux" and _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    woken = _wake_on_child()
    reader, writer = os.pipe()
    output = Output(reader)
    started = time.monotonic()
    try:
        pid = _start(command, environment, writer)
    except OSError as error:
        return {"problem": f"{command[0]} cannot be started: {error.strerror}"}
    os.close(writer)
    status = _watch(pid, output, woken, started + timeout)
    timed_out = status is None
    if not timed_out:
        output.drain()
    status = _end_all(pid, status, tree=tree)
    output.drain()
    return {
        "exit_code": None if status is None else os.waitstatus_to_exitcode(status),
        "output": output.kept.decode(errors="replace")[-KEPT:],
        "cut": output.read > len(output.kept) or len(output.kept) > KEPT,
        "timed_out": timed_out,
    }


def _prctl(option: int, value: int) -> bool:
    try:
        import ctypes

        prctl = ctypes.CDLL(None).prctl
        return not prctl(ctypes.c_int(option), *map(ctypes.c_ulong, (value, 0, 0, 0)))
    except (ImportError, OSError, AttributeError):
        return False


def _wake_on_child() -> int:
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    return reader


def _start(command: list[str], environment: dict[str, str], out: int) -> int:
    """Start the command in a session of its own. Raises OSError where it does not run."""
    failed, fails = os.pipe()  # closed by a successful exec
    supervisor = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            _become(command, environment, out, supervisor)
        except OSError as error:
            os.write(fails, str(error.errno or errno.EIO).encode())
        finally:
            os._exit(127)
    os.close(fails)
    problem = os.read(failed, _CHUNK)
    os.close(failed)
    if problem:
        os.waitpid(pid, 0)
        raise OSError(int(problem), os.strerror(int(problem)))
    return pid


def _become(command: list[str], environment: dict[str, str], out: int, supervisor: int) -> None:
    os.setsid()
    if sys.platform == "linux":
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != supervisor:  # it died before this process would have died with it
        os._exit(127)
    for number in _RESTORED:
        signal.signal(number, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.execvpe(command[0], command, environment)  # noqa: S606 (an operator's list, no shell)


def _watch(pid: int, output: Output, woken: int, deadline: float) -> int | None:
    """Read the output until the command ends; its status, or None at the deadline."""
    while True:
        status, _ = _reap(pid)
        left = deadline - time.monotonic()
        if status is not None or left <= 0:
            return status
        readers = [woken] if output.fd is None else [woken, output.fd]
        ready, _, _ = select.select(readers, [], [], left)
        if output.fd in ready:
            output.take()
        if woken in ready:
            with suppress(BlockingIOError):
                os.read(woken, _CHUNK)


def _reap(pid: int) -> tuple[int | None, bool]:
    """Bury every child that has died.

    Returns the status of this one, where it is among them, and whether others live.
    """
    found = None
    while True:
        try:
            dead, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return found, False
        if not dead:
            return found, True
        found = status if dead == pid else found


def _end_all(pid: int, status: int | None, *, tree: bool) -> int | None:
    """Kill until there is no child: a subreaper inherits whoever loses their parent."""
    until = time.monotonic() + _STUBBORN
    while True:
        for child in _children() if tree else ():
            with suppress(ProcessLookupError, PermissionError):
                os.kill(child, signal.SIGKILL)
        if not tree:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
        found, others = _reap(pid)
        status = found if status is None else status
        # What became another user's cannot be killed; only for the command itself we wait on.
        if not others or (status is not None and time.monotonic() > until):
            return status
        time.sleep(0.01)


def _children() -> list[int]:
    own = str(os.getpid())
    found = []
    for name in os.listdir("/proc"):  # noqa: PTH208 (pathlib costs as much as all the rest)
        if name.isdigit():
            with suppress(OSError), open(f"/proc/{name}/stat", "rb") as file:  # noqa: PTH123
                fields = file.read().rpartition(b")")[2].split()
                if fields[1].decode() == own:
                    found.append(int(name))
    return found


if __name__ == "__main__":
    sys.exit(main())
