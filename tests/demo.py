"""The main job, played with real processes on a throwaway store: `make demo`.

Every command is printed as a person would type it, so that the demo teaches the tool.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ARTICLES = Path(__file__).resolve().parent.parent / "support_cli" / "data" / "articles"
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TERM", "NO_COLOR", "COLUMNS")


class Shell:
    """One person's shell: it echoes each command, then runs it."""

    def __init__(self, who: str, home: Path) -> None:
        self._who = who
        self._home = home
        self._environment = {
            **{name: os.environ[name] for name in _PASSED_ON if name in os.environ},
            "HOME": str(home),
            "SUPPORT_HOME": str(home),
            "SUPPORT_CUSTOMER": who,
            "SUPPORT_ADMIN": who,
        }

    def run(self, *command: str) -> None:
        """Echo and run a command; the demo ends where one fails."""
        print(f"\n{self._who}$ {shlex.join(command)}", flush=True)
        subprocess.run(command, env=self._environment, cwd=self._home, check=True)

    def ask(self, *command: str) -> dict[str, object]:
        """Run a command quietly for its JSON, to learn an id that a person would read above."""
        done = subprocess.run(
            command, env=self._environment, cwd=self._home, check=True, capture_output=True
        )
        told: dict[str, object] = json.loads(done.stdout)
        return told


def say(text: str) -> None:
    """Print what happens next."""
    print(f"\n# {text}", flush=True)


def newest(shell: Shell) -> str:
    """Return the id of the customer's newest ticket."""
    tickets = shell.ask("support", "list", "--json")["tickets"]
    assert isinstance(tickets, list)
    return str(tickets[0]["id"])


def play(home: Path) -> None:
    """Play a question that the agent answers, and one that a person must."""
    ann, bob = Shell("ann", home), Shell("bob", home)
    say("An admin gives the agent some articles to answer from.")
    shutil.copytree(ARTICLES, home / "articles")
    bob.run("support", "admin", "knowledge", "add", "articles")
    say("A customer asks what an article answers: the agent replies at once.")
    ann.run("support", "submit", "How do I reset my password?")
    say("A customer asks what no article answers: the ticket waits for a person.")
    ann.run("support", "submit", "How do I configure SSL certificates for nginx?")
    ticket = newest(ann)
    ann.run("support", "status", ticket)
    say("In another shell, an admin sees what waits, and why.")
    bob.run("support", "admin", "list")
    bob.run("support", "admin", "show", ticket)
    say("The admin answers; the agent goes on from where it stopped.")
    answer = "Point ssl_certificate and ssl_certificate_key at your files, then reload nginx."
    bob.run("support", "admin", "resume", ticket, "--answer", answer)
    say("The customer reads the reply.")
    ann.run("support", "history", ticket)


def play_orders(home: Path) -> None:
    """Play a refund that goes through at once, and one that asks."""
    ada, bob = Shell("ada", home), Shell("bob", home)
    say("The desk also does things. Here are some orders to do them to.")
    bob.run("support", "admin", "orders", "import", "--sample")
    say("A small refund is routine: policy allows it.")
    ada.run("support", "submit", "refund ORD-1042, it arrived broken")
    say("A larger one waits for a manager, who sees the arguments, the facts and the rule.")
    ada.run("support", "submit", "refund ORD-1043, it arrived broken")
    ticket = newest(ada)
    bob.run("support", "admin", "show", ticket)
    say("The manager allows less. The decision is bound to what was shown, and paid once.")
    shown = bob.ask("support", "admin", "show", ticket, "--json")
    seen = shown["ticket"]["requests"][0]["fingerprint"]  # type: ignore[index]
    edit = ("--edit", '{"amount": "100.00"}', "--if-match", str(seen))
    bob.run("support", "admin", "resume", ticket, *edit)
    bob.run("support", "admin", "orders", "show", "ORD-1043")


def main() -> int:
    """Play the demo in a folder of its own, which is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="support-demo-") as folder:
        play(Path(folder))
        play_orders(Path(folder))
    say("That was all of it. Everything was in a throwaway folder; try it yourself: support -h")
    return 0


if __name__ == "__main__":
    sys.exit(main())
