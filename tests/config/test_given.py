"""Where settings come from, and how they are listed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from support_cli.errors import UsageError
from support_cli.settings import load
from tests.cli.conftest import Run
from tests.cli.conftest import agent as agent
from tests.cli.conftest import run as run


def listed(run: Run) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in run("config", "--json").json["settings"]}


def test_every_setting_is_listed_with_where_it_came_from(run: Run, tmp_path: Path) -> None:
    Path(".env").write_text("SUPPORT_CUSTOMER=ann\nOPENAI_API_KEY=sk-1\n")
    rows = listed(run)
    assert rows["SUPPORT_HOME"]["source"] == "environment"
    assert (rows["SUPPORT_LEASE"]["value"], rows["SUPPORT_LEASE"]["source"]) == ("60s", "default")
    assert rows["SUPPORT_CUSTOMER"]["source"] == str(tmp_path / ".env")
    assert (rows["OPENAI_API_KEY"]["value"], rows["OPENAI_API_KEY"]["counts"]) == ("***", False)


def test_the_settings_are_listed_where_they_cannot_be_used(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPPORT_LEASE", "for ever")
    ran = run("config")
    assert ran.code == 0
    assert "SUPPORT_LEASE\tfor ever\tenvironment" in ran.out
    assert "“for ever” is not a duration" in ran.err


def test_an_unknown_name_is_told_with_the_nearest_spelling(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPPORT_CUSTMER", "ann")
    assert listed(run)["SUPPORT_CUSTMER"]["remark"] == (
        "not a setting; did you mean SUPPORT_CUSTOMER?"
    )
    assert "SUPPORT_CUSTMER" in run("admin", "doctor").out


def test_doctor_says_that_a_file_is_not_trusted(run: Run) -> None:
    Path(".env").write_text("SUPPORT_ACTIONS=x.toml\n")
    ran = run("admin", "doctor")
    assert ran.code == 1
    assert "support config trust" in ran.out


def test_doctor_notes_a_file_that_the_group_may_write(run: Run) -> None:
    Path(".env").write_text("SUPPORT_CUSTOMER=ann\n")
    Path(".env").chmod(0o660)
    ran = run("admin", "doctor")
    assert ran.code == 0
    assert "its group may write it" in ran.out


def test_the_environment_goes_before_the_file_so_nothing_is_asked(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MONGODB_URI_FILE=/nowhere\nSUPPORT_HOME=x\n")
    own = {"MONGODB_URI": "mongodb://mine", "SUPPORT_HOME": "/mine", "HOME": str(tmp_path)}
    settings = load(own, tmp_path / ".env")
    assert (settings.mongodb_uri, settings.home) == ("mongodb://mine", Path("/mine"))


def test_a_file_that_the_environment_names_is_trusted(tmp_path: Path) -> None:
    (tmp_path / "desk.env").write_text("SUPPORT_HOME=/mine\n")
    settings = load({"SUPPORT_ENV_FILE": str(tmp_path / "desk.env")})
    assert settings.home == Path("/mine")


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no file"):
        load({"SUPPORT_ENV_FILE": str(tmp_path / "missing.env")})


def test_a_folder_of_that_name_is_no_file_of_settings(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    assert load({}, tmp_path / ".env").model == "offline"


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("sk-1\n")
    (tmp_path / "link").symlink_to(tmp_path / "key")
    settings = load({"OPENAI_API_KEY_FILE": str(tmp_path / "link")})
    assert (settings.model_key, settings.model) == ("sk-1", "openai:gpt-5-mini")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "one line"),
        (b"sk-1\nsk-2\n", "one line"),
        (b"\xff", "not UTF-8"),
        (b"x" * 1024 * 1025, "too long"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_holds_no_secret_is_refused(
    tmp_path: Path, content: bytes | None, problem: str
) -> None:
    if content is not None:
        (tmp_path / "key").write_bytes(content)
    with pytest.raises(UsageError, match=problem):
        load({"OPENAI_API_KEY_FILE": str(tmp_path / "key")})


def test_a_secret_that_everybody_may_write_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("sk-1")
    (tmp_path / "key").chmod(0o606)
    with pytest.raises(UsageError, match="Everybody may write"):
        load({"OPENAI_API_KEY_FILE": str(tmp_path / "key")})


def test_a_secret_is_not_given_twice(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="exclude each other"):
        load({"OPENAI_API_KEY_FILE": "/key", "OPENAI_API_KEY": "sk-1"})


def test_nothing_is_trusted_where_there_is_nothing(run: Run) -> None:
    assert run("config", "trust").code == 5


@pytest.mark.parametrize(
    "name", ["SUPPORT_HOME", "SUPPORT_ACTIONS", "OPENAI_API_KEY_FILE", "SUPPORT_ENV_FILE"]
)
def test_a_home_that_there_is_not_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="no home"):
        load({name: "~nobody-of-that-name/x"})
