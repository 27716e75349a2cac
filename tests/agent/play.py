"""A desk over a real store and the real client, and what a customer and an admin do at it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel

from support_cli import settings, wiring
from support_cli.agent.checkpoints import Checkpoints
from support_cli.domain.request import Choice
from support_cli.domain.ticket import Status, Ticket
from support_cli.domain.trail import Actor
from support_cli.services.decisions import Answer
from support_cli.settings import Settings
from tests.model_server import ModelServer

CheckpointsMaker = Callable[[Settings, ExitStack], Checkpoints]
KEY = "sk-secret-of-this-test"
CUSTOMER, ADMIN = Actor("ada", "ada@home"), Actor("grace", "grace@desk")


def settings_for(
    home: Path, server: ModelServer, timeout: str = "20s", mongodb: str = ""
) -> Settings:
    """Read the settings of a desk that asks this server."""
    environment = {
        "MONGODB_URI": mongodb,
        "SUPPORT_HOME": str(home),
        "SUPPORT_MODEL": "openai:test",
        "SUPPORT_MODEL_TIMEOUT": timeout,
        "OPENAI_BASE_URL": server.url,
        "OPENAI_API_KEY": KEY,
    }
    return settings.load(environment, home / "no.env")


class Play:
    """Plays tickets against a model's server.

    `streamed`: somebody listens to the agent's text. `parts` of the desk may be replaced.
    """

    def __init__(
        self,
        home: Path,
        server: ModelServer,
        *,
        streamed: bool = False,
        timeout: str = "20s",
        mongodb: str = "",
        checkpoints: CheckpointsMaker | None = None,
        model: BaseChatModel | None = None,
        **parts: Any,
    ) -> None:
        self.heard: list[str] = []
        self._report = self.heard.append if streamed else None
        self._open = ExitStack()
        given = settings_for(home, server, timeout, mongodb)
        agent = partial(wiring.make_agent, checkpoints=checkpoints, model=model)
        self.desk = self._open.enter_context(wiring.open_desk(given, agent=agent, **parts))

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

    def decides_on(
        self, ticket: Ticket, choice: Choice, text: str | None = None, request: str | None = None
    ) -> Ticket:
        """Decide as a person on what an admin is shown now; nothing runs yet."""
        now = self.desk.tickets.of_customer(ticket.id, CUSTOMER.name)
        shown = next(each for each in now.requests if request in (None, each.id))
        answer = Answer(choice, text, request=shown.id, if_match=shown.fingerprint)
        return self.desk.decisions.decide(ticket.id, ADMIN, answer).ticket


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
