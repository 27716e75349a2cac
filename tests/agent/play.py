"""A desk over a real store and the real client, and what a customer and an admin do at it."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from support_cli import settings, wiring
from support_cli.domain.request import Choice
from support_cli.domain.ticket import Status, Ticket
from support_cli.domain.trail import Actor
from support_cli.services.decisions import Answer
from tests.model_server import ModelServer

KEY = "sk-secret-of-this-test"
CUSTOMER, ADMIN = Actor("ada", "ada@home"), Actor("grace", "grace@desk")


class Play:
    """Plays tickets against a model's server; `streamed`: somebody listens to the agent's text."""

    def __init__(
        self, home: Path, server: ModelServer, *, streamed: bool = False, timeout: str = "20s"
    ) -> None:
        environment = {
            "SUPPORT_HOME": str(home),
            "SUPPORT_MODEL": "openai:test",
            "SUPPORT_MODEL_TIMEOUT": timeout,
            "OPENAI_BASE_URL": server.url,
            "OPENAI_API_KEY": KEY,
        }
        self.heard: list[str] = []
        self._report = self.heard.append if streamed else None
        self._open = ExitStack()
        given = settings.load(environment, home / "no.env")
        self.desk = self._open.enter_context(wiring.open_desk(given))

    def __enter__(self) -> Play:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def says(self, text: str, to: Ticket | None = None, *, human: bool = False) -> Ticket:
        """Write as the customer, to a new ticket or an old one, and let the agent run."""
        return self.runs(self.writes(text, to, human=human))

    def writes(self, text: str, to: Ticket | None = None, *, human: bool = False) -> Ticket:
        """Write as the customer; nothing runs yet."""
        if to is None:
            return self.desk.tickets.submit(CUSTOMER, text, human=human)
        return self.desk.tickets.reply(to.id, CUSTOMER, text, human=human)

    def runs(self, ticket: Ticket) -> Ticket:
        """Let the agent run."""
        return self.desk.runs.run(ticket.id, self._report)

    def answers(self, ticket: Ticket, text: str, **how: Any) -> Ticket:
        """Answer a question as a person, and let the agent run."""
        self.decides(ticket, text, **how)
        return self.runs(ticket)

    def decides(self, ticket: Ticket, text: str, **how: Any) -> None:
        """Answer a question as a person; nothing runs yet."""
        self.desk.decisions.decide(ticket.id, ADMIN, Answer(Choice.RESPOND, text, **how))


def asked(ticket: Ticket) -> tuple[str, ...]:
    """Return the questions that wait for a person; there must be some."""
    assert ticket.status is Status.WAITING, ticket
    return tuple(request.query for request in ticket.open_requests)


def reason(ticket: Ticket) -> str | None:
    """Return why a person is asked; one is asked one thing."""
    (request,) = ticket.open_requests
    return request.reason


def stored(home: Path) -> bytes:
    """Return everything the store has on the disk."""
    return b"".join(path.read_bytes() for path in sorted(home.glob("support.db*")))
