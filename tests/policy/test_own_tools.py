"""A company's own package brings tools, and facts for policy; a broken one stops the desk."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support_cli.domain.ticket import Status
from support_cli.errors import UsageError
from support_cli.tools.own import BrokenTool
from tests.policy.obedient import call
from tests.policy.shop import Shop, opened

SOURCE = '''
from support_cli.tools.api import Context, DidNotHappen, Money, effect, read

SENT = []


def parcel_value(args, context) -> Money:
    return {"1": Money(4000, "EUR"), "2": Money(9000, "EUR")}[args["number"]]


@effect(keyed=True, timeout="10s", facts={"parcel_value": parcel_value})
def resend_parcel(number: str, context: Context) -> str:
    """Send a lost parcel again."""
    SENT.append((number, context.customer))
    return f"Parcel {number} was sent again."


def reboot_warehouse() -> str:
    """Unmarked, so most dangerous."""
    SENT.append("boom")
    return "Rebooted."


def tools() -> list:
    return [resend_parcel]
'''
RULE = """
currency = "EUR"
[[rules]]
name = "dear parcels"
tools = ["resend_parcel"]
when = "own.parcel_value > money('50.00')"
verdict = "ask"
[[rules]]
name = "parcels"
tools = ["resend_parcel"]
verdict = "allow"
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Install a tiny package, as pip leaves it: a module and its metadata."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "our_parcels.py").write_text(SOURCE)
    write_entry_points(site, "parcels = our_parcels:tools\nreboot = our_parcels:reboot_warehouse")
    monkeypatch.syspath_prepend(str(site))
    yield site
    sys.modules.pop("our_parcels", None)


def write_entry_points(site: Path, points: str) -> None:
    info = site / "our_parcels-1.0.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: our-parcels\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[support_cli.tools]\n{points}\n")


@pytest.fixture
def parcels(install: Path, tmp_path: Path) -> Iterator[Shop]:
    """Give a shop with the package installed, and a policy that reads its fact."""
    (tmp_path / "p.toml").write_text(RULE)
    with opened({"SUPPORT_HOME": str(tmp_path)}, SUPPORT_POLICY=str(tmp_path / "p.toml")) as shop:
        yield shop


def sent() -> list[object]:
    return list(sys.modules["our_parcels"].SENT)


@pytest.mark.parametrize(
    ("number", "status"), [("1", Status.ANSWERED), ("2", Status.WAITING), ("3", Status.WAITING)]
)
def test_policy_reads_the_tools_own_fact(parcels: Shop, number: str, status: Status) -> None:
    ticket = parcels.says(call("resend_parcel", number=number))
    assert ticket.status is status
    assert sent() == ([(number, "ada")] if status is Status.ANSWERED else [])


def test_an_unmarked_tool_is_not_called_to_load_it_and_asks(parcels: Shop) -> None:
    ticket = parcels.says(call("reboot_warehouse"))
    assert (ticket.status, sent()) == (Status.WAITING, [])


def test_a_fact_that_no_tool_brings_is_a_slip(parcels: Shop, tmp_path: Path) -> None:
    (tmp_path / "q.toml").write_text(RULE.replace("own.parcel_value", "own.parcel_valeu"))
    with pytest.raises(UsageError, match=r"did you mean own\.parcel_value"):
        parcels.desk.rulebooks.checked(tmp_path / "q.toml")


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        ("parcels = our_parcels:nothing", "AttributeError"),
        ("parcels = no_such_module:tools", "ModuleNotFoundError"),
        ("parcels = our_parcels:SENT", "TypeError|not a named function"),
    ],
)
def test_a_broken_package_is_named_and_nothing_runs(
    install: Path, tmp_path: Path, points: str, sentence: str
) -> None:
    write_entry_points(install, points)
    told = pytest.raises(BrokenTool, match=f"parcels .* of our-parcels .*({sentence})")
    with opened({"SUPPORT_HOME": str(tmp_path)}) as shop, told:
        _ = shop.desk.tools


def test_a_tool_cannot_take_the_place_of_one_of_the_desks(install: Path, tmp_path: Path) -> None:
    (install / "our_parcels.py").write_text(SOURCE.replace("resend_parcel", "refund_order"))
    told = pytest.raises(BrokenTool, match="two tools named refund_order")
    with opened({"SUPPORT_HOME": str(tmp_path)}) as shop, told:
        _ = shop.desk.tools
