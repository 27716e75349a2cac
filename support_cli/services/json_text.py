"""JSON from outside, read so that what it says is what is kept."""

from __future__ import annotations

import json
from typing import Any

from support_cli.errors import UsageError


def read_json(text: str, what: str) -> Any:
    """Read a JSON value that every store can keep, each key of it once.

    Args:
        text: the JSON.
        what: what it is called in an error: “The line”.

    Raises:
        UsageError: it is none.
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(pairs)
        if len(value) < len(pairs):
            raise UsageError(f"{what} has a key twice.")
        return value

    def refuse(constant: str) -> Any:
        raise UsageError(f"{what} is not JSON: {constant} is no number.")

    try:
        value = json.loads(text, object_pairs_hook=once, parse_constant=refuse)
        json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError as exc:
        raise UsageError(f"{what} is not JSON: {exc.msg}.") from exc
    except RecursionError as exc:
        raise UsageError(f"{what} is not JSON: it is nested too deeply.") from exc
    except ValueError as exc:  # half a surrogate pair, or a number of thousands of digits
        raise UsageError(f"{what} has a character or a number that cannot be kept.") from exc
    return value
