"""Where the policy names people, nobody else decides; and nobody decides on their own action."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from support_cli.domain.request import Choice, Kind
from support_cli.domain.ticket import Status, Ticket
from support_cli.domain.trail import Actor
from support_cli.errors import NotAllowed, Stale
from support_cli.services.decisions import Answer
from support_cli.tools.api import as_tool
from tests.cli.conftest import Ran
from tests.policy.obedient import call
from tests.policy.shop import ADA, PEOPLE, Shop, opened, policy_with

EVERYTHING_ELSE = 'name = "everything else"\ntools = ["*"]\nverdict = "ask"\n'
BOTH = f'{EVERYTHING_ELSE}levels = ["manager", "director"]\n'
QUESTION = "Who are you?"
CREDIT = call("issue_credit", amount="50000.00", currency="EUR", reason="x")
EMAIL = call("update_account", field="email", value="eve@evil.example", reason="x")


def wipe(name: str) -> str:
    """Wipe a test database, and never report back."""
    raise RuntimeError(name)


@contextmanager
def wiping(folder: Path, *changes: tuple[str, str], people: str = "") -> Iterator[Shop]:
    """Open a shop with a tool of which nobody knows whether it acted."""
    policy = policy_with(folder / "wipe.toml", *changes, people=people)
    home = {"SUPPORT_HOME": str(folder)}
    with opened(home, tools=[as_tool(wipe)], SUPPORT_POLICY=str(policy)) as shop:
        shop.account()
        yield shop


def uncertain(shop: Shop) -> Ticket:
    """Let mia and dora approve a wipe whose outcome nobody knows then."""
    ticket = shop.says(call("wipe", name="x"))
    for name in ("mia", "dora"):
        ticket = shop.decides(ticket, by=name)
    assert ticket.open_requests[0].kind is Kind.OUTCOME
    return ticket


@pytest.fixture
def unsure(tmp_path: Path) -> Iterator[Shop]:
    """Give a shop where a wipe needs a manager and a director."""
    with wiping(tmp_path, (EVERYTHING_ELSE, BOTH), people=PEOPLE) as shop:
        yield shop


def test_an_outcome_carries_the_levels_of_its_approval(unsure: Shop) -> None:
    (request,) = uncertain(unsure).open_requests
    assert (request.levels, request.missing) == (("manager", "director"), ("manager", "director"))
    assert request.allowed == (Choice.RESPOND, Choice.APPROVE)


@pytest.mark.parametrize("by", ["stranger", ADA, "Ada"])
@pytest.mark.parametrize("choice", [Choice.APPROVE, Choice.RESPOND])
def test_an_outcome_is_not_answered_by_anybody(unsure: Shop, by: str, choice: Choice) -> None:
    ticket = uncertain(unsure)
    with pytest.raises(NotAllowed):
        unsure.decides(ticket, choice, by=by, text="It happened.")


def test_an_action_is_not_repeated_with_one_of_two_levels(unsure: Shop) -> None:
    ticket = unsure.decides(uncertain(unsure), by="mia")
    assert ticket.open_requests[0].missing == ("director",)
    (effect,) = unsure.desk.ledger.of_ticket(ticket.id)
    assert effect.state == "started"
    assert unsure.decides(ticket, by="dora").decided[-1].decision


def test_the_outcome_of_what_policy_allowed_takes_no_levels_and_no_customer(tmp_path: Path) -> None:
    allowed = (
        EVERYTHING_ELSE,
        f'name = "w"\ntools = ["wipe"]\nverdict = "allow"\n[[rules]]\n{BOTH}',
    )
    with wiping(tmp_path, allowed) as shop:
        ticket = shop.says(call("wipe", name="x"))
        assert ticket.open_requests[0].levels == ()
        with pytest.raises(NotAllowed, match="is the customer"):
            shop.decides(ticket, by=ADA)
        shop.decides(ticket, Choice.RESPOND, by="anybody", text="It is wiped.")


def test_with_nobody_named_a_customer_answers_and_retries_but_never_approves(shop: Shop) -> None:
    asked = shop.desk.tickets.submit(Actor(ADA, "shell"), QUESTION, human=True)
    answered = shop.decides(shop.runs(asked), Choice.RESPOND, by=ADA, text="Ada.")
    assert answered.status is Status.ANSWERED
    shop.order(paid="229.00")
    ticket = shop.wants("229.00")
    for choice in (Choice.APPROVE, Choice.EDIT, Choice.REJECT):
        with pytest.raises(NotAllowed, match="is the customer"):
            shop.decides(ticket, choice, by=ADA, edit={"amount": "1.00"})


@pytest.mark.parametrize("wish", [CREDIT, EMAIL])
@pytest.mark.parametrize("by", ["intern", "dora"])
def test_credits_and_accounts_are_not_approved_without_their_levels(
    staffed: Shop, wish: str, by: str
) -> None:
    ticket = staffed.says(wish)
    if (wish, by) == (CREDIT, "dora"):
        assert staffed.decides(ticket, by=by).open_requests[0].missing == ("manager",)
    else:
        with pytest.raises(NotAllowed):
            staffed.decides(ticket, by=by)
    assert not staffed.desk.credits.find(None, limit=1).rows


def test_what_needs_no_level_is_not_approved_by_whom_nobody_named(
    staffed: Shop, tmp_path: Path
) -> None:
    level = 'levels = ["manager"]\nrisk = "medium"\nreason = "More than 100'
    change = (level, level.partition("\n")[2])
    staffed.applies(policy_with(tmp_path / "p.toml", change, people=PEOPLE), "mia")
    staffed.order(paid="229.00")
    ticket = staffed.wants("229.00")
    with pytest.raises(NotAllowed, match="does not name intern"):
        staffed.decides(ticket, by="intern")
    assert staffed.decides(ticket, by="dora").status is Status.ANSWERED


def asked(shop: Shop) -> Ticket:
    return shop.runs(shop.desk.tickets.submit(Actor(ADA, "shell"), QUESTION, human=True))


def test_where_people_are_named_a_customer_does_not_answer_their_own_question(
    staffed: Shop,
) -> None:
    with pytest.raises(NotAllowed, match="is the customer"):
        staffed.decides(asked(staffed), Choice.RESPOND, by=ADA, text="Yes.")


def test_questions_are_everybodys_unless_the_policy_says_otherwise(
    staffed: Shop, tmp_path: Path
) -> None:
    answered = staffed.decides(asked(staffed), Choice.RESPOND, by="intern", text="Yes.")
    assert answered.status is Status.ANSWERED
    strict = ('questions = "everybody"', 'questions = "people"')
    file = policy_with(tmp_path / "strict.toml", strict, people=PEOPLE)
    staffed.applies(file, "mia")
    with pytest.raises(NotAllowed, match="does not name intern"):
        staffed.decides(asked(staffed), Choice.RESPOND, by="intern", text="Yes.")


def test_a_held_refund_is_not_closed_away_by_whom_nobody_named(staffed: Shop) -> None:
    staffed.order(paid="229.00")
    ticket = staffed.wants("229.00")
    for name in ("intern", "dora", ADA):
        with pytest.raises(NotAllowed):
            staffed.desk.tickets.close_as_admin(ticket.id, Actor(name, "shell"), "Paid.")
    staffed.desk.tickets.close_as_admin(ticket.id, Actor("mia", "shell"), "Not this time.")


def test_where_only_named_people_answer_nobody_else_has_a_last_word(
    staffed: Shop, tmp_path: Path
) -> None:
    strict = ('questions = "everybody"', 'questions = "people"')
    staffed.applies(policy_with(tmp_path / "strict.toml", strict, people=PEOPLE), "mia")
    ticket = staffed.writes("Where is my refund?")
    with pytest.raises(NotAllowed, match="does not name intern"):
        staffed.desk.tickets.close_as_admin(ticket.id, Actor("intern", "shell"), "It is paid.")
    staffed.desk.tickets.close_as_admin(ticket.id, Actor("dora", "shell"), "It is not.")


def history(shop: Shop, ticket: Ticket) -> list[str]:
    return [str(action.args["amount"]) for action in shop.desk.trial.of_ticket(ticket.id)]


def test_the_edit_of_whom_nobody_named_is_not_even_judged(staffed: Shop) -> None:
    staffed.order(paid="229.00")
    ticket = staffed.wants("229.00")
    with pytest.raises(NotAllowed):
        staffed.decides(ticket, Choice.EDIT, by="intern", edit={"amount": "60.00"})
    assert history(staffed, ticket) == ["229.00"]


def test_an_edit_that_is_only_tried_leaves_nothing_in_the_history(staffed: Shop) -> None:
    staffed.order(paid="229.00")
    ticket, mia = staffed.wants("229.00"), Actor("mia", "shell")
    shown = ticket.open_requests[0].fingerprint
    tried = Answer(Choice.EDIT, args={"amount": "60.00"}, if_match=shown)
    staffed.desk.decisions.foresee(ticket.id, mia, tried)
    with pytest.raises(Stale):
        staffed.desk.decisions.decide(ticket.id, mia, replace(tried, if_match="0" * 20))
    assert history(staffed, ticket) == ["229.00"]
    staffed.desk.decisions.decide(ticket.id, mia, tried)
    assert history(staffed, ticket) == ["229.00", "60.00"]


@pytest.mark.parametrize(
    "words", [("orders", "import", "--sample"), ("policy", "apply", "new.toml")]
)
def test_facts_and_policy_are_not_brought_by_whom_nobody_named(
    support: Callable[..., Ran], tmp_path: Path, words: tuple[str, ...]
) -> None:
    file = policy_with(tmp_path / "new.toml", people=PEOPLE)
    assert support("admin", "policy", "apply", str(file), "--by", "anybody").code == 0
    policy_with(tmp_path / "new.toml", ("'100.00'", "'9999.00'"), people=PEOPLE)
    refused = support("admin", *words, "--by", "intern")
    assert (refused.code, "intern" in refused.err) == (4, True)
    assert support("admin", *words, "--by", "mia").code == 0


def test_an_empty_store_does_not_take_a_policy_from_whom_its_own_does_not_name(
    support: Callable[..., Ran], tmp_path: Path
) -> None:
    named = policy_with(tmp_path / "named.toml", people=PEOPLE)
    mine = policy_with(tmp_path / "mine.toml")
    words = ("admin", "policy", "apply", str(mine), "--by", "intern")
    assert support(*words, SUPPORT_POLICY=str(named)).code == 4
