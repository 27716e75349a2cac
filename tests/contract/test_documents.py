"""The contract of a document store, held by every backend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from support_cli.domain.article import Article
from support_cli.domain.request import Choice, Decision, Kind, Request
from support_cli.domain.ticket import Lease, Message, Role, Status, Ticket
from support_cli.domain.trail import Actor, Stamp, extend
from support_cli.errors import UsageError
from support_cli.services.ports import Documents, Key

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ODD = [
    "",
    "nul\0inside",
    "🦜🇩🇰",
    "𐍈 four bytes",
    "a\x1fb",
    "line\nbreak",
    "'; DROP TABLE documents --",
]


def ticket(id: str = "AAAA-0001", minutes: int = 0, **changes: Any) -> Ticket:
    at = NOON + timedelta(minutes=minutes)
    plain = Ticket(
        id=id,
        customer="ann",
        subject="parcel",
        status=Status.READY,
        since=at,
        created_at=at,
        updated_at=at,
        messages=(),
    )
    return replace(plain, **changes)


def request(kind: Kind = Kind.QUESTION) -> Request:
    return Request(id=f"r-{kind}", kind=kind, query="Where is it?", created_at=NOON)


def article(id: str, *terms: str) -> Article:
    return Article(id=id, title=id.title(), text=f"# {id}", terms=terms, at=NOON, by="eve")


def full_ticket() -> Ticket:
    decision = Decision(Choice.RESPOND, "tomorrow", "eve", NOON, "f" * 20, seen=1, verbatim=True)
    asked = replace(
        request(),
        tool="human_assistance",
        args={"$where": "1", "a.b": [1, 2.5, None, {"": True}]},
        reason="it asks",
        call="call_1",
        interrupt="i-1",
        fingerprint="f" * 20,
    )
    stamp = Stamp(NOON, Actor("eve", "eve@desk"), "0123456789abcdef")
    trail = extend((), stamp, "decided", request="r-1", count=3, verbatim=True, note=None)
    return ticket(
        messages=(Message("m-1", Role.CUSTOMER, "Hi 🦜", NOON, "ann", human=True),),
        requests=(asked, request(Kind.FAILURE)),
        decided=(replace(asked, decision=decision),),
        lease=Lease("worker", NOON + timedelta(seconds=30, microseconds=1)),
        fence=2**40,
        failures=2,
        error="no key",
        head="c-1",
        trail=trail,
        seal=trail[-1].hash,
    )


def ids(documents: Documents, **how: Any) -> list[str]:
    return [row["id"] for row in documents.find(Ticket, fields=["id"], **how).rows]


def walk(documents: Documents, limit: int, **how: Any) -> list[str]:
    """Read a list page by page."""
    seen: list[str] = []
    after: str | None = None
    while True:
        page = documents.find(Ticket, fields=["id"], limit=limit, after=after, **how)
        seen += [row["id"] for row in page.rows]
        after = page.next
        if after is None:
            return seen


def fill(documents: Documents, records: Sequence[Any]) -> None:
    assert all(documents.insert(record) for record in records)


def test_a_full_ticket_comes_back_as_it_was(documents: Documents) -> None:
    fill(documents, [full_ticket()])
    assert documents.get(Ticket, "AAAA-0001") == replace(full_ticket(), version=1)


def test_an_unknown_id_is_none(documents: Documents) -> None:
    assert documents.get(Ticket, "AAAA-0001") is None


def test_an_id_is_inserted_once(documents: Documents) -> None:
    fill(documents, [ticket(subject="first")])
    assert not documents.insert(ticket(subject="second"))
    stored = documents.get(Ticket, "AAAA-0001")
    assert stored is not None
    assert (stored.subject, stored.version) == ("first", 1)


def test_kinds_do_not_share_ids(documents: Documents) -> None:
    fill(documents, [ticket("same"), article("same"), Key("same", ticket="AAAA-0001")])
    assert documents.get(Key, "same") == Key("same", ticket="AAAA-0001", version=1)


def test_a_replaced_record_has_the_next_version(documents: Documents) -> None:
    fill(documents, [ticket()])
    assert documents.replace(ticket(subject="other", version=1))
    assert documents.get(Ticket, "AAAA-0001") == ticket(subject="other", version=2)


@pytest.mark.parametrize("version", [0, 2])
def test_a_record_of_another_version_is_not_replaced(documents: Documents, version: int) -> None:
    fill(documents, [ticket()])
    assert not documents.replace(ticket(subject="other", version=version))
    assert documents.get(Ticket, "AAAA-0001") == ticket(version=1)


def test_a_record_that_is_not_there_is_not_replaced(documents: Documents) -> None:
    assert not documents.replace(ticket(version=1))
    assert documents.get(Ticket, "AAAA-0001") is None


def test_a_deleted_record_is_gone_from_everywhere(documents: Documents) -> None:
    fill(documents, [ticket("x"), article("x", "parcel")])
    assert documents.delete(Ticket, "x")
    assert documents.delete(Article, "x")
    assert not documents.delete(Article, "x")
    assert ids(documents) == []
    assert documents.search(Article, ["parcel"], 5) == []


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_survive(documents: Documents, text: str) -> None:
    odd = ticket(text or "id", subject=text, customer=text, error=text)
    fill(documents, [odd])
    assert documents.get(Ticket, odd.id) == replace(odd, version=1)
    page = documents.find(Ticket, fields=["subject", "error"], where={"customer": text})
    assert page.rows == [{"subject": text, "error": text}]


def test_a_mebibyte_of_text_survives(documents: Documents) -> None:
    long = ticket(subject="æ" * 2**19)
    fill(documents, [long])
    assert documents.get(Ticket, long.id) == replace(long, version=1)


def test_rows_hold_the_fields_named_and_their_types(documents: Documents) -> None:
    fill(documents, [full_ticket()])
    (row,) = documents.find(Ticket, fields=["status", "requests", "lease", "since"]).rows
    whole = full_ticket()
    assert row == {
        "status": Status.READY,
        "requests": whole.requests,
        "lease": whole.lease,
        "since": whole.since,
    }
    assert isinstance(row["status"], Status)


def test_lists_are_ordered_by_the_sort_attribute_then_the_id(documents: Documents) -> None:
    fill(documents, [ticket("C", 1), ticket("B", 2), ticket("A", 1), ticket("D", 0)])
    assert ids(documents) == ["D", "A", "C", "B"]
    assert ids(documents, descending=True) == ["B", "C", "A", "D"]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8])
def test_pages_have_every_record_once(documents: Documents, limit: int, descending: bool) -> None:
    fill(
        documents,
        [ticket(name, int(minute)) for name, minute in zip("ABCDEFG", "0111122", strict=True)],
    )
    expected = list("ABCDEFG")
    if descending:
        expected.reverse()
    assert walk(documents, limit, descending=descending) == expected


def test_a_page_that_holds_the_rest_has_no_next(documents: Documents) -> None:
    fill(documents, [ticket("A"), ticket("B")])
    assert documents.find(Ticket, fields=["id"], limit=2).next is None
    assert documents.find(Ticket, fields=["id"], limit=1).next is not None


def test_a_page_goes_on_where_the_last_row_was_deleted(documents: Documents) -> None:
    fill(documents, [ticket("A", 1), ticket("B", 2), ticket("C", 3)])
    first = documents.find(Ticket, fields=["id"], limit=2)
    documents.delete(Ticket, "B")
    assert ids(documents, after=first.next) == ["C"]


@pytest.mark.parametrize("descending", [False, True])
def test_until_is_a_bound_that_is_not_reached(documents: Documents, descending: bool) -> None:
    fill(documents, [ticket(name, minute) for minute, name in enumerate("ABCD")])
    until = NOON + timedelta(minutes=2)
    assert sorted(ids(documents, until=until, descending=descending)) == ["A", "B"]
    assert sorted(walk(documents, 1, until=until, descending=descending)) == ["A", "B"]


def test_facets_combine(documents: Documents) -> None:
    waiting = {"status": Status.WAITING, "requests": (request(), request(Kind.FAILURE))}
    fill(
        documents,
        [
            ticket("A", 0, **waiting),
            ticket("B", 1, **waiting, customer="bob"),
            ticket("C", 2, status=Status.WAITING, requests=(request(Kind.FAILURE),)),
            ticket("D", 3),
        ],
    )
    assert ids(documents, where={"status": "waiting"}) == ["A", "B", "C"]
    assert ids(documents, where={"kinds": "failure"}) == ["A", "B", "C"]
    assert ids(documents, where={"kinds": "question", "customer": "ann"}) == ["A"]
    assert ids(documents, where={"customer": "ann", "status": "ready"}) == ["D"]
    assert ids(documents, where={"status": "closed"}) == []


def test_pages_keep_to_their_facets(documents: Documents) -> None:
    fill(documents, [ticket(name, 0, customer="ab"[i % 2]) for i, name in enumerate("ABCDEF")])
    assert walk(documents, 2, where={"customer": "b"}) == ["B", "D", "F"]


def test_a_replaced_record_is_listed_where_it_is_now(documents: Documents) -> None:
    fill(documents, [ticket("A", 1), ticket("B", 2)])
    documents.replace(ticket("A", 3, status=Status.CLOSED, version=1))
    assert ids(documents) == ["B", "A"]
    assert ids(documents, where={"status": "ready"}) == ["B"]
    assert ids(documents, where={"status": "closed"}) == ["A"]


@pytest.mark.parametrize(
    "name",
    ['{"$ne": 1}', "$ne", 'ann"],["status","ready', "a\x1fb", "%", "*", "' OR 1=1 --", "ann\0", ""],
)
def test_a_customer_sees_nobody_elses_tickets(documents: Documents, name: str) -> None:
    fill(documents, [ticket("A"), ticket("B", customer="a"), ticket("C", customer=name)])
    assert ids(documents, where={"customer": name}) == ["C"]
    assert ids(documents, where={"customer": name, "status": "ready"}) == ["C"]


def test_an_id_is_never_an_operator(documents: Documents) -> None:
    fill(documents, [ticket("A")])
    assert documents.get(Ticket, '{"$gt": ""}') is None
    assert not documents.delete(Ticket, "$gt")


def test_what_no_index_serves_cannot_be_asked(documents: Documents) -> None:
    with pytest.raises(LookupError):
        documents.find(Ticket, fields=["id"], where={"subject": "parcel"})
    with pytest.raises(LookupError):
        documents.find(Key, fields=["id"])


def test_a_property_is_not_a_field(documents: Documents) -> None:
    fill(documents, [ticket()])
    with pytest.raises(LookupError):
        documents.find(Ticket, fields=["kinds"])


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "????", "bm8", "WzEsMl0", "eyJhIjoxLCJiIjoyfQ", "é", "W1tb", "WyJcdWQ4MDAiLCJ4Il0"],
)
def test_a_cursor_that_cannot_be_read_is_the_callers_fault(
    documents: Documents, cursor: str
) -> None:
    with pytest.raises(UsageError, match="cursor cannot be read"):
        documents.find(Ticket, fields=["id"], after=cursor)


def test_search_puts_the_most_matching_terms_first(documents: Documents) -> None:
    fill(
        documents,
        [
            article("late", "parcel", "late", "refund"),
            article("lost", "parcel", "lost", "lost", "lost"),
            article("both", "parcel", "late", "lost"),
            article("other", "invoice"),
        ],
    )
    terms = ["parcel", "late", "lost", "lost", "unknown"]
    assert [found.id for found in documents.search(Article, terms, 10)] == ["both", "late", "lost"]
    assert [found.id for found in documents.search(Article, terms, 2)] == ["both", "late"]


def test_search_gives_whole_records(documents: Documents) -> None:
    fill(documents, [article("late", "parcel")])
    assert documents.search(Article, ["parcel"], 1) == [
        replace(article("late", "parcel"), version=1)
    ]


@pytest.mark.parametrize("terms", [[], ["$parcel"], ["$$ROOT"], ['{"$ne": ""}'], ["%"]])
def test_search_finds_nothing_for_what_is_no_term(documents: Documents, terms: list[str]) -> None:
    fill(documents, [article("late", "parcel")])
    assert documents.search(Article, terms, 5) == []


def test_search_takes_any_number_of_terms(documents: Documents) -> None:
    fill(documents, [article("late", "parcel")])
    terms = [f"word{number}" for number in range(5_000)]
    assert [found.id for found in documents.search(Article, [*terms, "parcel"], 5)] == ["late"]


def test_search_follows_a_changed_article(documents: Documents) -> None:
    fill(documents, [article("late", "parcel")])
    documents.replace(replace(article("late", "invoice"), version=1))
    assert documents.search(Article, ["parcel"], 5) == []
    assert len(documents.search(Article, ["invoice"], 5)) == 1


def test_the_name_tells_where_the_documents_are(documents: Documents) -> None:
    assert "support" in documents.name or "127.0.0.1" in documents.name
