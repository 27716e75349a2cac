"""Lines of work: what is read, what is refused, and that a bad line spoils no other."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_cli.domain.request import Choice
from support_cli.domain.work import (
    LINE_LIMIT,
    Question,
    Said,
    Target,
    Work,
    parse_question,
    parse_work,
    without_orders,
)
from support_cli.errors import UsageError
from support_cli.services.cells import as_it_was, harmless
from support_cli.services.raw_lines import Line
from support_cli.services.work_lines import QUESTION_COLUMNS, WORK_COLUMNS, read_lines

T = "K7M2-9QXD"
RESPOND = {"type": "respond", "message": "Yes."}


def read(content: bytes, columns: Sequence[str] = WORK_COLUMNS) -> list[Line]:
    return list(read_lines(io.BytesIO(content), columns, lambda *_: None, is_csv=None))


def faults(lines: list[Line]) -> dict[int, str]:
    return {line.number: line.fault for line in lines if line.fault is not None}


@pytest.mark.parametrize(
    ("line", "work"),
    [
        ({"ticket": T}, Work((Target(T),), None, None)),
        ({"ticket": T, "decision": None}, Work((Target(T),), None, None)),
        ({"ticket": T, "decision": {"type": "", "message": ""}}, Work((Target(T),), None, None)),
        (
            {"ticket": T, "request": "r1", "fingerprint": "f", "decision": RESPOND},
            Work((Target(T, "r1", "f"),), Said(Choice.RESPOND, "Yes."), None),
        ),
        (
            {"ticket": T, "custom_id": "x", "decision": {"type": " Approve "}},
            Work((Target(T),), Said(Choice.APPROVE), "x"),
        ),
        (
            {"ticket": T, "decision": {"type": "edit", "args": {"amount": "1"}}},
            Work((Target(T),), Said(Choice.EDIT, args={"amount": "1"}), None),
        ),
        (
            {"ticket": None, "tickets": [{"ticket": T}, {"ticket": "B"}], "decision": RESPOND},
            Work((Target(T), Target("B")), Said(Choice.RESPOND, "Yes."), None),
        ),
        ({"ticket": T, "tickets": []}, Work((Target(T),), None, None)),
        ({"ticket": T, "args": {"a": 1}}, Work((Target(T),), None, None, {"a": 1})),
    ],
)
def test_a_line_of_work_is_read(line: dict[str, Any], work: Work) -> None:
    assert parse_work(line) == work


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ({}, "“ticket” is missing"),
        ({"ticket": ""}, "“ticket” is missing"),
        ({"ticket": 7}, "“ticket” is not a text"),
        ({"ticket": T, "custom_id": 7}, "“custom_id” is not a text"),
        ({"ticket": T, "fingerprnt": "f"}, "did you mean “fingerprint”"),
        ({"ticket": T, "decision": "approve"}, "“decision” is an object"),
        ({"ticket": T, "decision": {"type": "maybe"}}, "“maybe” is none of approve"),
        ({"ticket": T, "decision": {"kind": "approve"}}, "“kind” is not known"),
        ({"ticket": T, "decision": {"message": "Yes."}}, "no type"),
        ({"ticket": T, "decision": {"type": "respond"}}, "An answer needs a text"),
        ({"ticket": T, "decision": {"type": "respond", "message": " "}}, "An answer needs a text"),
        ({"ticket": T, "decision": {"type": "edit"}}, "needs the arguments"),
        ({"ticket": T, "decision": {"type": "edit", "args": []}}, "“args” are an object"),
        ({"ticket": T, "decision": {"type": "approve", "args": {"a": 1}}}, "Only an edit"),
        ({"ticket": T, "tickets": [{"ticket": T}]}, "exclude each other"),
        ({"tickets": [T]}, "list of objects"),
        ({"ticket": T, "args": [1]}, "“args” are an object"),
        ({"tickets": {"ticket": T}}, "list of objects"),
        ({"tickets": [{"ticket": T, "reqest": "r1"}]}, "did you mean “request”"),
        ({"tickets": [{"request": "r1"}]}, "“ticket” is missing"),
    ],
)
def test_a_line_of_work_is_refused(line: dict[str, Any], problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        parse_work(line)


def test_a_question_is_read() -> None:
    asked = parse_question({"text": "Why?", "key": "k", "customer": "ann", "custom_id": ""})
    assert asked == Question("Why?", "k", "ann", None)


@pytest.mark.parametrize(
    ("line", "problem"),
    [({"key": "k"}, "“text” is missing"), ({"text": 1}, "not a text"), ({"txt": "a"}, "“text”")],
)
def test_a_question_is_refused(line: dict[str, Any], problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        parse_question(line)


BAD_JSON: list[tuple[bytes, str]] = [
    (b"nope", "not JSON"),
    (b"[1]", "not a JSON object"),
    (b"7", "not a JSON object"),
    (b'{"ticket": NaN}', "NaN is no number"),
    (b'{"ticket": "a", "ticket": "b"}', "a key twice"),
    (b'{"ticket": "\\ud800"}', "cannot be kept"),
    (b'{"ticket": "\xff"}', "not UTF-8"),
    (b'{"n": ' + b"9" * 5000 + b"}", "cannot be kept"),
    (b'{"a":' + b"[" * 100_000 + b"}", "nested too deeply"),
    (b'{"ticket": "' + b"x" * LINE_LIMIT + b'"}', "more than 1,048,576 bytes"),
]


@pytest.mark.parametrize(("bad", "problem"), BAD_JSON, ids=[why for _, why in BAD_JSON])
def test_a_bad_line_of_json_spoils_no_other(bad: bytes, problem: str) -> None:
    lines = read(b'{"ticket": "A"}\n\n' + bad + b'\n{"ticket": "B"}')
    assert [line.value for line in lines] == [{"ticket": "A"}, None, {"ticket": "B"}]
    assert list(faults(lines)) == [3]
    assert problem in faults(lines)[3]


def test_a_line_of_exactly_one_mebibyte_is_read() -> None:
    line = b'{"ticket": "' + b"x" * (LINE_LIMIT - 14) + b'"}'
    assert len(line) == LINE_LIMIT
    assert not faults(read(line + b"\n" + line))


def test_nothing_is_read_from_nothing() -> None:
    assert read(b"") == read(b"\n \n") == []


HEAD = b"ticket,fingerprint,decision,message\n"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("delimiter", [b",", b";", b"\t"])
def test_csv_is_read_as_spreadsheets_write_it(mark: bytes, end: bytes, delimiter: bytes) -> None:
    content = mark + HEAD + b'A,f,respond,"One ""word"".\nTwo."\nB,,,\n'
    content = content.replace(b",", delimiter).replace(b"\n", end)
    first, second = read(content)
    assert first.value is not None
    assert second.value is not None
    message = f'One "word".{end.decode()}Two.'
    assert first.value["decision"] == {"type": "respond", "message": message, "args": None}
    assert (first.number, second.number) == (2, 4)
    assert parse_work(second.value).said is None


def test_cells_of_csv_may_hold_json() -> None:
    row = [json.dumps([{"ticket": "A"}, {"ticket": "B"}]), "edit", '{"amount": "9.00"}']
    text = io.StringIO()
    csv.writer(text).writerows([["tickets", "decision", "changed_args"], row])
    (line,) = read(text.getvalue().encode())
    assert line.value is not None
    said = Said(Choice.EDIT, args={"amount": "9.00"})
    assert parse_work(line.value) == Work((Target("A"), Target("B")), said, None)


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        (b"A,f,respond\n", "3 cells; the head has 4"),
        (b'A,"f"x,respond,Yes\n', "not CSV"),
        (b"A,f,respond,\x81\n", "not UTF-8"),
        (b"A,f,respond," + b"x" * LINE_LIMIT + b"\n", "more than 1,048,576 bytes"),
    ],
)
def test_a_bad_record_of_csv_spoils_no_other(bad: bytes, problem: str) -> None:
    lines = read(HEAD + b"A,f,respond,Yes\n" + bad + b"B,f,respond,Yes\n")
    assert [line.value is None for line in lines] == [False, True, False]
    assert list(faults(lines)) == [3]
    assert problem in faults(lines)[3]


def test_behind_an_open_quote_a_customers_text_is_never_a_record() -> None:
    planted = b'query,ticket,decision,message\n"no end,A,,\n"Hi,\nmine,B,approve,now\n",C,,\n'
    lines = read(planted)
    assert [line.value for line in lines] == [None]
    assert "From here on the file was not read" in faults(lines)[2]


@pytest.mark.parametrize(
    "head",
    [
        b"ticket,decison\n",
        b"hello\n",
        b"ticket,ticket\n",
        b'[{"ticket": "A"}]\n',
        b"\xff\n",
        b"ticket\rA",
    ],
)
def test_a_head_that_is_none_is_refused(head: bytes) -> None:
    with pytest.raises(UsageError, match=r"neither JSON nor a CSV's head|did you mean"):
        read(head + b"A,approve\n")


def test_questions_come_as_csv_too() -> None:
    (line,) = read(b"text,key\nWhy?,k\n", QUESTION_COLUMNS)
    assert line.value == {"text": "Why?", "key": "k"}


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\n", "\uff1d"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(first: str) -> None:
    assert harmless(f"{first}cmd|x") == f"'{first}cmd|x"


CELLS = st.text(alphabet=st.sampled_from("'\"=+-@;,\t\r\n\v a1\xa0\uff1d\u240d\u241b"))


@given(CELLS | st.text())
def test_a_harmless_cell_is_read_back_as_it_was(cell: str) -> None:
    assert as_it_was(harmless(cell)) == cell


@given(CELLS, st.sampled_from(",;\t"))
def test_no_cell_begins_a_formula_however_a_spreadsheet_parts_the_row(cell: str, sep: str) -> None:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(["a", harmless(cell)])
    seen = [each for row in csv.reader(io.StringIO(text.getvalue()), delimiter=sep) for each in row]
    assert not [each for each in seen if each.lstrip('" \v\xa0').startswith(tuple("=+-@\uff1d"))]


@given(st.dictionaries(st.sampled_from(("custom_id", "message", "customer")), CELLS, min_size=1))
def test_what_is_written_as_csv_is_read_back_to_the_same_values(row: dict[str, str]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, ["ticket", *row], quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writeheader()
    writer.writerow({"ticket": T} | {name: harmless(cell) for name, cell in row.items()})
    (line,) = read(text.getvalue().encode())
    assert line.value is not None
    given = {**line.value, **(line.value.get("decision") or {})}
    assert {name: given[name] for name in row} == {
        name: cell if cell.strip() else None for name, cell in row.items()
    }


def same(one: str, other: str) -> bool:
    def is_order(name: str) -> bool:
        return name.upper().startswith("ORD-")

    return without_orders(one, is_order) == without_orders(other, is_order)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Where is my order?", " Where is my\n order? "),
        ("Where is ORD-1042?", "Where is ord-7?"),
        ("(ORD-1042): not here", "(ORD-1043): not here"),
    ],
)
def test_questions_that_differ_in_order_ids_alone_ask_the_same(one: str, other: str) -> None:
    assert same(one, other)
