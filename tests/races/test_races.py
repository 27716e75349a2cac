"""Many processes want the same at once: one has it, and every other is told who had it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from support_cli.domain.request import Choice
from support_cli.domain.ticket import Status, Ticket
from support_cli.services.decisions import Answer
from support_cli.wiring import Desk
from tests.races import racers
from tests.races.racers import Shown, Told, filed
from tests.racing import RACERS, race
from tests.reliability.checks import wrongs
from tests.reliability.desk import Target, open_desk, payments_of

QUESTIONS, SHARED, APPROVED, MEDDLED = 100, 160, 40, 16


def test_of_eight_who_decide_one_wins_and_the_others_hear_who(store_target: Target) -> None:
    filed(store_target, [f"ask {n}" for n in range(QUESTIONS)])
    _run_all(store_target)
    asked = _shown(store_target)
    assert len(asked) == QUESTIONS
    told = [each for racer in race(racers.decide_all, store_target, asked) for each in racer]
    winners = {each.ticket: each.who for each in told if each.words is None}
    assert sum(each.words is None for each in told) == len(winners) == QUESTIONS
    assert [each for each in told if not _names_winner(each, winners)] == []
    _run_all(store_target)
    for ticket in _all_right(store_target):
        assert ticket.status is Status.ANSWERED
        assert ticket.reply == f"words of {winners[ticket.id]}"


def test_eight_workers_run_each_ticket_once(store_target: Target) -> None:
    filed(store_target, [f"wire {n + 100}" for n in range(APPROVED)])
    _run_all(store_target)
    _approve_all(store_target)
    filed(store_target, ["ask how" if n % 4 == 0 else "hello" for n in range(SHARED)])
    ran = [ticket for racer in race(racers.work, store_target) for ticket in racer]
    tickets = _all_right(store_target)
    assert Counter(each.status for each in tickets) == {
        Status.ANSWERED: SHARED * 3 // 4 + APPROVED,
        Status.WAITING: SHARED // 4,
    }
    assert set(ran) == {each.id for each in tickets}
    assert {_runs(each) for each in tickets} == {1, 2}
    assert sum(map(_runs, tickets)) == SHARED + 2 * APPROVED
    paid = sorted(int(each.amount) for each in payments_of(store_target).all())
    assert paid == list(range(100, 100 + APPROVED))


def test_a_customer_replies_and_closes_while_admins_decide(store_target: Target) -> None:
    filed(store_target, ["pay 5" for _ in range(MEDDLED)])
    _run_all(store_target)
    told = [
        each for racer in race(racers.meddle, store_target, _shown(store_target)) for each in racer
    ]
    _run_all(store_target)
    tickets = {each.id: each for each in _all_right(store_target)}
    assert len(tickets) == MEDDLED
    assert [each for each in told if not _came_true(each, tickets[each.ticket])] == []


def test_eight_writers_on_one_new_file_never_find_it_locked(tmp_path: Path) -> None:
    homes = [str(tmp_path / str(n)) for n in range(3)]
    longest = max(race(racers.write, homes))
    print(f"longest wait of {RACERS} writers for one write: {longest * 1000:.0f} ms")
    for home in homes:
        tickets = _all_right({"SUPPORT_HOME": home})
        assert len(tickets) == RACERS * racers.MINE
        assert {each.status for each in tickets} == {Status.ANSWERED}


def _names_winner(told: Told, winners: dict[str, str]) -> bool:
    if told.words is None:
        return True
    winner = winners[told.ticket]
    pattern = rf"{winner} decided request r1 of {told.ticket} at [0-9-]+ [0-9:]+ UTC \(respond\): "
    return re.match(pattern + f"“words of {winner}”", told.words) is not None


def _came_true(told: Told, ticket: Ticket) -> bool:
    """Tell whether what a racer was told is what the ticket says."""
    accepted = told.words is None
    match told.wish:
        case "reply":
            said = f"more from {told.who.removeprefix('admin')}"
            return accepted == any(each.text == said for each in ticket.messages)
        case "close":
            return not accepted or ticket.status is Status.CLOSED
        case "decide":
            by = {each.decision.by for each in ticket.decided if each.decision}
            return accepted == (told.who in by)
    return True


def _runs(ticket: Ticket) -> int:
    claims = [each for each in ticket.trail if each.type == "claimed"]
    assert len(claims) == sum(each.type == "settled" for each in ticket.trail)
    return len(claims)


def _all(desk: Desk) -> list[Ticket]:
    page = desk.documents.find(Ticket, fields=("id",), limit=1000)
    return [desk.tickets.of_anyone(row["id"]) for row in page.rows]


def _all_right(target: Target) -> list[Ticket]:
    """Load every ticket, after checking that none breaks an invariant."""
    payments = payments_of(target)
    with open_desk(target) as desk:
        tickets = _all(desk)
        assert [wrong for each in tickets for wrong in wrongs(desk, each, payments)] == []
    return tickets


def _shown(target: Target) -> list[Shown]:
    with open_desk(target) as desk:
        return [
            (ticket.id, request.id, request.fingerprint)
            for ticket in _all(desk)
            for request in ticket.open_requests
        ]


def _run_all(target: Target) -> None:
    with open_desk(target) as desk:
        for ticket in list(desk.runs.due()):
            desk.runs.run(ticket)


def _approve_all(target: Target) -> None:
    shown = _shown(target)
    with open_desk(target) as desk:
        for ticket, request, fingerprint in shown:
            answer = Answer(Choice.APPROVE, request=request, if_match=fingerprint)
            desk.decisions.decide(ticket, desk.admin("ada"), answer)
