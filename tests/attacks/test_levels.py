"""Levels are what the policy says now: one person each, in order where it says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from support_cli.domain.request import Choice
from support_cli.domain.ticket import Status, Ticket
from support_cli.errors import NotAllowed
from tests.cli.conftest import Run
from tests.policy.shop import Shop, policy_with

BOTH = 'levels = ["manager", "director"]\nrisk'
PEOPLE = """
policy_owners = ["dana"]
[people]
dana = ["manager"]
erik = ["manager", "director"]
fred = ["manager"]
"""


def staffed_by(shop: Shop, folder: Path, *changes: tuple[str, str], people: str = PEOPLE) -> Shop:
    file = policy_with(folder / "staffed.toml", *changes, people=people)
    shop.applies(file, "dana")
    return shop


def refund(shop: Shop, amount: str = "1299.00") -> Ticket:
    shop.order(paid="1299.00")
    return shop.wants(amount)


def agreed(ticket: Ticket) -> list[tuple[str, str | None]]:
    return [(vote.by, vote.level) for vote in ticket.open_requests[0].votes]


def test_a_person_with_two_levels_does_not_block_another(shop: Shop, tmp_path: Path) -> None:
    ticket = refund(staffed_by(shop, tmp_path))
    ticket = shop.decides(ticket, by="erik")
    assert agreed(ticket) == [("erik", "manager")]
    done = shop.decides(ticket, by="dana")
    assert (done.status, str(shop.refunded())) == (Status.ANSWERED, "1299.00 EUR")
    (decided,) = shop.desk.tickets.of_anyone(ticket.id).decided
    assert [(v.by, v.level) for v in decided.votes] == [("erik", "director"), ("dana", "manager")]


def test_one_manager_is_not_two(shop: Shop, tmp_path: Path) -> None:
    two = (BOTH, 'levels = ["manager", "manager"]\nrisk')
    ticket = refund(staffed_by(shop, tmp_path, two))
    ticket = shop.decides(ticket, by="dana")
    assert ticket.open_requests[0].missing == ("manager",)
    assert shop.refunded().minor == 0
    shop.decides(ticket, by="fred")
    assert str(shop.refunded()) == "1299.00 EUR"


def test_the_vote_of_who_has_lost_the_level_does_not_count(shop: Shop, tmp_path: Path) -> None:
    ticket = shop.decides(refund(staffed_by(shop, tmp_path)), by="dana")
    demoted = PEOPLE.replace('dana = ["manager"]', "dana = []")
    staffed_by(shop, tmp_path, people=demoted)
    shown = shop.desk.tickets.of_anyone(ticket.id)
    assert (agreed(shown), shown.open_requests[0].missing) == (
        [("dana", None)],
        ("manager", "director"),
    )
    ticket = shop.decides(shown, by="erik")
    assert (ticket.status, shop.refunded().minor) == (Status.WAITING, 0)
    shop.decides(ticket, by="fred")
    assert str(shop.refunded()) == "1299.00 EUR"


def test_a_level_gained_later_does_not_leave_a_request_that_nobody_can_decide(
    shop: Shop, run: Run, tmp_path: Path
) -> None:
    """Votes that came to stand for all levels are decided by the next agreement."""
    ticket = shop.decides(refund(staffed_by(shop, tmp_path)), by="dana")
    staffed_by(shop, tmp_path, people=PEOPLE.replace('dana = ["manager"]', "dana = []"))
    ticket = shop.decides(ticket, by="fred")
    promoted = PEOPLE.replace('dana = ["manager"]', 'dana = ["director"]')
    staffed_by(shop, tmp_path, people=promoted)
    shown = shop.desk.tickets.of_anyone(ticket.id)
    assert agreed(shown) == [("dana", "director"), ("fred", "manager")]
    assert "one more vote" in run("admin", "list").out
    shop.decides(shown, by="fred")
    assert str(shop.refunded()) == "1299.00 EUR"


def test_who_was_demoted_does_not_vote_again(shop: Shop, tmp_path: Path) -> None:
    ticket = shop.decides(refund(staffed_by(shop, tmp_path)), by="dana")
    staffed_by(shop, tmp_path, people=PEOPLE.replace('dana = ["manager"]', "dana = []"))
    with pytest.raises(NotAllowed, match="dana holds no level"):
        shop.decides(ticket, by="dana")


def in_order(shop: Shop, folder: Path, people: str = PEOPLE) -> Ticket:
    ordered = (BOTH, f"in_order = true\n{BOTH}")
    return refund(staffed_by(shop, folder, ordered, people=people))


def test_a_level_does_not_agree_before_its_turn(shop: Shop, tmp_path: Path) -> None:
    people = PEOPLE.replace('["manager", "director"]', '["director"]')
    ticket = in_order(shop, tmp_path, people)
    with pytest.raises(NotAllowed, match="is for manager now"):
        shop.decides(ticket, by="erik")
    ticket = shop.decides(ticket, by="dana")
    assert ticket.open_requests[0].missing == ("director",)
    with pytest.raises(NotAllowed, match="is for director now"):
        shop.decides(ticket, by="fred")
    shop.decides(ticket, by="erik")
    assert str(shop.refunded()) == "1299.00 EUR"


def test_the_only_director_does_not_vote_as_the_manager(shop: Shop, tmp_path: Path) -> None:
    ticket = in_order(shop, tmp_path)
    with pytest.raises(NotAllowed, match="without anybody else to agree as director"):
        shop.decides(ticket, by="erik")


def test_the_customer_does_not_count_among_those_who_could_agree(
    shop: Shop, tmp_path: Path
) -> None:
    people = PEOPLE + 'ada = ["director"]\n'
    ticket = in_order(shop, tmp_path, people.replace("erik", "greg"))
    with pytest.raises(NotAllowed, match="without anybody else to agree as director"):
        shop.decides(ticket, by="greg")


def test_an_early_vote_is_not_kept_for_later(shop: Shop, tmp_path: Path) -> None:
    """Who lost the level leaves the turn with it, and votes that came after do not move up."""
    people = PEOPLE + 'gina = ["director"]\n'
    three = (BOTH, 'in_order = true\nlevels = ["manager", "director", "manager"]\nrisk')
    ticket = refund(staffed_by(shop, tmp_path, three, people=people))
    ticket = shop.decides(shop.decides(ticket, by="dana"), by="gina")
    demoted = people.replace('dana = ["manager"]', "dana = []")
    staffed_by(shop, tmp_path, three, people=demoted)
    shown = shop.desk.tickets.of_anyone(ticket.id)
    assert agreed(shown) == [("dana", None), ("gina", None)]
    ticket = shop.decides(shop.decides(shown, by="fred"), by="gina")
    assert agreed(ticket) == [("dana", None), ("fred", "manager"), ("gina", "director")]


def test_an_edit_that_needs_more_does_not_lose_its_editors_agreement(
    shop: Shop, tmp_path: Path
) -> None:
    ticket = refund(staffed_by(shop, tmp_path), "229.00")
    ticket = shop.decides(ticket, Choice.EDIT, by="dana", edit={"amount": "1200.00"})
    (request,) = ticket.open_requests
    assert (agreed(ticket), request.missing) == ([("dana", "manager")], ("director",))
    assert request.reason == "More than 1,000 would be paid back."
    assert (request.edits[0].by, request.edits[0].before["amount"]) == ("dana", "229.00")
    shop.decides(ticket, by="erik")
    assert str(shop.refunded()) == "1200.00 EUR"


def test_an_edit_said_again_is_not_another_edit(shop: Shop, tmp_path: Path) -> None:
    ticket = refund(staffed_by(shop, tmp_path), "229.00")
    edited = shop.decides(ticket, Choice.EDIT, by="dana", edit={"amount": "1200.00"})
    shown = ticket.open_requests[0]
    again = shop.decides(ticket, Choice.EDIT, by="dana", edit={"amount": "1200.00"}, request=shown)
    assert again.open_requests == edited.open_requests


def test_an_editor_agrees_again_after_the_customer_has_written(shop: Shop, tmp_path: Path) -> None:
    ticket = refund(staffed_by(shop, tmp_path), "229.00")
    more = {"amount": "1200.00"}
    ticket = shop.decides(ticket, Choice.EDIT, by="dana", edit=more)
    ticket = shop.writes("Thank you.", ticket)
    assert agreed(ticket) == []
    ticket = shop.decides(ticket, Choice.EDIT, by="dana", edit=more)
    assert agreed(ticket) == [("dana", "manager")]
    shop.decides(ticket, by="erik")
    assert str(shop.refunded()) == "1200.00 EUR"


def test_an_edit_that_changes_nothing_is_not_more_than_a_vote(
    shop: Shop, run: Run, tmp_path: Path
) -> None:
    ticket = refund(staffed_by(shop, tmp_path))
    told = resume(run, ticket, "--edit", '{"amount": "1299.00"}')
    assert "the arguments as they were" in told
    assert "You agree as manager; still missing: director." in told


def test_an_edit_that_changes_nothing_does_not_undo_the_votes_of_others(
    shop: Shop, tmp_path: Path
) -> None:
    ticket = shop.decides(refund(staffed_by(shop, tmp_path)), by="erik")
    shop.decides(ticket, Choice.EDIT, by="fred", edit={"amount": "1299.00"})
    assert str(shop.refunded()) == "1299.00 EUR"


def resume(run: Run, ticket: Ticket, *decision: str) -> str:
    bound = ("--by", "dana", "--if-match", ticket.open_requests[0].fingerprint, "--detach")
    done = run("admin", "resume", ticket.id, *decision, *bound)
    assert done.code == 0
    return done.err


def test_nobody_is_left_to_guess_whose_turn_it_is(shop: Shop, run: Run, tmp_path: Path) -> None:
    ticket = in_order(shop, tmp_path)
    assert "manager, then director" in run("admin", "list").out
    assert "recorded as manager; still missing: director." in resume(run, ticket, "--approve")
    assert "\tdirector\t" in run("admin", "list").out
    assert run("admin", "list", "--json").json["tickets"][0]["requests"][0]["missing"] == [
        "director"
    ]
    shown = run("admin", "show", ticket.id).out
    assert "needs        manager, then director" in shown
    assert "missing      director" in shown


def test_a_customer_is_not_shown_who_must_agree(shop: Shop, run: Run, tmp_path: Path) -> None:
    ticket = in_order(shop, tmp_path)
    for words in (("list",), ("status", ticket.id), ("history", ticket.id)):
        for told in ((), ("--json",)):
            assert "director" not in run(*words, "--customer", "ada", *told).out


def test_an_edit_is_not_told_as_a_vote(shop: Shop, run: Run, tmp_path: Path) -> None:
    ticket = refund(staffed_by(shop, tmp_path), "229.00")
    told = resume(run, ticket, "--edit", '{"amount": "1200.00"}')
    assert 'amount: "229.00" -> "1200.00"' in told
    assert "(rule “over 1,000”: More than 1,000 would be paid back)" in told
    assert "You agree as manager; still missing: director." in told
    shown = run("admin", "show", ticket.id).out
    assert 'dana, 0s ago: amount: "229.00" -> "1200.00"' in shown
    assert "More than 1,000 would be paid back." in shown
    assert "More than 100 would" not in shown


def test_levels_that_nobody_named_gives_count_once_each(shop: Shop) -> None:
    ticket = refund(shop)
    for name in ("amy", "amy", "AMY"):
        ticket = shop.decides(ticket, by=name)
    assert (agreed(ticket), shop.refunded().minor) == ([("amy", "manager")], 0)
