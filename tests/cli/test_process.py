"""What only a process of its own can show: signals, pipes, imports, tracebacks."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from werkzeug import Response

from tests.cli.conftest import Run
from tests.model_server import ModelServer, Says

SUPPORT = [sys.executable, "-m", "support_cli"]
HEAVY = {"langgraph", "langchain", "langchain_core", "openai", "pydantic", "pymongo"}


@pytest.mark.parametrize(
    "command",
    [
        ["admin", "list"],
        ["list"],
        ["list", "--json", "--limit", "3"],
        ["status", "ZZZZ-ZZZZ"],
        ["history", "ZZZZ-ZZZZ"],
        ["admin", "show", "ZZZZ-ZZZZ"],
        ["admin", "close", "ZZZZ-ZZZZ"],
        ["submit", "--detach", "--key", "k", "hello"],
        ["admin", "doctor"],
        ["admin", "knowledge", "list"],
        ["--help"],
    ],
)
def test_light_commands_load_nothing_heavy(command: list[str]) -> None:
    program = (
        "import json, sys; from support_cli.cli.main import main; main(sys.argv[1:]);"
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *command], capture_output=True, text=True, check=True
    )
    assert not HEAVY & set(json.loads(done.stdout.splitlines()[-1]))


def test_two_shells_on_both_databases(support: Run, store_target: Mapping[str, str]) -> None:
    ticket = support("submit", "How do I configure SSL?", "--json", **store_target).ticket
    assert ticket in support("admin", "list", **store_target).out
    answer = support("admin", "resume", ticket, "--answer", "Like this.", **store_target)
    assert answer.out == "Like this.\n"
    assert "Like this." in support("history", ticket, **store_target).out


def test_a_reader_who_goes_away_ends_nothing_but_the_output(support: Run) -> None:
    for _ in range(3):
        support("submit", "--detach", "x" * 60_000)
    shell = f"set -o pipefail; {' '.join(SUPPORT)} list --json | head -c 1; echo $?"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=True)
    assert done.stdout == "{0\n"
    assert done.stderr == ""


@pytest.mark.parametrize("closed", ["0<&-", "1>&-", "2>&-"])
def test_a_closed_stream_is_survived(support: Run, closed: str) -> None:
    shell = f"{' '.join(SUPPORT)} submit --detach hello {closed}"
    assert subprocess.run(["bash", "-c", shell], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_output_that_cannot_be_written_is_an_error(support: Run) -> None:
    support("submit", "--detach", "hello")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*SUPPORT, "list"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, done.stderr) == (1, "Error: No space left on device.\n")


def test_a_terminal_of_another_encoding_is_written_to(support: Run) -> None:
    support("submit", "--detach", "Zażółć 日本")
    ran = support("list", PYTHONIOENCODING="ascii")
    assert (ran.code, ran.err) == (0, "")
    assert "Za\\u017c" in ran.out


def test_stdin_without_an_end_is_not_read_to_its_end() -> None:
    with subprocess.Popen(["yes"], stdout=subprocess.PIPE) as endless:
        done = subprocess.run(
            [*SUPPORT, "submit", "-"], stdin=endless.stdout, capture_output=True, check=False
        )
        endless.kill()
    assert done.returncode == 2


def test_a_terminated_worker_finishes_and_says_143() -> None:
    worker = subprocess.Popen([*SUPPORT, "worker"], stderr=subprocess.PIPE, text=True)
    assert worker.stderr is not None
    assert "Ctrl-C ends" in worker.stderr.readline()
    worker.terminate()
    assert worker.wait(60) == 143
    assert worker.stderr.read() == ""
    worker.stderr.close()


@dataclass(frozen=True)
class Held:
    """An answer of the model that is held back until the test lets go."""

    asked: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def respond(self, streamed: bool, over: threading.Event) -> Response:
        self.asked.set()
        self.released.wait(60)
        return Says("In the end.").respond(streamed, over)


def test_a_terminated_worker_finishes_what_it_runs(support: Run) -> None:
    ticket = support("submit", "--detach", "hello", "--json").ticket
    model = Held()
    with ModelServer() as server:
        server.will(model)
        environment = os.environ | {"OPENAI_BASE_URL": server.url}
        worker = subprocess.Popen([*SUPPORT, "worker"], env=environment, stderr=subprocess.DEVNULL)
        assert model.asked.wait(60)
        worker.terminate()
        model.released.set()
        assert worker.wait(60) == 143
    assert support("wait", ticket).out == "In the end.\n"


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let processes be interrupted: what a shell starts in the background ignores Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("command", [["worker"], ["wait"]])
def test_an_interrupted_command_says_130(support: Run, command: list[str]) -> None:
    ticket = support("submit", "How do I configure SSL?", "--json").ticket
    target = [ticket] if command == ["wait"] else []
    process = subprocess.Popen([*SUPPORT, *command, *target], stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    assert "Ctrl-C" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    assert process.stderr.read() == ""
    process.stderr.close()


def test_a_killed_submit_leaves_a_ticket_that_a_worker_finishes(support: Run) -> None:
    process = subprocess.Popen([*SUPPORT, "submit", "hello"], stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    ticket = process.stderr.readline().split()[1]
    process.kill()
    process.wait()
    process.stderr.close()
    ran = support("worker", "--once", SUPPORT_LEASE="1s")
    assert ran.code == 0
    assert support("status", ticket, "--json").json["ticket"]["status"] in ("waiting", "answered")


def test_a_bug_is_a_sentence_and_with_debug_a_traceback(tmp_path: Path) -> None:
    program = (
        "import sys; from support_cli.cli.main import main\n"
        "def broken(settings): raise ZeroDivisionError('\\x1b[2J')\n"
        "sys.exit(main(sys.argv[1:], broken))"
    )

    def run(*args: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", program, *args]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    plain, debugged = run("list"), run("--debug", "list")
    assert plain.returncode == debugged.returncode == 1
    assert plain.stderr.startswith("Error: This is a bug in support: ZeroDivisionError: ␛[2J")
    assert "Traceback" not in plain.stderr
    assert "Traceback" in debugged.stderr
    assert "\x1b" not in plain.stderr + debugged.stderr


def test_warnings_of_libraries_do_not_reach_the_user(tmp_path: Path) -> None:
    program = (
        "import logging, sys, warnings; from support_cli.cli.main import main\n"
        "def warned(settings): warnings.warn('old'); logging.getLogger('x').error('loud'); 1/0\n"
        "main(sys.argv[1:], warned)"
    )
    command = [sys.executable, "-c", program, "list"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "old" not in done.stderr
    assert "loud" not in done.stderr


def test_the_shell_completes_commands_options_and_values(support: Run) -> None:
    def completed(line: str) -> str:
        return support(
            _SUPPORT_COMPLETE="complete_bash",
            COMP_WORDS=line,
            COMP_CWORD=str(len(line.split(" ")) - 1),
        ).out.strip()

    assert completed("support adm") == "admin"
    assert "--customer" in completed("support submit --cus")
    assert "waiting" in completed("support admin list --status wai")


def test_the_environment_names_the_people(support: Run) -> None:
    ran = support("submit", "--detach", "hello", "--json", SUPPORT_CUSTOMER="ana")
    assert ran.json["ticket"]["customer"] == "ana"
    assert os.environ.get("SUPPORT_CUSTOMER") is None
