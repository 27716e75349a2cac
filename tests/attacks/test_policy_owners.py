"""Only the policy's owners change it, as many of them as it says, and it stays known who did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from support_cli.domain.policy import KeptPolicy
from support_cli.errors import Conflict, NotAllowed, UsageError
from support_cli.services.rulebook import PolicyUnreadable, version_of
from tests.cli.conftest import Run
from tests.policy.shop import DEFAULT, Shop, opened, policy_with
from tests.racing import line_up, race

TWO = """
policy_owners = ["dana", "erik", "olga"]
policy_owners_needed = 2
[people]
dana = ["manager"]
erik = ["manager", "director"]
olga = []
ines = ["manager", "director"]
"""


@pytest.fixture
def owned(store_target: Mapping[str, str], tmp_path: Path) -> Iterator[Shop]:
    """Give a shop, on each store, whose policy two of its three owners must change."""
    policy = policy_with(tmp_path / "owned.toml", people=TWO)
    with opened(store_target, SUPPORT_POLICY=str(policy)) as shop:
        shop.desk.rulebooks.active()
        yield shop


@pytest.fixture
def loose(tmp_path: Path) -> Path:
    """Give a policy that asks for less."""
    return policy_with(tmp_path / "loose.toml", ("'100.00'", "'900.00'"), people=TWO)


def active(shop: Shop) -> str:
    return shop.desk.rulebooks.active_record().policy


@pytest.mark.parametrize("who", ["root", "ines", "intern"])
def test_who_owns_no_policy_cannot_change_it(owned: Shop, loose: Path, who: str) -> None:
    before = active(owned)
    with pytest.raises(NotAllowed, match="dana and erik and olga may"):
        owned.applies(loose, who)
    assert active(owned) == before
    assert len(list(owned.desk.rulebooks.versions())) == 1


def test_one_owner_of_two_changes_nothing(owned: Shop, loose: Path) -> None:
    before = active(owned)
    assert owned.applies(loose, "dana").missing == 1
    assert active(owned) == before


@pytest.mark.parametrize("again", ["dana", "Dana", "DANA ", "d\u0430na", "ｄana"])  # noqa: RUF001
def test_one_owner_under_two_names_does_not_agree_with_herself(
    owned: Shop, loose: Path, again: str
) -> None:
    before = active(owned)
    owned.applies(loose, "dana")
    assert owned.applies(loose, again).missing == 1
    assert active(owned) == before


def test_the_second_owner_of_the_same_text_completes_it(owned: Shop, loose: Path) -> None:
    owned.applies(loose, "dana")
    done = owned.applies(loose, "erik")
    assert (done.missing, active(owned)) == (0, done.policy)
    assert [each.by for each in done.agreed] == ["dana", "erik"]


def test_two_owners_of_two_texts_do_not_agree(owned: Shop, loose: Path, tmp_path: Path) -> None:
    before = active(owned)
    owned.applies(loose, "dana")
    other = policy_with(tmp_path / "o.toml", ("'100.00'", "'901.00'"), people=TWO)
    assert owned.applies(other, "erik").missing == 1
    assert active(owned) == before


def test_an_owner_agrees_to_one_text_at_a_time(owned: Shop, loose: Path, tmp_path: Path) -> None:
    other = policy_with(tmp_path / "o.toml", ("'100.00'", "'901.00'"), people=TWO)
    owned.applies(loose, "dana")
    owned.applies(other, "dana")
    assert owned.applies(loose, "erik").missing == 1


def test_an_agreement_ends_where_the_policy_has_changed_meanwhile(
    owned: Shop, loose: Path, tmp_path: Path
) -> None:
    owned.applies(loose, "dana")
    other = policy_with(tmp_path / "o.toml", ("'100.00'", "'901.00'"), people=TWO)
    owned.applies(other, "erik")
    owned.applies(other, "olga")
    assert owned.applies(loose, "erik").missing == 1


def test_going_back_to_a_kept_version_needs_the_owners_too(owned: Shop, loose: Path) -> None:
    first = active(owned)
    owned.applies(loose, "dana")
    owned.applies(loose, "erik")
    changes = owned.desk.policy_changes
    actor = owned.desk.admin
    with pytest.raises(NotAllowed):
        changes.apply_version(first[:6], actor("ines"))
    changes.apply_version(first[:6], actor("dana"))
    assert active(owned) != first
    changes.apply_version(first[:6], actor("olga"))
    assert active(owned) == first


def test_who_changed_what_and_when_is_kept(owned: Shop, loose: Path) -> None:
    owned.applies(loose, "dana")
    (waits, _) = owned.desk.policy_changes.history()
    owned.applies(loose, "erik")
    newest, first = owned.desk.policy_changes.history()
    assert (waits.missing, newest.missing, first.difference) == (1, 0, None)
    assert [each.by for each in newest.agreed] == ["dana", "erik"]
    assert "-when = \"action.amount > money('100.00')\"" in (newest.difference or "")
    assert "+when = \"action.amount > money('900.00')\"" in (newest.difference or "")


@pytest.mark.parametrize(
    ("people", "problem"),
    [
        ('[people]\ndana = ["manager"]\n', "policy_owners must name who may change"),
        ('policy_owners = ["dana"]\n[people]\n', r"\[people\] names nobody"),
        ('policy_owners = ["dna"]\n[people]\ndana = []\n', "does not name dna; did you mean dana"),
        (
            'policy_owners = ["dana"]\npolicy_owners_needed = 2\n[people]\ndana = []\n',
            "2 owners must agree, and there are only 1",
        ),
        ('policy_owners = ["dana", "Dana"]\n[people]\ndana = []\n', "named twice"),
        ('policy_owners = ["dana"]\npolicy_owners_needed = 0\n[people]\ndana = []\n', "1 or more"),
        ('policy_owners = ["dana"]\npolicy_owners_needed = true\n[people]\ndana = []\n', "whole"),
    ],
)
def test_nobody_locks_the_desk(shop: Shop, tmp_path: Path, people: str, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        shop.applies(policy_with(tmp_path / "p.toml", people=people))


def test_a_policy_that_was_changed_in_the_store_has_no_owners_to_go_round(
    owned: Shop, loose: Path, tmp_path: Path
) -> None:
    kept = owned.desk.rulebooks.kept(None)
    owned.desk.documents.replace(replace(kept, text=DEFAULT.read_text(encoding="utf-8")))
    with pytest.raises(PolicyUnreadable, match="who its owners are"):
        owned.applies(loose, "intern")
    owned.applies(tmp_path / "owned.toml", "intern")  # the very text that holds
    assert owned.desk.rulebooks.kept(None).text == kept.text


def test_an_owner_does_not_agree_to_a_version_that_was_changed_in_the_store(
    owned: Shop, loose: Path
) -> None:
    version = owned.applies(loose, "dana").policy
    kept = owned.desk.rulebooks.kept(version)
    owned.desk.documents.replace(replace(kept, text=kept.text.replace("900.00", "999.00")))
    with pytest.raises(PolicyUnreadable, match="was changed in the store"):
        owned.desk.policy_changes.apply_version(version, owned.desk.admin("erik"))


def test_a_policy_that_is_gone_from_the_store_is_put_back_by_its_text_alone(
    owned: Shop, loose: Path, tmp_path: Path
) -> None:
    owned.desk.documents.delete(KeptPolicy, active(owned))
    with pytest.raises(PolicyUnreadable):
        owned.applies(loose, "dana")
    owned.applies(tmp_path / "owned.toml", "dana")
    assert owned.applies(loose, "dana").missing == 1


# Two texts whose versions, twelve digits of a hash, are the same: found by search in two minutes.
ASKS, ALLOWS = (
    f'currency = "EUR"\n[[rules]]\nname = "credits"\ntools = ["issue_credit"]\n'
    f'verdict = "{verdict}"\n# {mark}\n'
    for verdict, mark in (("ask", "b28ece677c99"), ("allow", "6d919ad7bd54"))
)


def test_an_agreement_to_one_text_is_none_to_another_of_the_same_version(
    owned: Shop, tmp_path: Path
) -> None:
    for name, text in (("asks.toml", ASKS), ("allows.toml", ALLOWS)):
        (tmp_path / name).write_text(text)
    assert owned.applies(tmp_path / "allows.toml", "dana").policy == version_of(ASKS)
    with pytest.raises(Conflict, match="Another text"):
        owned.applies(tmp_path / "asks.toml", "erik")
    assert active(owned) != version_of(ASKS)


def test_people_without_an_owner_are_not_anybody(owned: Shop, loose: Path) -> None:
    text = "\n".join(line for line in loose.read_text().split("\n") if "policy_owners" not in line)
    version, now = version_of(text), owned.desk.clock.now()
    owned.desk.documents.insert(KeptPolicy(version, text, now, "an older program"))
    record = replace(owned.desk.rulebooks.active_record(), policy=version)
    assert owned.desk.documents.replace(record)
    with pytest.raises(NotAllowed):
        owned.applies(loose, "intern")
    assert owned.applies(loose, "ines").missing == 0


def test_the_commands_tell_the_truth_of_a_change_that_waits(run: Run, tmp_path: Path) -> None:
    owned = str(policy_with(tmp_path / "owned.toml", people=TWO))
    loose = str(policy_with(tmp_path / "loose.toml", ("'100.00'", "'900.00'"), people=TWO))
    assert run("admin", "policy", "apply", owned, "--by", "root").code == 0
    assert run("admin", "policy", "apply", loose, "--by", "root").code == 4
    waits = run("admin", "policy", "apply", loose, "--by", "dana", "--json").json["policy"]
    assert (waits["active"], waits["missing"]) == (False, 1)
    assert "one more owner must agree" in run("admin", "policy", "history").out
    assert "policy change" in run("admin", "doctor").out
    told = run("admin", "policy", "apply", "--version", waits["version"], "--by", "erik")
    assert (told.code, told.out) == (0, f"Version {waits['version']} holds from now on.\n")
    changes = run("admin", "policy", "history", "--json").json["changes"]
    assert [each["missing"] for each in changes] == [0, 0, 0]
    assert run("admin", "policy", "apply", loose, "--version", "ab").code == 2


def agree_at_once(number: int, target: Mapping[str, str], file: str) -> str:
    """Agree as one of two owners, and tell what is said."""
    with opened(target) as shop:
        line_up()
        return str(shop.applies(Path(file), ("dana", "erik")[number % 2]).missing)


def test_owners_who_agree_at_the_same_moment_change_it_once(
    owned: Shop, loose: Path, store_target: Mapping[str, str]
) -> None:
    told = race(agree_at_once, dict(store_target), str(loose))
    assert set(told) <= {"0", "1"}
    newest, first = owned.desk.policy_changes.history()
    assert (newest.missing, sorted(each.by for each in newest.agreed)) == (0, ["dana", "erik"])
    assert first.before == ""
