"""However a model's server fails, the customer's ticket is kept and goes on afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from support_cli.domain.ticket import Status, Ticket
from tests.agent.play import Play, asked, reason
from tests.model_server import (
    SERVER_TEXT,
    Answer,
    Breaks,
    Drips,
    FailsWithin,
    Hangs,
    ModelServer,
    Refuses,
    Says,
    Sends,
    ShowsPage,
    call,
)

QUESTION = "My card was charged twice."
NO_ANSWER = "The model's server sent something that is not an answer."
TOO_LONG = "The model's answer was too long to keep."
TOO_LONG_CODE = "context_length_exceeded"
CUT_OFF = "The model's answer was cut off."
WRONG_KEY = "The model's server refused the key. Check it with support admin doctor"
UNKNOWN_MODEL = "The model's server does not know this model. Check SUPPORT_MODEL"
SERVER_FAILED = "The model's server failed. Try again later"
NO_QUOTA = "The account at the model's provider has no money or quota left. Top it up there"
FORBIDDEN = "The key may not use this model. Allow it at the provider, or set another SUPPORT_MODEL"
REFUSED_TEXT = "The model's provider refused the text (content filter). Answer it yourself"
FILTERED = "The model's provider withheld the answer (content filter). Answer it yourself."
BUSY = "The model's server has too much to do. Try again later"
CONTEXT = (
    "The conversation is too long for the model. Answer it yourself, or set SUPPORT_MODEL to one "
    "that takes more"
)
TOO_LONG_TYPE = "exceed_context_size_error"
VLLM = f"{SERVER_TEXT}: This model's maximum context length is 4096 tokens."
BROKEN = "The connection to the model's server failed."
HALF = Says("Half of it is here")
SEARCH = Says(calls=(call("search_knowledge", query="card charged twice"),))


@dataclass(frozen=True)
class Failure:
    """How a server fails, and the reason a person is given.

    `tries` is how often the client asks it, without a stream and with one: what has begun to stream
    is not asked for again.
    """

    name: str
    answer: Answer
    reason: str
    tries: tuple[int, int] = (3, 3)
    reason_streamed: str = ""

    def said(self, streamed: bool) -> str:
        """Return the reason, which may be another in a stream."""
        return self.reason_streamed if streamed and self.reason_streamed else self.reason


FAILURES = [
    Failure("401", Refuses(401), f"{WRONG_KEY} (401).", (1, 1)),
    Failure("404", Refuses(404, SERVER_TEXT), f"{UNKNOWN_MODEL} (404).", (1, 1)),
    Failure("500 for ever", Refuses(500), f"{SERVER_FAILED} (500)."),
    Failure(
        "out of quota",
        Refuses(429, "insufficient_quota"),
        f"{NO_QUOTA} (429).",
    ),
    Failure("a page, 502", ShowsPage(502), f"{SERVER_FAILED} (502)."),
    Failure("a page, 200", ShowsPage(200), NO_ANSWER, (1, 1)),
    Failure(
        "an error inside a 200",
        FailsWithin(),
        NO_ANSWER,
        (1, 1),
        f"{SERVER_FAILED}.",
    ),
    Failure("hangs up in the middle", Breaks(HALF), BROKEN, (3, 1)),
    Failure(
        "ends in the middle",
        Breaks(HALF, cleanly=True),
        NO_ANSWER,
        (1, 1),
        CUT_OFF,
    ),
    Failure("says nothing", Says(""), "The model gave an empty answer.", (1, 1)),
    Failure("says half of it", Says("Half of", finish="length"), CUT_OFF, (1, 1)),
    Failure("is silenced", Says("Half of", finish="content_filter"), FILTERED, (1, 1)),
    Failure("no choices", Sends({"choices": []}), NO_ANSWER, (1, 1), CUT_OFF),
    Failure("no message", Sends({"choices": [{}]}), NO_ANSWER, (1, 1)),
    Failure("no object", Sends(["Half of it"]), NO_ANSWER, (1, 1)),
    Failure("too long", Refuses(400, TOO_LONG_CODE), f"{CONTEXT} (400).", (1, 1)),
    Failure("says too much", Says("x" * 300_000), TOO_LONG, (1, 1)),
    Failure("calls too much", Says(calls=SEARCH.calls * 21), TOO_LONG, (1, 1)),
    Failure("says null", Says(None), "The model gave an empty answer.", (1, 1)),
    Failure("llama.cpp, too long", Refuses(400, kind=TOO_LONG_TYPE), f"{CONTEXT} (400).", (1, 1)),
    Failure("vLLM, too long", Refuses(400, text=VLLM), f"{CONTEXT} (400).", (1, 1)),
    Failure("403", Refuses(403), f"{FORBIDDEN} (403).", (1, 1)),
    Failure("no such model", Refuses(400, "model_not_found"), f"{UNKNOWN_MODEL} (400).", (1, 1)),
    Failure("filtered", Refuses(400, "content_filter"), f"{REFUSED_TEXT} (400).", (1, 1)),
    Failure("too many", Refuses(429, "rate_limit_exceeded"), f"{BUSY} (429)."),
    Failure("finishes oddly", Says("Half of", finish="weird"), CUT_OFF, (1, 1)),
]
SLOW = {
    "no answer": Hangs(),
    "a drip": Drips(),
    "only comments": Drips(": still here\n\n"),
}


@pytest.mark.parametrize("failure", FAILURES, ids=lambda each: each.name)
def test_a_server_that_fails_leaves_the_ticket_with_a_person(
    play: Play, server: ModelServer, failure: Failure, streamed: bool
) -> None:
    server.will(*[failure.answer] * failure.tries[streamed])
    ticket = play.says(QUESTION)
    assert asked(ticket) == (QUESTION,)
    assert reason(ticket) == failure.said(streamed)
    goes_on(play, server, ticket)


@pytest.mark.parametrize("slow", SLOW.values(), ids=SLOW.keys())
def test_a_server_that_takes_too_long_leaves_the_ticket_with_a_person(
    play: Play, hurried: Play, server: ModelServer, slow: Answer
) -> None:
    server.minds(lambda _: slow)
    ticket = hurried.says(QUESTION)
    assert asked(ticket) == (QUESTION,)
    assert reason(ticket) == "The model did not answer in time."
    goes_on(play, server, ticket)


@pytest.mark.parametrize("streamed", [False])  # the library reads such a stream for half a minute
def test_a_question_without_end_leaves_the_ticket_with_a_person(
    play: Play, server: ModelServer
) -> None:
    server.will(Says(calls=(call("human_assistance", query="x" * 300_000),)))
    ticket = play.says(QUESTION)
    assert reason(ticket) == TOO_LONG
    goes_on(play, server, ticket)


def test_a_server_that_is_not_there_leaves_the_ticket_with_a_person(
    tmp_path: Path, play: Play, server: ModelServer, streamed: bool
) -> None:
    with ModelServer() as gone:
        pass
    with Play(tmp_path, gone, streamed=streamed) as alone:
        ticket = alone.says(QUESTION)
    assert reason(ticket) == BROKEN
    goes_on(play, server, ticket)


def test_a_server_with_too_much_to_do_is_asked_again(play: Play, server: ModelServer) -> None:
    server.will(Refuses(429), Says("You can return it within 30 days."))
    ticket = play.says("How long can I return a parcel?")
    assert ticket.reply == "You can return it within 30 days."


@pytest.mark.parametrize("failing", [[Refuses(500)] * 3, [Says("")]], ids=["down", "silent"])
def test_a_server_that_stays_so_does_not_keep_a_persons_answer_from_the_customer(
    play: Play, server: ModelServer, failing: list[Answer]
) -> None:
    server.will(*failing, *failing)
    ticket = play.answers(play.says(QUESTION), "We have sent it back.")
    assert ticket.status is Status.ANSWERED
    assert ticket.reply == "We have sent it back."


def test_a_failure_after_a_tools_result_asks_a_person(play: Play, server: ModelServer) -> None:
    server.will(SEARCH, Refuses(401))
    ticket = play.says(QUESTION)
    assert asked(ticket) == (QUESTION,)
    goes_on(play, server, ticket)


def goes_on(play: Play, server: ModelServer, ticket: Ticket) -> None:
    """Check that a person's answer is passed on, and that the customer's next turn works."""
    server.will(Says("We have sent it back."), Says("With pleasure."))
    ticket = play.answers(ticket, "Refunded.")
    assert ticket.reply == "We have sent it back."
    ticket = play.says("Thank you!", ticket)
    assert ticket.status is Status.ANSWERED
    assert ticket.reply == "With pleasure."
