"""One answer does not go to customers who asked something else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from tests.cli.conftest import Run

ITEM = {"sku": "MUG-1", "name": "Mug", "quantity": 1, "price": "1.00"}
ORDER = {"status": "placed", "placed": "2026-11-02", "currency": "EUR", "items": [ITEM]}
OWNERS = {"ORD-1": "ann", "ORD-2": "ben", "SAVE-50": "eve"}
ORDERS = "\n".join(json.dumps({"order": i, "customer": c, **ORDER}) for i, c in OWNERS.items())


def groups(run: Run, texts: Sequence[str]) -> list[dict[str, Any]]:
    assert run("admin", "orders", "import", "-", stdin=ORDERS.encode()).code == 0
    for customer, text in zip(("ann", "ben"), texts, strict=True):
        assert run("submit", "--customer", customer, f"ask: {text}").code == 0
    return [json.loads(line) for line in run("admin", "export", "--group").out.splitlines()]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("May I take 2 tablets?", "May I take 20 tablets?"),
        ("Was 10 EUR charged?", "Was 9000 EUR charged?"),
        ("Refund to DE89370400440532013000?", "Refund to DE89370400440532013001?"),
        ("Does SAVE-20 hold?", "Does SAVE-50 hold?"),
        ("Is COVID-19 covered?", "Is COVID-20 covered?"),
        ("Error #500", "Error #502"),
        ("Where is ORD-1?", "Where is \u2400?"),
        ("Where is ORD-1?", "Where is ORD-1?"),
        ("Where is ORD-1x?", "Where is ORD-2x?"),
        ("Ship from US?", "Ship from us?"),
    ],
)
def test_texts_that_differ_in_a_number_or_a_code_are_not_joined(
    run: Run, one: str, other: str
) -> None:
    """Another's order id is a code as well: who names it may want something else."""
    assert [line["tickets"] for line in groups(run, (one, other))] == [None, None]


def test_a_group_shows_the_texts_that_it_joins(run: Run) -> None:
    (line,) = groups(run, ("Where is ORD-1?", "Where is ord-2?"))
    assert line["variants"] == ["Where is ORD-1?", "Where is ord-2?"]
    assert len(line["tickets"]) == 2


def test_a_group_is_never_longer_than_a_line_that_is_read_back(run: Run) -> None:
    long = '\u4e16"' * 10_000
    lines = groups(run, (f"ORD-1 {long}", f"ORD-2 {long}"))
    assert all(len(json.dumps(line)) < 1024 * 1024 for line in lines)
