"""Changing the policy: an owner's agreement, the last of which makes a text the policy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

from support_cli.domain.policy import KeptPolicy
from support_cli.domain.policy_change import ActivePolicy, Agreement, Applied, agree
from support_cli.domain.trail import Actor
from support_cli.errors import NotAllowed, StoreError
from support_cli.services.changes import Changes
from support_cli.services.rulebook import PolicyUnreadable, Rulebooks, version_of

_TRIES = 50


@dataclass(frozen=True, slots=True)
class Change:
    """A version that was applied or is proposed, and how it differs from the one before.

    `missing` is how many owners must still agree, 0 where it was applied. `difference` is None for
    the first version of a store.
    """

    policy: str
    before: str
    agreed: tuple[Agreement, ...]
    missing: int
    difference: str | None


class PolicyChanges:
    """Applies policies, and lists what was applied."""

    def __init__(self, changes: Changes, books: Rulebooks) -> None:
        self._changes = changes
        self._books = books

    def apply(self, file: Path, actor: Actor) -> Change:
        """Agree to a file as the policy from now on.

        Raises:
            UsageError: it cannot be read.
            NotAllowed: the policy that holds is somebody else's to change.
        """
        text, _ = self._books.checked(file)
        return self._apply(text, actor)

    def apply_version(self, name: str, actor: Actor) -> Change:
        """Agree to a kept version, by the beginning of its name, as the policy from now on.

        Raises:
            NotFound: there is none.
            PolicyUnreadable: its text is not the one that was kept.
            UsageError: it does not fit this desk any more.
            NotAllowed: the policy that holds is somebody else's to change.
        """
        kept = self._books.kept(name)
        if version_of(kept.text) != kept.id:
            raise PolicyUnreadable(f"The policy {kept.id} was changed in the store.")
        self._books.check(f"The version {kept.id}", kept.text)
        return self._apply(kept.text, actor)

    def history(self) -> Iterator[Change]:
        """List what is proposed, and what was applied, the newest first."""
        active = self._books.active_record()
        for proposed in reversed(active.proposed):
            yield self._change(active, proposed.policy)
        for applied in reversed(active.history):
            yield self._applied(applied)

    def _apply(self, text: str, actor: Actor) -> Change:
        version = version_of(text)
        for _ in range(_TRIES):
            active = self._books.active_record()
            self._require_owner(active, version, actor.name)
            now = self._changes.clock.now()
            self._books.keep(KeptPolicy(version, text, now, actor.name))
            owners = self._books.owners(active)
            new = agree(active, version, Agreement(actor.name, actor.via, now), owners)
            if new is active or self._books.replace_active(new):
                return self._change(new, version)
        raise StoreError("The policy could not be stored.", hint="try again")

    def _require_owner(self, active: ActivePolicy, version: str, name: str) -> None:
        if version == active.policy:
            return  # the very text that holds; it may have to be put back
        owners = self._books.owners(active)
        if not owners.include(name):
            raise NotAllowed(
                f"{name} may not change the policy; {' and '.join(owners.names)} may.",
                hint="support admin policy test FILE, and pass the file on to one of them",
            )

    def _change(self, active: ActivePolicy, version: str) -> Change:
        if version == active.policy:
            return self._applied(active.history[-1])
        agreed = active.agreed(version)
        missing = self._books.owners(active).needed - len(agreed)
        difference = self._difference(active.policy, version)
        return Change(version, active.policy, agreed, missing, difference)

    def _applied(self, applied: Applied) -> Change:
        difference = self._difference(applied.before, applied.policy) if applied.before else None
        return Change(applied.policy, applied.before, applied.agreed, 0, difference)

    def _difference(self, before: str, after: str) -> str:
        old, new = self._books.text(before).splitlines(), self._books.text(after).splitlines()
        return "\n".join(unified_diff(old, new, before, after, lineterm="", n=1))
