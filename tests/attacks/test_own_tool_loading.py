"""What a package brings is loaded as what it says it is, and never called to find out."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from support_cli.tools.own import BrokenTool, _tools_of

MARKED = "from support_cli.tools.api import read\n@read\ndef look() -> str: return 'seen'\n"


def load(folder: Path, monkeypatch: pytest.MonkeyPatch, source: str, name: str) -> list[str]:
    """Load one entry point, and name the tools that it brings."""
    (folder / "brought.py").write_text(f"{MARKED}\ndef act(): open('acted', 'w')\n{source}")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(__import__("sys").modules, "brought", raising=False)
    point = EntryPoint(name, f"brought:{name}", "support_cli.tools")
    return [tool.name for tool in _tools_of(point)]


@pytest.mark.parametrize("returns", ["list", "'list[object]'", "tuple[object, ...]"])
def test_a_list_of_tools_is_not_taken_for_one_tool(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, returns: str
) -> None:
    source = f"def tools() -> {returns}: return [look]"
    assert load(tmp_path, monkeypatch, source, "tools") == ["look"]


@pytest.mark.parametrize("returns", ["", "-> None", "-> bool", "-> dict"])
def test_a_function_that_says_not_what_it_is_is_neither_called_nor_a_tool(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, returns: str
) -> None:
    with pytest.raises(BrokenTool, match="-> list"):
        load(tmp_path, monkeypatch, f"def tools() {returns}: return act()", "tools")
    assert not Path("acted").exists()


def test_an_unmarked_function_that_returns_a_text_stays_a_dangerous_tool(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = "def reboot() -> str: return act()"
    assert load(tmp_path, monkeypatch, source, "reboot") == ["reboot"]
    assert not Path("acted").exists()


@pytest.mark.parametrize("source", ["async def later(n: str) -> str: ...", "def later(n): yield n"])
def test_a_function_that_returns_before_it_has_acted_is_no_tool(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    with pytest.raises(BrokenTool, match="later is asynchronous or a generator"):
        load(tmp_path, monkeypatch, source, "later")
