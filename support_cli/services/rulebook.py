"""The versions of the policy in the store: seeding, applying, and reading one to judge by."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from support_cli.domain.facts import FACTS, Holds, own_name
from support_cli.domain.policy import (
    KeptPolicy,
    Policy,
    Rule,
    Subject,
    asking,
    judged,
    untold,
)
from support_cli.domain.policy_change import ActivePolicy, Agreement, Owners, Proposed, first_policy
from support_cli.domain.policy_review import Implies, Note, shadowed
from support_cli.domain.tool import Tool
from support_cli.domain.trail import digest
from support_cli.domain.verdict import Verdict
from support_cli.errors import Conflict, NotFound, ReplyLost, StoreError, SupportError, UsageError
from support_cli.services.changes import Changes
from support_cli.services.paging import every_row, overlook
from support_cli.services.policy_file import Known, owners_of, read_policy
from support_cli.services.ports import Conditions, Expressions

ACTIVE = "active"
DEFAULT = Path(__file__).parent.parent / "data" / "policy.toml"
_ALWAYS = ("human_assistance", "run_action")  # that a rule may name, whether the desk has them
_DIGITS = 12  # of a version's hash
_SEEDER = "support"


class PolicyUnreadable(SupportError):
    """The policy cannot be read, so nothing is run."""

    code = "policy_unreadable"


@dataclass(frozen=True, slots=True)
class Rulebook:
    """One version of the policy, ready to judge by."""

    name: str
    policy: Policy
    conditions: Callable[[], Conditions]
    implies: Implies

    def judge(self, subject: Subject) -> Verdict:
        """Judge by its rules."""
        return judged(self.policy, self.name, subject, self.conditions().over(subject.facts))

    def notes(self) -> list[Note]:
        """Name the rules that can never apply."""
        return list(shadowed(self.policy, self.implies))

    def untold(self, subject: Subject) -> Mapping[str, str | None]:
        """Say of each rule that speaks of a subject why its condition cannot be told, if so."""
        return untold(self.policy, subject, self.conditions().over(subject.facts))

    def asking(self, subject: Subject) -> tuple[Rule, ...]:
        """List every rule that asks on the subject's facts."""
        return asking(self.policy, subject, self.conditions().over(subject.facts))

    def facts_read(self, rules: Iterable[Rule]) -> list[str]:
        """List the desk's own facts that rules read."""
        conditions = [rule.when for rule in rules if rule.when is not None]
        read = {name for each in conditions for name in self.conditions().facts_read(each)}
        return [name for name in FACTS if name in read]


