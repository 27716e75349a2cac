"""Changing the policy: who must agree, who has, and what held when, as values.

The record of the active policy keeps all of it, so that one swap changes the policy, ends what was
proposed against the one before, and writes down who did it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from support_cli.domain.names import same_person


@dataclass(frozen=True, slots=True)
class Owners:
    """Who may change the policy, and how many of them must agree; with nobody named, anybody."""

    names: tuple[str, ...] = ()
    needed: int = 1

    def include(self, name: str) -> bool:
        """Tell whether a person may change the policy."""
        return not self.names or any(same_person(name, owner) for owner in self.names)


@dataclass(frozen=True, slots=True)
class Agreement:
    """One person's agreement to a text: a claimed name, and the system user and host it came by."""

    by: str
    via: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Proposed:
    """A text that some owners agree to, and too few. It is named by its hash."""

    policy: str
    agreed: tuple[Agreement, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """A change that was made: from which version to which; `before` is empty for the first."""

    policy: str
    before: str
    agreed: tuple[Agreement, ...]


@dataclass(frozen=True, slots=True)
class ActivePolicy:
    """Which version of the policy holds now; there is one such record, `active`.

    `proposed` were all proposed against this very version: a change of it ends them.
    """

    id: str
    policy: str
    at: datetime
    by: str
    version: int = 0
    history: tuple[Applied, ...] = ()
    proposed: tuple[Proposed, ...] = ()

    def agreed(self, policy: str) -> tuple[Agreement, ...]:
        """List who agrees to a version that does not hold yet."""
        return next((each.agreed for each in self.proposed if each.policy == policy), ())


def first_policy(id: str, policy: str, agreement: Agreement) -> ActivePolicy:
    """Begin with a policy."""
    applied = Applied(policy, "", (agreement,))
    return ActivePolicy(id, policy, agreement.at, agreement.by, history=(applied,))


def agree(active: ActivePolicy, policy: str, agreement: Agreement, owners: Owners) -> ActivePolicy:
    """Count an owner's agreement to a text; the last one needed makes it the policy.

    A person agrees to one text at a time: a later one takes the place of theirs before. Returns the
    same record where nothing changes.
    """
    if active.policy == policy or any(
        same_person(each.by, agreement.by) for each in active.agreed(policy)
    ):
        return active
    agreed = (*active.agreed(policy), agreement)
    if len(agreed) < owners.needed:
        others = _without(active, agreement.by, policy)
        return replace(active, proposed=(*others, Proposed(policy, agreed)))
    return replace(
        active,
        policy=policy,
        at=agreement.at,
        by=agreement.by,
        history=(*active.history, Applied(policy, active.policy, agreed)),
        proposed=(),
    )


def _without(active: ActivePolicy, person: str, policy: str) -> tuple[Proposed, ...]:
    """Drop a person's agreements, and the version that is proposed anew."""
    left = [
        replace(each, agreed=tuple(a for a in each.agreed if not same_person(a.by, person)))
        for each in active.proposed
        if each.policy != policy
    ]
    return tuple(each for each in left if each.agreed)
