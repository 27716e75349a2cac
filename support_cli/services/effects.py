"""The ledger: every effect once, however often its run is repeated.

An entry is written before the tool acts and again after. What was started and never ended, by a
tool that takes no idempotency key, is for a person to say; the desk never guesses.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from support_cli.domain.action import Action
from support_cli.domain.command import result_of
from support_cli.domain.effect import (
    ActionFailed,
    DidNotHappen,
    Effect,
    EffectState,
    Evidence,
    call_hash,
    effect_id,
    ended,
    in_words,
    restarted,
)
from support_cli.domain.permit import Mismatch, decided_on, permits
from support_cli.domain.request import Choice, Decision, Kind, Request
from support_cli.domain.running import renew
from support_cli.domain.ticket import Ticket
from support_cli.domain.tool import Tool
from support_cli.errors import Conflict, Damaged, ReplyLost, StoreError, SupportError
from support_cli.services.changes import Changes
from support_cli.services.history import History
from support_cli.services.paging import every_row
from support_cli.services.ports import Commands

_log = logging.getLogger(__name__)
_TRIES = 5
_LOOK_AGAIN = timedelta(minutes=1)
_MARGIN = timedelta(seconds=10)  # beyond a tool's timeout, for the lease it acts under
_LATEST = timedelta(seconds=5)  # of the margin are left as a tool begins; a supervisor takes 4


class OutcomeUnknown(SupportError):
    """Nobody knows whether the effect happened."""


@dataclass(frozen=True, slots=True)
class Act:
    """One tool call about to act. `proposed` are the arguments before any person changed them."""

    ticket: str
    call: str
    tool: Tool
    proposed: Mapping[str, Any]
    args: Mapping[str, Any]
    fence: int


class Ledger:
    """Keeps the effects, one entry per tool call."""

    def __init__(self, changes: Changes, commands: Commands) -> None:
        self._changes = changes
        self._documents = changes.documents
        self._commands = commands
        self._history = History(changes)
        self._touched: set[str] = set()

    def perform(self, act: Act, do: Callable[[Effect], str]) -> str:
        """Do an effect once and return its result; on a repetition return the result it had.

        Args:
            act: what is to be done, and under which fence.
            do: acts, given the entry; raises DidNotHappen when it is certain of that.

        Raises:
            DidNotHappen: it certainly did not happen. OutcomeUnknown: nobody knows.
            Busy: the lease is lost. Mismatch: no record permits it with these arguments.
        """
        until = self._permit(act)
        self._touched.add(act.ticket)
        operation = secrets.token_hex(8)
        entry = self._started(act, operation, until)
        begin_by = until - act.tool.marking.timeout - _LATEST
        if entry.operation == operation:
            return self._act(entry, do, begin_by)
        if entry.hash != call_hash(act.tool.name, act.args):
            raise SupportError(f"The call {act.call} was made before, with other arguments.")
        if entry.state is EffectState.DONE:
            return entry.result or ""
        if entry.state is EffectState.FAILED:
            raise DidNotHappen(entry.result or "")
        if entry.unknown:
            raise OutcomeUnknown(f"Nobody knows whether {entry.tool} happened.")
        again = restarted(entry, operation, self._changes.clock.now(), until)
        if not self._swap(again):
            raise OutcomeUnknown(f"Another process is at {entry.tool}.")
        return self._act(self._get(entry.id), do, begin_by)

    def unknown(self, ticket_id: str) -> tuple[Effect, ...]:
        """List the effects of a ticket that were started, never ended, and take no key."""
        started = self._of(ticket_id, state=EffectState.STARTED)
        return tuple(effect for effect in map(self._learned, started) if effect.unknown)

    def after(self, ticket_id: str, before: tuple[Effect, ...]) -> tuple[Effect, ...]:
        """List the effects of a ticket after a run, which knew them as they were before it.

        Where the run led nothing through the ledger, they need not be read again.
        """
        if ticket_id not in self._touched:
            return before
        self._touched.discard(ticket_id)
        return self.of_ticket(ticket_id)

    def of_ticket(self, ticket_id: str) -> tuple[Effect, ...]:
        """List the effects of a ticket, the oldest first."""
        return tuple(map(self._learned, self._of(ticket_id)))

    def action_of(self, ticket_id: str, call: str) -> Action | None:
        """Load what was written down as a tool call was judged, before it was saved anywhere."""
        return self._history.of_call(ticket_id, call)

    def is_unknown(self, ticket_id: str, call: str) -> bool:
        """Tell whether the outcome of a call is for a person to say: none is known, or to come."""
        effect = self._find(effect_id(ticket_id, call))
        return effect is not None and self._learned(effect).unknown and not self.goes_on(effect)

    def acting_until(self, effects: Iterable[Effect]) -> datetime | None:
        """Tell until when effects may still be acting; None where all have come to their end."""
        now = self._changes.clock.now()
        ends = [each.until for each in effects if each.until and each.may_act(now)]
        # A supervisor that lives past its time is at something that it cannot kill.
        if not ends and any(map(self.goes_on, effects)):
            return now + _LOOK_AGAIN
        return max(ends, default=None)

    def goes_on(self, effect: Effect) -> bool:
        """Tell whether an effect is a command that lives on this host."""
        return self._commands.acts(effect.id, effect.operation)

    def learn_ends(self, tell: Callable[[Effect], object]) -> None:
        """Write down how actions ended whose runners died on this host, and tell of each.

        What a supervisor left is removed once it is told. One that cannot be is left where it is:
        it must not keep a worker from everything else.
        """
        for name, attempt in self._commands.ends():
            try:
                effect = self._find(name)
                if effect is None:
                    continue  # another store's
                if effect.operation == attempt:
                    tell(self._learned(effect))
                self._commands.forget(name, attempt)
            except Exception as error:  # such as a ticket that is gone or damaged
                if isinstance(error, StoreError) and not isinstance(error, Damaged):
                    raise
                _log.warning("How %s ended could not be told", name, exc_info=True)

    def _learned(self, effect: Effect) -> Effect:
        """Write down how an action ended, where its supervisor has left word of it here."""
        if not effect.unknown or effect.evidence is not None:
            return effect
        end = self._commands.end_of(effect.id, effect.operation)
        if end is None:
            return effect
        with suppress(DidNotHappen, ActionFailed):
            self._do(effect, lambda _: result_of(end))
        return self._get(effect.id)

    def apply(self, ticket: Ticket) -> None:
        """Write what people said about unknown outcomes into the entries; again changes nothing."""
        for request in ticket.requests:
            if request.kind is Kind.OUTCOME and request.decision is not None:
                self._apply(ticket, request, request.decision)

    def _apply(self, ticket: Ticket, request: Request, decision: Decision) -> None:
        effect = self._find(effect_id(ticket.id, request.call))
        # Its end may have come in after the answer.
        effect = effect and self._learned(effect)
        if effect is None or not effect.unknown:
            return
        state = EffectState.DONE if decision.type is Choice.RESPOND else EffectState.AGAIN
        said = ended(effect, state, decision.message or "", self._changes.clock.now())
        if self._swap(said):
            self._commands.forget(effect.id, effect.operation)
        else:
            _log.warning("The effect %s ended while a person decided about it", effect.id)

    def _permit(self, act: Act) -> datetime:
        """Check that an act is permitted; return when the lease that it is granted ends."""
        ticket = self._changes.load(act.ticket)
        lease = ticket.require_lease(act.fence)
        action = self.action_of(act.ticket, act.call)
        approval = decided_on(ticket, act.call, Kind.APPROVAL)
        if not permits(action, approval, act.tool.name, act.proposed, act.args):
            raise Mismatch(act.tool.name, act.call)
        enough = self._changes.clock.now() + act.tool.marking.timeout + _MARGIN
        if lease.until < enough:
            self._changes.apply(act.ticket, lambda now: renew(now, act.fence, enough))
        return enough

    def _started(self, act: Act, operation: str, until: datetime) -> Effect:
        """Insert the entry; return it, or the one that was there."""
        entry = Effect(
            id=effect_id(act.ticket, act.call),
            ticket=act.ticket,
            call=act.call,
            tool=act.tool.name,
            hash=call_hash(act.tool.name, act.args),
            keyed=act.tool.marking.keyed,
            state=EffectState.STARTED,
            operation=operation,
            started_at=self._changes.clock.now(),
            until=until,
        )
        for _ in range(_TRIES):
            try:
                self._documents.insert(entry)
            except ReplyLost:
                _log.warning("The store broke off as an effect was written down", exc_info=True)
            known = self._find(entry.id)
            if known is not None:
                return known
        raise StoreError("The effect could not be written down, so it was not done.")

    def _act(self, entry: Effect, do: Callable[[Effect], str], begin_by: datetime) -> str:
        def do_in_time(entry: Effect) -> str:
            # A slow store, or a process that was suspended: others may think that it is over.
            if self._changes.clock.now() > begin_by:
                raise DidNotHappen("It could not be started in time.")
            return do(entry)

        try:
            result = self._do(entry, do_in_time)
        except (StoreError, Conflict):
            raise  # what its supervisor has left is still to be written down
        except Exception:
            self._commands.forget(entry.id, entry.operation)
            raise
        self._commands.forget(entry.id, entry.operation)
        return result

    def _do(self, entry: Effect, do: Callable[[Effect], str]) -> str:
        try:
            result = in_words(entry.tool, do(entry))
        except DidNotHappen as error:
            told = in_words(entry.tool, error)
            self._end(entry, EffectState.FAILED, told)
            if told == str(error):
                raise
            raise DidNotHappen(told) from error
        except Exception as error:
            self._keep_evidence(entry, error)
            raise
        self._end(entry, EffectState.DONE, result)
        return result

    def _end(self, entry: Effect, state: EffectState, result: str) -> None:
        for _ in range(_TRIES):
            now = self._get(entry.id)
            # Whoever else ended it meanwhile was told so by a person, or had the same key.
            if now.state not in (EffectState.STARTED, EffectState.AGAIN) or _is_other(entry, now):
                return
            if self._swap(ended(now, state, result, self._changes.clock.now())):
                return
        raise Conflict(f"The entry of {entry.tool} changes too fast.")

    def _keep_evidence(self, entry: Effect, error: Exception) -> None:
        """Keep how an effect ended, of which nobody knows whether it happened."""
        if isinstance(error, ActionFailed):
            evidence = error.evidence
        else:
            evidence = Evidence(output=in_words(entry.tool, f"{type(error).__name__}: {error}"))
        now = self._get(entry.id)
        if now.unknown and not _is_other(entry, now):
            self._swap(replace(now, evidence=evidence))

    def _swap(self, effect: Effect) -> bool:
        for _ in range(_TRIES):
            try:
                return self._documents.replace(effect)
            except ReplyLost:
                stored = self._get(effect.id)
                if stored.version != effect.version:
                    return stored == replace(effect, version=stored.version)
        raise StoreError(f"The store broke off as the end of {effect.tool} was written down.")

    def _get(self, id: str) -> Effect:
        effect = self._find(id)
        if effect is None:
            raise StoreError(f"The ledger's entry {id} is gone.")
        return effect

    def _find(self, id: str) -> Effect | None:
        return self._changes.settled(lambda: self._documents.get(Effect, id))

    def _of(self, ticket_id: str, **where: str) -> tuple[Effect, ...]:
        find = partial(
            self._documents.find, Effect, fields=("id",), where={"ticket": ticket_id, **where}
        )
        rows = every_row(lambda **page: self._changes.settled(partial(find, **page)))
        return tuple(self._get(row["id"]) for row in rows)


def _is_other(entry: Effect, now: Effect) -> bool:
    """Tell whether an entry is at another attempt, which only one with a key may end for it."""
    return not now.keyed and now.operation != entry.operation
