"""What somebody who listens to a run has read of the agent's words, finished or not."""

from __future__ import annotations

from support_cli.domain.run import Position
from support_cli.domain.ticket import Ticket
from support_cli.services.ports import Report

_LIMIT = 512 * 1024  # characters that are remembered: more than any answer that is kept


class Heard:
    """Passes the agent's words on, and remembers them until it is known which were finished."""

    def __init__(self, report: Report | None) -> None:
        self._report = report
        self._pieces: list[str] = []
        self._length = 0

    @property
    def report(self) -> Report | None:
        """What hears the agent's words as they come; None where nobody listens."""
        return None if self._report is None else self._hear

    def unfinished(self, ticket: Ticket, position: Position) -> str:
        """Return what was read, less the texts that the agent has finished since the ticket."""
        known = {message.id for message in ticket.messages}
        rest = _storable("".join(self._pieces))
        for saying in position.said:
            if saying.id not in known:
                rest = rest.replace(saying.text, "", 1)
        return rest.strip()

    def _hear(self, text: str) -> None:
        if self._length < _LIMIT:
            self._pieces.append(text)
            self._length += len(text)
        if self._report is not None:
            self._report(text)


def _storable(text: str) -> str:
    # As the agent's state keeps a text: half a character becomes a question mark.
    return text.encode("utf-8", "replace").decode()