class Rulebooks:
    """The versions of the policy; each is read once."""

    def __init__(
        self,
        changes: Changes,
        expressions: Callable[[], Expressions],
        tools: Callable[[], Mapping[str, Tool]],
        seed: Path | None,
    ) -> None:
        self._changes = changes
        self._expressions = expressions
        self._tools = tools
        self._seed = seed or DEFAULT
        self._read: dict[str, Rulebook] = {}

    def active(self) -> Rulebook:
        """Read the version that holds now. A store without any takes the first one here.

        Raises:
            PolicyUnreadable: it cannot be read.
        """
        return self.version(self.active_record().policy)

    def look(self) -> Rulebook:
        """Read the version that holds now, or that an empty store would take; store nothing.

        Raises:
            PolicyUnreadable, UsageError: it cannot be read.
        """
        active = self._get_active()
        return self.version(active.policy) if active else self.checked(self._seed)[1]

    def version(self, name: str) -> Rulebook:
        """Read a version.

        Raises:
            PolicyUnreadable: it is not there, or cannot be read.
        """
        if name not in self._read:
            kept = self._get_kept(name)
            if kept is None:
                raise PolicyUnreadable(
                    f"The policy {name} is not in the store, so nothing is run.",
                    hint="support admin policy apply FILE",
                )
            self._read[name] = self._unchecked(kept)
        return self._read[name]

    def checked(self, file: Path) -> tuple[str, Rulebook]:
        """Read a file as a policy for this desk, with its text; nothing is stored.

        Raises:
            UsageError: it cannot be read; the sentence names the line.
        """
        text = _text_of(file)
        return text, self.check(str(file), text)

    def check(self, name: str, text: str) -> Rulebook:
        """Read a text as a policy for this desk; nothing is stored.

        Args:
            name: what it is called in an error.
            text: the TOML.

        Raises:
            UsageError: it cannot be read; the sentence names the line.
        """
        tools = self._tools()
        known = Known([*tools, *_ALWAYS], own_facts(tools))
        return self._rulebook(name, version_of(text), text, known)

    def active_record(self) -> ActivePolicy:
        """Load what holds now. A store without any takes the first one here.

        Raises:
            PolicyUnreadable: there is none, and the first one cannot be read.
        """
        return self._get_active() or self._seeded()

    def proposed(self) -> tuple[Proposed, ...]:
        """List the versions that too few owners agree to; store nothing."""
        active = self._get_active()
        return active.proposed if active else ()

    def owners(self, active: ActivePolicy) -> Owners:
        """Tell who may change the policy, also where this program cannot judge by it.

        Raises:
            PolicyUnreadable: its text is not in the store as it was applied.
        """
        kept = self._get_kept(active.policy)
        if kept is None or version_of(kept.text) != kept.id:
            raise PolicyUnreadable(
                f"The policy {active.policy} that holds is not in the store as it was applied, so "
                "nobody can say who its owners are.",
                hint="apply the very file of that version again, which puts it back",
            )
        return owners_of(kept.text)

    def keep(self, kept: KeptPolicy) -> None:
        """Store a version's text; one that was changed in the store is put back.

        Raises:
            Conflict: another text has the same version, which somebody has made it have.
        """
        if self._changes.settled(lambda: self._changes.documents.insert(kept)):
            return
        stored = self._get_kept(kept.id)
        if stored is None or stored.text == kept.text:
            return
        if version_of(stored.text) == stored.id:
            raise Conflict(
                f"Another text of the policy has the version {kept.id} too.",
                hint=f"support admin policy show {kept.id}; then change a comment in yours",
            )
        self._changes.settled(
            lambda: self._changes.documents.replace(replace(stored, text=kept.text))
        )

    def replace_active(self, record: ActivePolicy) -> bool:
        """Store what holds now in place of what it was made from; False where that has changed."""
        return self._stored(record, first=False)

    def text(self, version: str) -> str:
        """Give a version's text; an empty one where it is not in the store."""
        kept = self._get_kept(version)
        return kept.text if kept is not None else ""

    def kept(self, name: str | None) -> KeptPolicy:
        """Load a version as it was written, by the beginning of its name; None: the active one.

        Raises:
            NotFound: there is none, or more than one.
        """
        wanted = name or self.active_record().policy
        found = [each for each in self.versions() if each["id"].startswith(wanted.lower())]
        if len(found) != 1:
            raise NotFound(
                f"There is no policy version {wanted}.", hint="support admin policy show"
            )
        kept = self._get_kept(str(found[0]["id"]))
        if kept is None:
            raise NotFound(f"There is no policy version {wanted}.")
        return kept

    def versions(self) -> Iterator[Mapping[str, Any]]:
        """List the versions, the newest first: id, at, by."""
        find = self._changes.documents.find
        fields = ("id", "at", "by")
        return every_row(partial(find, KeptPolicy, fields=fields, descending=True), overlook)

    def _seeded(self) -> ActivePolicy:
        try:
            text, book = self.checked(self._seed)
        except UsageError as error:
            raise PolicyUnreadable(f"{error.message} Nothing is run.", hint=error.hint) from error
        now = self._changes.clock.now()
        self.keep(KeptPolicy(book.name, text, now, _SEEDER))
        by = Agreement(_SEEDER, str(self._seed), now)
        self._stored(first_policy(ACTIVE, book.name, by), first=True)
        active = self._get_active()
        if active is None:
            raise StoreError("The policy could not be stored.", hint="support admin doctor")
        return active

    def _stored(self, record: ActivePolicy, *, first: bool) -> bool:
        documents = self._changes.documents
        write = documents.insert if first else documents.replace
        try:
            return write(record)
        except ReplyLost:
            return False

    def _get_kept(self, name: str) -> KeptPolicy | None:
        return self._changes.settled(lambda: self._changes.documents.get(KeptPolicy, name))

    def _get_active(self) -> ActivePolicy | None:
        return self._changes.settled(lambda: self._changes.documents.get(ActivePolicy, ACTIVE))

    def _unchecked(self, kept: KeptPolicy) -> Rulebook:
        try:
            # It was checked when it was applied; a tool that is gone since is in nobody's way.
            book = self._rulebook(f"The policy {kept.id}", kept.id, kept.text, Known())
        except UsageError as error:
            raise PolicyUnreadable(f"{error.message} Nothing is run.", hint=error.hint) from error
        if version_of(kept.text) != kept.id:
            raise PolicyUnreadable(f"The policy {kept.id} was changed in the store.")
        return book

    def _rulebook(self, name: str, version: str, text: str, known: Known) -> Rulebook:
        language = self._expressions()
        policy = read_policy(name, text, known, language)
        # Compiled only to judge: who holds which level is asked without loading any tool.
        return Rulebook(version, policy, cache(lambda: self._compiled(policy)), language.implies)

    def _compiled(self, policy: Policy) -> Conditions:
        conditions = [rule.when for rule in policy.rules if rule.when is not None]
        return self._expressions().compile(conditions, policy.rates, own_facts(self._tools()))


def version_of(text: str) -> str:
    """Name the version of a text: the beginning of its hash."""
    return digest(text)[:_DIGITS]


def own_facts(tools: Mapping[str, Tool]) -> Mapping[str, Holds]:
    """Tell what the facts of a company's own tools hold, by the names policy reads them by."""
    found = [(own_name(name), fact) for tool in tools.values() for name, fact in tool.facts.items()]
    return {name: fact.holds for name, fact in found}


def _text_of(file: Path) -> str:
    try:
        # Windows' editors put a byte order mark before it, which is no part of the text.
        return file.read_text(encoding="utf-8-sig")
    except OSError as exc:
        raise UsageError(f"The policy file {file} cannot be read: {exc.strerror}.") from exc
    except UnicodeDecodeError as exc:
        raise UsageError(
            f"The policy file {file} is not UTF-8 text.", hint="save it as UTF-8"
        ) from exc
