"""What needs a person: judging an action, and again as it is about to act."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta

from support_cli.domain.action import Action
from support_cli.domain.order import Spending
from support_cli.domain.policy import Subject, asked_again, covered, grown, with_changes
from support_cli.domain.rates import Rates
from support_cli.domain.request import Choice, Kind
from support_cli.domain.staff import Staff
from support_cli.domain.tool import Tool
from support_cli.domain.verdict import Proposal, Ruling, Verdict
from support_cli.errors import SupportError
from support_cli.services.changes import Changes
from support_cli.services.facts import FactFinder
from support_cli.services.history import History
from support_cli.services.ports import Agent, Calls, Check, Report, Session
from support_cli.services.rulebook import Rulebooks

_OLD_RATES = timedelta(days=31)
_ACTED = (Choice.APPROVE, Choice.EDIT)


class Policies:
    """Judges proposed actions by the store's policy, on facts from the store."""

    def __init__(
        self,
        changes: Changes,
        rulebooks: Rulebooks,
        tools: Callable[[], Mapping[str, Tool]],
        calls: Calls,
    ) -> None:
        self._changes = changes
        self._books = rulebooks
        self._tools = tools
        self._facts = FactFinder(changes, calls)
        self.history = History(changes)

    def judge(self, proposal: Proposal) -> Verdict:
        """Judge a proposal of the agent's under the active policy, and write it down.

        Raises:
            PolicyUnreadable: the policy cannot be read.
        """
        verdict = self._books.active().judge(self._subject(proposal))
        if proposal.overtaken is not None:
            verdict = asked_again(verdict, proposal.overtaken)
        self._record(proposal, verdict, edit=False)
        return verdict

    def judge_edit(self, proposal: Proposal, version: str | None) -> Verdict:
        """Judge an edit under the version frozen with its request; nothing is written down.

        Raises:
            PolicyUnreadable: the policy cannot be read.
        """
        book = self._books.active() if version is None else self._books.version(version)
        return book.judge(self._subject(proposal))

    def record_edit(self, proposal: Proposal, verdict: Verdict) -> None:
        """Write down an edit that is accepted; again changes nothing."""
        self._record(proposal, verdict, edit=True)

    def objection(self, proposal: Proposal, spending: Spending) -> str | None:
        """Say why an action that was permitted may no longer be done without asking (again).

        An approval stands while no other rule asks, no further level is needed, and the sums over
        time that the asking rules read are no more than the approver was shown.
        """
        granted = self._granted(proposal)
        if granted is None:
            return "Nobody has permitted this action."
        shown = granted.verdict
        book = self._books.version(shown.policy_version or "")
        subject = self._subject(replace(proposal, confidence=granted.confidence), spending)
        present = book.judge(subject)
        if present.ruling is Ruling.ALLOW:
            return None
        before = book.asking(replace(subject, facts=shown.facts))
        now = book.asking(subject)
        new = [rule for rule in now if rule not in before]
        read = book.facts_read(now)
        if covered(shown, present) and not new and not grown(shown.facts, subject.facts, read):
            return None
        why = (new or now)[0].reason if covered(shown, present) else None
        return with_changes(why or present.reason or "", shown.facts, subject.facts, read)

    def staff(self) -> Staff:
        """Tell who may decide now, and the levels they hold.

        Raises:
            PolicyUnreadable: the policy cannot be read.
        """
        return self._books.active().policy.staff

    def require_readable(self) -> None:
        """Make sure that there is a policy to run by.

        Raises:
            PolicyUnreadable: there is none that can be read.
        """
        self._books.active()

    def checks(self) -> list[Check]:
        """Examine the policy for `admin doctor`."""
        try:
            book = self._books.look()
        except SupportError as error:
            return [Check("policy", False, error.message, error.hint or "support admin policy")]
        rules = f"version {book.name}, {len(book.policy.rules)} rules"
        staff = book.policy.staff
        named = f"{len(staff.levels)} named in the policy"
        nobody = "nobody is named in the policy, so every admin holds all levels"
        return [
            Check("policy", True, rules),
            Check("people", True, named)
            if staff.named
            else Check("people", True, nobody, "name them under [people]; see the README"),
            *self._rates(book.policy.rates),
            *self._proposed(),
        ]

    def _rates(self, rates: Rates) -> Iterator[Check]:
        if rates.day is None:
            return
        detail = f"rates of {rates.day}: {', '.join(sorted(rates.worth))}"
        old = self._changes.clock.now().date() - rates.day > _OLD_RATES
        remedy = "write today's rates into [currencies], and apply the policy" if old else None
        yield Check("currencies", True, detail, remedy)

    def _proposed(self) -> Iterator[Check]:
        """Name the changes of the policy that wait for more of its owners."""
        for each in self._books.proposed():
            names = " and ".join(agreement.by for agreement in each.agreed)
            detail = f"{names} agreed to version {each.policy}, which waits for another owner"
            remedy = f"support admin policy apply --version {each.policy}"
            yield Check("policy change", True, detail, remedy)

    def _subject(self, proposal: Proposal, spending: Spending | None = None) -> Subject:
        tool = self._tools().get(proposal.tool)
        facts = self._facts.about(proposal, tool, spending)
        return Subject(proposal.tool, self._reads(proposal.tool), proposal.confidence, facts)

    def _reads(self, name: str) -> bool:
        tool = self._tools().get(name)
        return tool is not None and not tool.marking.effect

    def _record(self, proposal: Proposal, verdict: Verdict, *, edit: bool) -> None:
        reads, now = self._reads(proposal.tool), self._changes.clock.now()
        self.history.record(proposal, verdict, reads=reads, edit=edit, at=now)

    def _granted(self, proposal: Proposal) -> Action | None:
        """Find what permitted an action: the verdict it was judged by, or people approved."""
        action = self.history.of_call(proposal.ticket, proposal.call)
        if action is None or action.edit:
            return None
        if action.verdict.ruling is Ruling.ALLOW:
            return action
        ticket = self._changes.load(proposal.ticket)
        for request in ticket.requests:
            decided = request.decision is not None and request.decision.type in _ACTED
            if decided and request.kind is Kind.APPROVAL and request.call == proposal.call:
                shown = request.verdict or action.verdict
                return replace(action, verdict=shown, confidence=1.0)
        return None


class Governed:
    """An agent that works only where there is a policy to work by."""

    def __init__(self, agent: Agent, policies: Policies) -> None:
        self._agent = agent
        self._policies = policies

    def session(self, ticket_id: str, fence: int, report: Report | None) -> Session:
        """Begin to work on a ticket.

        Raises:
            PolicyUnreadable: the store's policy cannot be read, so nothing is run.
        """
        self._policies.require_readable()
        return self._agent.session(ticket_id, fence, report)
