from __future__ import annotations

import pytest

from support_cli.services.clock import SystemClock
from support_cli.services.credits import Credits
from support_cli.services.ports import Documents
from support_cli.tools.api import Context, DidNotHappen, as_tool
from support_cli.tools.credits import credit_tools

CONTEXT = Context(ticket="K7M2-9QXD", customer="ann", key="K7M2-9QXD:call_1")


def test_the_same_key_issues_one_note(documents: Documents) -> None:
    notes = Credits(documents, SystemClock())
    (issue,) = credit_tools(notes)
    told = {issue("15.00", "EUR", "late parcel", CONTEXT) for _ in range(3)}
    assert told == {"A credit of 15.00 EUR was issued."}
    assert len(notes.find("ann", limit=10).rows) == 1


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("0", "EUR"), ("-5", "EUR"), ("1e3", "EUR"), ("1.005", "EUR"), ("5", "euros")],
)
def test_what_is_no_money_is_certainly_not_issued(
    documents: Documents, amount: str, currency: str
) -> None:
    notes = Credits(documents, SystemClock())
    (issue,) = credit_tools(notes)
    with pytest.raises(DidNotHappen):
        issue(amount, currency, "x", CONTEXT)
    assert not notes.find(None, limit=10).rows


def test_a_credit_is_a_keyed_effect(documents: Documents) -> None:
    (issue,) = credit_tools(Credits(documents, SystemClock()))
    assert as_tool(issue).marking.keyed


def test_notes_are_listed_by_customer_newest_first(documents: Documents) -> None:
    notes = Credits(documents, SystemClock())
    (issue,) = credit_tools(notes)
    for number, customer in enumerate(["ann", "ben", "ann"]):
        issue(f"{number + 1}.00", "EUR", "x", Context("T", customer, f"key-{number}"))
    listed = [str(row["amount"]) for row in notes.find("ann", limit=10).rows]
    assert listed == ["3.00 EUR", "1.00 EUR"]
