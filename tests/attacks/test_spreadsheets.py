"""A spreadsheet neither runs a customer's text nor changes what is decided."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from support_cli.services.work_lines import WORK_COLUMNS
from tests.cli.conftest import Ran, Run

Rows = list[dict[str, str]]
YES = {"decision": "respond", "message": "Yes."}


@pytest.fixture
def exported(run: Run) -> Callable[[str], str]:
    """Give a way to ask a question that waits, and to export it as CSV."""

    def export(text: str) -> str:
        assert run("submit", text).code == 0
        return run("admin", "export", "--csv").out

    return export


def rows_of(text: str) -> Rows:
    return list(csv.DictReader(io.StringIO(text)))


def saved(rows: Rows, delimiter: str = ",") -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def batch(run: Run, content: bytes, *options: str) -> Ran:
    Path("work.csv").write_bytes(content)
    return run("admin", "batch", "work.csv", *(options or ("--yes",)))


def outcomes(ran: Ran) -> list[str]:
    return [json.loads(line)["outcome"] for line in ran.out.splitlines()]


@pytest.mark.parametrize(
    "text", ["hi\r=cmd|calc", "hi;=cmd|calc", "hi\t=cmd|calc", "hi\n=cmd|calc", 'hi;"=cmd|calc"']
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_text_of_a_customers_becomes_a_formula(
    exported: Callable[[str], str], text: str, delimiter: str
) -> None:
    raw = exported(f"ask: {text}")
    rows = csv.reader(raw.replace("\r", "\n").split("\n"), delimiter=delimiter)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", '"='))]


@pytest.mark.parametrize("text", ["one\rtwo", "a\r\nb", "\r", "x ␍ ␛ y\r", "'=1", "; '=1"])
def test_a_batch_reads_its_own_export(run: Run, exported: Callable[[str], str], text: str) -> None:
    (row,) = rows_of(exported(f"ask: {text}!"))
    assert outcomes(batch(run, saved([row | YES]).encode())) == ["applied"]


@pytest.mark.parametrize("as_csv", [True, False])
def test_arguments_changed_beside_an_approval_pay_nothing(run: Run, as_csv: bool) -> None:
    """The decision would be about the old ones, and the person has just read the new ones."""
    ticket = run("submit", "approve: Refund?", "--customer", "ann", "--json").ticket
    if as_csv:
        (row,) = rows_of(run("admin", "export", "--csv").out)
        row |= {"decision": "approve", "args": row["args"].replace("20.00", "5.00")}
        content = saved([row])
    else:
        line = json.loads(run("admin", "export").out)
        line["args"]["amount"] = "5.00"
        content = json.dumps(line | {"decision": {"type": "approve"}})
    path = "work.csv" if as_csv else "work.jsonl"
    Path(path).write_text(content)
    ran = run("admin", "batch", path, "--yes")
    assert (ran.code, outcomes(ran)) == (1, ["invalid"])
    assert "waiting" in run("status", ticket, "--customer", "ann").out


def test_an_approval_of_the_arguments_as_they_were_is_applied_and_then_unchanged(run: Run) -> None:
    run("submit", "approve: Refund?", "--customer", "ann")
    (row,) = rows_of(run("admin", "export", "--csv").out)
    content = saved([row | {"decision": "approve"}]).encode()
    assert outcomes(batch(run, content)) == ["applied"]
    assert outcomes(batch(run, content)) == ["unchanged"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_a_file_of_utf_16_is_read(run: Run, exported: Callable[[str], str], encoding: str) -> None:
    (row,) = rows_of(exported("ask: Größe? 世"))
    mark = "\ufeff" if encoding.endswith("e") else ""
    content = (mark + saved([row | YES], "\t")).encode(encoding)
    assert outcomes(batch(run, content)) == ["applied"]


def test_half_a_character_of_utf_16_spoils_its_own_line_only(run: Run) -> None:
    first, second = (run("submit", f"ask: {n}?", "--json").ticket for n in "12")
    head = "ticket,decision,message\n"
    text = f"{head}{first},respond,\ud800\n{second},respond,Yes.\n"
    content = b"\xff\xfe" + text.encode("utf-16-le", "surrogatepass") + b"x"
    ran = batch(run, content, "--dry-run")
    assert "1 will apply" in ran.out
    assert "Line 2" in ran.err


def test_a_separator_is_declared_on_the_first_line(
    run: Run, exported: Callable[[str], str]
) -> None:
    (row,) = rows_of(exported("ask: Why?"))
    content = b"sep=;\r\n" + saved([row | YES | {"message": "a, b, c"}], ";").encode()
    assert outcomes(batch(run, content)) == ["applied"]


def test_columns_of_ones_own_are_named_and_ignored(
    run: Run, exported: Callable[[str], str]
) -> None:
    (row,) = rows_of(exported("ask: Why?"))
    text = saved([row | YES | {"owner": "bob", "": ""}]) + "," * len(row) + "\n"
    content = "".join(f"{line},,\n" for line in text.splitlines()).encode()
    ran = batch(run, content)
    assert outcomes(ran) == ["applied"]
    assert "Line 1 has columns that are ignored: “owner”, 3 more" in ran.err


def test_a_misspelt_column_is_not_ignored(run: Run) -> None:
    ran = batch(run, b"ticket,decison\nK7M2-9QXD,approve\n")
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean “decision”?" in ran.err


def test_windows_letters_are_read_and_told_with_their_line(
    run: Run, exported: Callable[[str], str]
) -> None:
    (row,) = rows_of(exported("ask: Why?"))
    content = saved([row | YES | {"message": "Größe 3 € ok"}]).encode("cp1252")
    ran = batch(run, content)
    assert json.loads(ran.out)["reply"].endswith("Größe 3 € ok")
    assert "Line 2 is not UTF-8, and was read as Windows-1252." in ran.err
    assert "remarks" in batch(run, content, "--dry-run", "--json").json["plan"]


def test_every_cell_is_quoted(exported: Callable[[str], str]) -> None:
    head, *_ = exported("ask: Why?").splitlines()
    assert head == ",".join(f'"{name}"' for name in WORK_COLUMNS)


def test_questions_come_with_columns_of_ones_own_too(run: Run) -> None:
    Path("q.csv").write_bytes("sep=;\ntext;owner\nGröße?;bob\n".encode("cp1252"))
    ran = run("submit", "--batch", "q.csv", "--customer", "ann")
    assert outcomes(ran) == ["applied"]
    assert "“owner”" in ran.err
