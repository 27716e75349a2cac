"""What a model puts into a command line stays an argument."""

from __future__ import annotations

from pathlib import Path

import pytest

from support_cli.errors import UsageError
from support_cli.services.actions import Action, read_actions


def action(folder: Path, argument: str) -> Action:
    path = folder / "actions.toml"
    path.write_text(
        f"""
        [actions.drop]
        description = "Drop a database."
        command = ["drop", "{{database}}"]
        [actions.drop.arguments.database]
        {argument}
        """
    )
    return read_actions(path)["drop"]


@pytest.mark.parametrize("text", ["--all", "-f", "-", "--host=elsewhere"])
def test_a_text_without_a_pattern_does_not_become_an_option(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match="may not begin with a dash"):
        action(tmp_path, "type = 'string'").filled({"database": text})


def test_a_text_that_the_operator_described_may_begin_with_a_dash(tmp_path: Path) -> None:
    described = action(tmp_path, "type = 'string'\npattern = '-[a-z]'")
    assert described.filled({"database": "-f"}) == ["drop", "-f"]


def test_a_negative_number_is_a_number(tmp_path: Path) -> None:
    assert action(tmp_path, "type = 'integer'").filled({"database": -5}) == ["drop", "-5"]
