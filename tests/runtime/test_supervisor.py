"""A supervisor owns its command: its time, all that it starts, what it prints, and how it ended."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from support_cli.domain.command import CommandEnd
from support_cli.domain.effect import ActionFailed, DidNotHappen
from support_cli.runtime import commands as commands_
from support_cli.runtime import supervisor
from support_cli.runtime.commands import SupervisedCommands
from tests.runtime import dying
from tests.runtime.conftest import ATTEMPT, EFFECT, Act, python

# Starts a process that leaves the session and the pipe's readers waiting, and holds a lock.
HOLDER = """
import fcntl, os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        file = open(sys.argv[1], 'w')
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write('held'); file.flush()
        time.sleep(600)
    os._exit(0)
while not os.path.getsize(sys.argv[1]):
    time.sleep(0.01)
"""
linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a new session escapes")


def is_free(path: Path) -> bool:
    """Tell whether nobody who held a file's lock is alive."""
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def test_the_end_of_a_command_is_what_it_printed_and_its_exit_code(act: Act) -> None:
    assert act("print('hello'); raise SystemExit(3)") == CommandEnd(exit_code=3, output="hello\n")


def test_a_command_that_a_signal_ended_says_which(act: Act) -> None:
    end = act("import os, signal; os.kill(os.getpid(), signal.SIGTERM)")
    assert end.exit_code == -signal.SIGTERM


@linux
@pytest.mark.parametrize("then", ["time.sleep(600)", "print('done')"])
def test_what_left_the_session_dies_with_its_command(act: Act, tmp_path: Path, then: str) -> None:
    held = tmp_path / "held"
    held.touch()
    end = act(HOLDER + then, str(held), timeout=2)
    assert end.timed_out is (then != "print('done')")
    assert (held.read_text(), is_free(held)) == ("held", True)


def test_output_that_goes_on_for_ever_ends_at_the_timeout(act: Act) -> None:
    end = act("import os\nwhile True: os.write(1, b'more ' * 9999)", timeout=1)
    assert (end.timed_out, end.cut) == (True, True)
    assert 0 < len(end.output) <= supervisor.KEPT


@linux
def test_much_output_costs_little_memory(act: Act) -> None:
    code = """
import os
for n in range(3000): os.write(1, b'x' * 100_000)
print(open(f'/proc/{os.getppid()}/status').read())
"""
    told = dict(line.split(":", 1) for line in act(code).output.splitlines() if ":" in line)
    assert int(told["VmHWM"].split()[0]) < 40 * 1024  # KiB at the most, for 300 MB of output


def test_a_command_hears_none_of_the_signals_that_its_supervisor_is_deaf_to(act: Act) -> None:
    code = """
import os, signal
print([signal.getsignal(n) is signal.SIG_DFL for n in (signal.SIGTERM, signal.SIGHUP)])
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    os.kill(os.getppid(), number)
"""
    assert act(code) == CommandEnd(exit_code=0, output="[True, True]\n")


KILLER = """
import fcntl, os, signal, sys, time
file = open(sys.argv[1], 'w'); fcntl.flock(file, fcntl.LOCK_EX)
while os.fork():
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(600)
time.sleep(600)
"""


@linux
def test_a_command_and_all_it_started_die_with_their_supervisor(act: Act, tmp_path: Path) -> None:
    held = tmp_path / "held"
    held.touch()
    with pytest.raises(Exception, match="Its supervisor died"):
        act(KILLER, str(held))
    assert is_free(held)


@linux
def test_a_supervisor_goes_on_where_the_process_that_watches_it_was_killed(act: Act) -> None:
    code = """
import os, signal
fields = open(f'/proc/{os.getppid()}/stat').read().rpartition(')')[2].split()
os.kill(int(fields[1]), signal.SIGKILL)
print('paid')
"""
    assert act(code) == CommandEnd(exit_code=0, output="paid\n")


def test_an_end_that_finds_no_folder_is_told_to_the_runner(act: Act, tmp_path: Path) -> None:
    end = act(f"import shutil; shutil.rmtree({str(tmp_path / 'ends')!r}); print('paid')")
    assert end == CommandEnd(exit_code=0, output="paid\n")


def test_a_command_that_cannot_be_started_was_not(commands: SupervisedCommands) -> None:
    command = python("")
    for word in ("no-such-program", "/"):
        end = commands.run(type(command)((word,), {}, command.timeout), EFFECT, ATTEMPT + word[:1])
        assert end.problem is not None
        assert word in end.problem


def test_a_command_is_not_started_where_its_end_could_not_be_kept(act: Act, tmp_path: Path) -> None:
    (tmp_path / "ends").mkdir(mode=0o700)
    (tmp_path / "ends").chmod(0o770)
    with pytest.raises(DidNotHappen, match="not this user's alone"):
        act(f"open({str(tmp_path / 'ran')!r}, 'w')")
    assert not (tmp_path / "ran").exists()


def test_a_supervisor_that_comes_too_late_starts_nothing(tmp_path: Path) -> None:
    (tmp_path / "ends").mkdir(mode=0o700)
    ran = tmp_path / "ran"
    told = (
        f'{{"folder": "{tmp_path}/ends", "name": "n", "effect": "e", "attempt": "a",'
        f'"command": ["touch", "{ran}"], "environment": {{}}, "timeout": 5, "begin_by": 0}}'
    )
    command = [sys.executable, "-I", "-S", supervisor.__file__]
    done = subprocess.run(command, input=told.encode(), capture_output=True, check=True)
    assert b"could not be started in time" in done.stdout
    assert not ran.exists()


@pytest.mark.parametrize("told", [b"", b"{", b"[]", b'{"folder": "/nowhere"}'])
def test_a_supervisor_that_was_told_half_starts_nothing(told: bytes) -> None:
    command = [sys.executable, "-I", "-S", supervisor.__file__]
    done = subprocess.run(command, input=told, capture_output=True, check=False)
    assert done.returncode == supervisor.NOTHING_DONE


def test_ends_are_this_users_alone(act: Act, commands: SupervisedCommands, tmp_path: Path) -> None:
    act("print('secret')")
    (end,) = (tmp_path / "ends").iterdir()
    assert (end.stat().st_mode & 0o777, end.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert list(commands.ends()) == [(EFFECT, ATTEMPT)]
    commands.forget(EFFECT, ATTEMPT)
    assert list(commands.ends()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_another_users_word_is_no_end(
    act: Act, commands: SupervisedCommands, tmp_path: Path
) -> None:
    act("")
    (end,) = (tmp_path / "ends").iterdir()
    os.chown(end, 1, 1)
    assert commands.end_of(EFFECT, ATTEMPT) is None


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("step", dying.STEPS)
def test_a_supervisor_may_die_at_any_step(
    commands: SupervisedCommands,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    before: bool,
) -> None:
    script = dying.script(tmp_path, supervisor.__file__, step, before=before)
    monkeypatch.setattr(commands_, "_SCRIPT", script)
    ran = tmp_path / "ran"
    with pytest.raises(ActionFailed, match="Its supervisor died"):
        commands.run(python(f"open({str(ran)!r}, 'a').write('x')"), EFFECT, ATTEMPT)
    end, kept = commands.end_of(EFFECT, ATTEMPT), (step, before) == ("_finish", False)
    assert (end is not None) is kept
    assert not commands.acts(EFFECT, ATTEMPT)
    if kept:
        assert ran.read_text() == "x"
