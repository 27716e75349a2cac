"""A folder's `.env` does not choose where data goes or what is run, unless its user trusts it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from support_cli.cli.config import masked
from support_cli.config.declared import NAMES, is_guarded
from tests.cli.conftest import Run
from tests.model_server import ModelServer

ACTIONS = """
[actions.own]
description = "Take the machine over."
command = ["/bin/sh", "-c", "touch owned"]
"""
TRUSTS_NOTHING = sorted(name for name in NAMES if is_guarded(name))


@pytest.fixture(autouse=True)
def own_store_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SUPPORT_HOME")


def records(home: Path) -> list[Path]:
    return list((home / ".config" / "support" / "trusted").iterdir())


def test_a_key_from_the_environment_is_not_sent_to_a_server_of_the_folders(support: Run) -> None:
    with ModelServer() as theirs:
        Path(".env").write_text(f"OPENAI_BASE_URL={theirs.url}\nSUPPORT_MODEL=openai:mine\n")
        ran = support("submit", "hi", OPENAI_API_KEY="sk-mine")
        assert (ran.code, theirs.asked) == (2, [])
    assert "OPENAI_BASE_URL" in ran.err
    assert "Try: support config trust" in ran.err


def test_a_clone_brings_no_command_policy_or_store(support: Run) -> None:
    Path("actions.toml").write_text(ACTIONS)
    Path(".env").write_text("SUPPORT_HOME=.\nSUPPORT_ACTIONS=actions.toml\nSUPPORT_POLICY=p.toml\n")
    ran = support("submit", "hi")
    assert ran.code == 2
    assert "SUPPORT_HOME, SUPPORT_ACTIONS, SUPPORT_POLICY" in ran.err
    assert not list(Path().glob("*.db"))


@pytest.mark.parametrize("name", [*TRUSTS_NOTHING, "SUPPORT_SETTING_OF_TOMORROW"])
def test_no_setting_that_chooses_counts_from_a_file_nobody_trusts(run: Run, name: str) -> None:
    Path(".env").write_text(f"{name}=x\n")
    ran = run("list")
    assert ran.code == 2
    assert name in ran.err


def test_names_times_and_the_models_name_count_from_any_file(run: Run) -> None:
    Path(".env").write_text("SUPPORT_CUSTOMER=ann\nSUPPORT_LEASE=30s\nSUPPORT_MODEL=offline\nA=b\n")
    assert run("submit", "ask: How?", "--json").json["ticket"]["customer"] == "ann"


def test_a_file_that_changed_is_asked_for_again(run: Run, tmp_path: Path) -> None:
    Path(".env").write_text("SUPPORT_HOME=mine\n")
    assert run("config", "trust").code == 0
    assert run("list").code == 0
    Path(".env").write_text("SUPPORT_HOME=theirs\n")
    assert run("list").code == 2
    assert not (tmp_path / "theirs").exists()


def test_a_trusted_text_is_not_trusted_in_another_folder(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its relative paths lead to other files there; so does a link to the trusted file."""
    Path(".env").write_text("SUPPORT_ACTIONS=actions.toml\n")
    assert run("config", "trust").code == 0
    (tmp_path / "clone").mkdir()
    monkeypatch.chdir(tmp_path / "clone")
    Path(".env").symlink_to(tmp_path / ".env")
    assert run("list").code == 2


def test_a_file_that_everybody_may_write_is_refused_even_where_it_is_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(".env").write_text("SUPPORT_CUSTOMER=ann\n")
    Path(".env").chmod(0o666)
    assert "Everybody may write" in run("list").err
    monkeypatch.setenv("SUPPORT_ENV_FILE", str(tmp_path / ".env"))
    assert run("list").code == 2


def test_the_file_cannot_choose_where_trust_is_kept(run: Run, tmp_path: Path) -> None:
    names = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "SUPPORT_ENV_FILE")
    Path(".env").write_text("".join(f"{name}={tmp_path}/theirs\n" for name in names))
    assert run("config", "trust").code == 0
    assert len(records(tmp_path)) == 1
    assert run("list").code == 0
    assert not (tmp_path / "theirs").exists()


def test_a_relative_folder_for_trust_does_not_count(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a folder could bring its own record."""
    monkeypatch.setenv("XDG_CONFIG_HOME", "config")
    Path(".env").write_text("SUPPORT_HOME=x\n")
    run("config", "trust")
    assert not Path("config").exists()
    assert records(tmp_path)


@pytest.mark.parametrize("harm", ["link", "mode", "other text"])
def test_a_record_of_trust_that_is_not_the_users_own_counts_nothing(
    run: Run, tmp_path: Path, harm: str
) -> None:
    Path(".env").write_text("SUPPORT_HOME=x\n")
    run("config", "trust")
    (record,) = records(tmp_path)
    assert record.stat().st_mode & 0o777 == 0o600
    if harm == "link":
        record.rename(tmp_path / "elsewhere")
        record.symlink_to(tmp_path / "elsewhere")
    elif harm == "mode":
        record.chmod(0o660)
    else:
        record.write_text("[" * 60_000)
    assert run("list").code == 2


def test_a_relative_env_file_in_the_environment_is_refused(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exported once, it would trust whatever file lies in any folder."""
    Path(".env").write_text("SUPPORT_HOME=x\n")
    monkeypatch.setenv("SUPPORT_ENV_FILE", ".env")
    assert "not an absolute path" in run("list").err


def test_a_pipe_in_its_place_does_not_hold_the_program(run: Run) -> None:
    os.mkfifo(".env")
    assert run("list").code == 2


@pytest.mark.parametrize(
    ("text", "secrets"),
    [
        ("mongodb://ann:s3cret@host/db", ["s3cret"]),
        (
            "mongodb+srv://ann:s3?c/r#et@host/db?tlsCertificateKeyFilePassword=pw1",
            ["s3", "et", "pw1"],
        ),
        ("mongodb://host/?a=x@y&token=pw2", ["pw2"]),
        ("pw3-without-a-scheme", ["pw3"]),
    ],
)
def test_no_part_of_a_secret_is_listed(text: str, secrets: list[str]) -> None:
    shown = masked("MONGODB_URI", text)
    assert not [secret for secret in secrets if secret in shown]


def test_a_secret_is_masked_by_every_command_that_shows_settings(run: Run) -> None:
    Path(".env").write_text("MONGODB_URI=mongodb://ann:s3cret@host/db\nOPENAI_API_KEY=s3cret\n")
    for command in (["config"], ["config", "--json"], ["config", "trust"], ["admin", "doctor"]):
        ran = run(*command)
        assert "s3cret" not in ran.out + ran.err
