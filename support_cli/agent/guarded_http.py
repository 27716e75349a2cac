"""What every model's HTTP client is held to: an end, a size, one origin, nothing compressed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from support_cli.agent.model_failures import AnswerEncoded, AnswerTooLong, RedirectRefused

BYTES = 16 * 1024 * 1024  # of one response; a stream spends about 300 on each word
PLAIN = {"Accept-Encoding": "identity"}  # a small response could unpack to one without end


def guard(library: Any, patience: float) -> Callable[[Any], None]:
    """Make the hook that holds each response of a client to the limits.

    A timeout bounds only the wait for the next byte: a server that drips, or sends comments to keep
    the connection, would hold the ticket for ever.

    Args:
        library: httpx or httpx2, which do not know each other's streams.
        patience: how many seconds a whole response may take.
    """
    bounded = _bounded(library)

    def hold(response: Any) -> None:
        _refuse_redirect(response)
        if response.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
            raise AnswerEncoded
        response.stream = bounded(response.stream, time.monotonic() + patience)

    return hold


def _bounded(library: Any) -> type[Any]:
    class Bounded(library.SyncByteStream):  # type: ignore[misc]
        def __init__(self, stream: Any, deadline: float) -> None:
            self._stream = stream
            self._deadline = deadline

        def __iter__(self) -> Iterator[bytes]:
            left = BYTES
            for piece in self._stream:
                left -= len(piece)
                if left < 0:
                    raise AnswerTooLong
                if time.monotonic() > self._deadline:
                    raise library.ReadTimeout("The response did not end in time.")
                yield piece

        def close(self) -> None:
            self._stream.close()

    return Bounded


def _refuse_redirect(response: Any) -> None:
    """Follow no redirect to another origin: not every key stands in a header that is taken out."""
    if not response.has_redirect_location:
        return
    here = response.request.url
    there = here.join(response.headers["location"])
    if (here.scheme, here.host, here.port) != (there.scheme, there.host, there.port):
        raise RedirectRefused
