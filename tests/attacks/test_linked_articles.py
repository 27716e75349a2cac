"""What lies outside a folder of articles does not become one."""

from __future__ import annotations

import os
import socket
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Ran, Run

SECRET = "-----BEGIN PRIVATE KEY-----"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """Give a folder with an article, beside one with a secret."""
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "key.md").write_text(SECRET)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "good.md").write_text("# Good")
    return tmp_path / "docs"


def add(run: Run, *paths: Path | str) -> Ran:
    return run("admin", "knowledge", "add", *map(str, paths))


def kept(run: Run) -> list[str]:
    return [each["id"] for each in run("admin", "knowledge", "list", "--json").json["articles"]]


@pytest.mark.parametrize("target", ["../private/key.md", "../private", "/dev/zero", "missing"])
@pytest.mark.parametrize("name", ["linked.md", "deeper/linked.md"])
def test_a_link_in_a_folder_is_not_followed_and_told(
    run: Run, docs: Path, name: str, target: str
) -> None:
    link = docs / name
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(docs / target)
    ran = add(run, docs)
    assert ran.code == 0
    assert f"Not followed: {link}" in ran.err
    assert kept(run) == ["good"]


def test_a_linked_folder_is_not_followed(run: Run, docs: Path) -> None:
    (docs / "more").symlink_to(docs.parent / "private")
    ran = run("admin", "knowledge", "add", str(docs), "--json")
    assert ran.json["skipped"] == [str(docs / "more")]
    assert kept(run) == ["good"]


def test_a_link_is_not_an_article_where_a_shell_has_named_it(run: Run, docs: Path) -> None:
    """`add docs/*` names the links in the folder."""
    (docs / "key.md").symlink_to(docs.parent / "private" / "key.md")
    (docs / "more").symlink_to(docs.parent / "private")
    for path in (docs / "key.md", docs / "more", f"{docs}/more/"):
        ran = add(run, docs / "good.md", path)
        assert (ran.code, kept(run)) == (2, [])
        assert "is a link" in ran.err


def test_pipes_and_sockets_hold_nobody(
    run: Run, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(docs / "pipe.md")
    monkeypatch.chdir(docs)
    with closing(socket.socket(socket.AF_UNIX)) as listening:
        listening.bind("socket.md")
        assert add(run, ".").code == 0
    assert kept(run) == ["good"]


def test_a_folder_of_nothing_but_links_adds_nothing(run: Run, docs: Path) -> None:
    (docs / "good.md").unlink()
    (docs / "key.md").symlink_to(docs.parent / "private" / "key.md")
    assert add(run, docs).code == 2
