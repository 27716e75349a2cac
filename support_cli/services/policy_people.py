"""The people of a policy: nobody may be able to lock the desk by how they are named."""

from __future__ import annotations

from collections.abc import Collection

from support_cli.domain.names import same_person
from support_cli.domain.policy_change import Owners
from support_cli.services.policy_table import Table, meant

_OWNERS, _NEEDED = "policy_owners", "policy_owners_needed"


def check_owners(top: Table, owners: Owners, people: Collection[str]) -> None:
    """Refuse a policy that nobody could change any more.

    Raises:
        UsageError: it names people and no owner, an owner who is none of them, or fewer owners
            than must agree.
    """
    named = top.texts(_OWNERS)
    if not people:
        if named:
            top.wrong("there are owners, but [people] names nobody", _OWNERS)
        return
    if not named:
        top.wrong(f"[people] names somebody, so {_OWNERS} must name who may change the policy")
    for owner in named:
        if not any(same_person(owner, person) for person in people):
            top.wrong(f"[people] does not name {owner}{meant(owner, people)}", _OWNERS, owner)
    _check_needed(top, named)


def _check_needed(top: Table, named: tuple[str, ...]) -> None:
    needed = top.values.get(_NEEDED, 1)
    if needed < 1:
        top.wrong(f"{_NEEDED} must be 1 or more", _NEEDED)
    others = list(named)
    for owner in named:
        others.remove(owner)
        if any(same_person(owner, other) for other in others):
            top.wrong(f"{owner} is named twice", _OWNERS)
    if len(named) < needed:
        top.wrong(f"{needed} owners must agree, and there are only {len(named)}", _NEEDED)
