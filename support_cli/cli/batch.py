"""Many decisions from a file: planned, confirmed, carried out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from support_cli.cli import sources, work_schema
from support_cli.cli.asking import STDIN, at_terminal, confirmed
from support_cli.cli.carrying import How, carry_out, doing, exit_code
from support_cli.cli.invocation import desk_of
from support_cli.cli.options import AsAdmin, FailFast, Jobs, Json, ResultsFile, forbid_together
from support_cli.cli.output import data, note, say
from support_cli.cli.parsing import Command
from support_cli.cli.progress import watching
from support_cli.cli.sources import Source
from support_cli.domain.trail import Actor
from support_cli.domain.work import FINE, Outcome
from support_cli.errors import Conflict, SupportError, UsageError
from support_cli.services.batch import Batch, Item, Result, decisions_of
from support_cli.services.parallel import SideBySide
from support_cli.services.repeats import Repeat, Repeats
from support_cli.services.work_lines import WORK_COLUMNS

JOBS = 4
_SHOWN = 10  # problems that the plan names
_PLANNED = {
    Outcome.APPLIED: "will apply",
    Outcome.UNCHANGED: "already decided the same",
    Outcome.CONFLICT: "already decided otherwise, or closed",
    Outcome.STALE: "stale",
    Outcome.INVALID: "invalid",
    Outcome.NOT_FOUND: "not found",
    Outcome.FAILED: "failed",
}
_APART = {"repeated": "repeat another line", "contradicting": "contradict another line"}
app = typer.Typer()


@dataclass
class Plan:
    """What a batch would come to, as things stand."""

    counts: Counter[Outcome] = field(default_factory=Counter)
    skipped: int = 0
    problems: list[Result] = field(default_factory=list)
    repeats: list[Repeat] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def more(self) -> Mapping[str, int]:
        """Count what is counted apart."""
        same = sum(each.same for each in self.repeats)
        other = len(self.repeats) - same
        return {"repeated": same, "contradicting": other, "skipped": self.skipped}

    def __str__(self) -> str:
        counts = {words: self.counts[each] for each, words in _PLANNED.items()}
        counts |= {words: self.more[name] for name, words in _APART.items()}
        told = [f"{count:,} {words}" for words, count in counts.items() if count]
        return ", ".join([*told, f"{self.skipped:,} skipped"])


@app.command("batch", cls=Command)
def batch(
    ctx: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", parser=Path, show_default=False, help="The lines; - is stdin."
        ),
    ],
    jobs: Jobs = JOBS,
    results: ResultsFile = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan, and end.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before applying.")] = False,
    fail_fast: FailFast = False,
    detach: Annotated[
        bool, typer.Option("--detach", help="Only record the decisions; workers apply them.")
    ] = False,
    by: AsAdmin = None,
    json: Json = False,
) -> None:
    """Decide what the lines of a file say, as `admin export` wrote them.

    Each line is checked first, and the plan shown. A line without a decision is skipped. Safe to
    run again: what was applied is unchanged, and the rest is done.
    """
    forbid_together(dry_run=dry_run, yes=yes)
    _check_askable(file, asks=not (dry_run or yes))
    sources.check_apart(file, results)
    with desk_of(ctx) as desk, sources.opened(file) as source:
        admin = desk.admin(by)
        plan = _planned(desk.batch(run=False), source, admin, jobs, quiet=json)
        _show(plan, dry_run=dry_run, json=json)
        if dry_run:
            code = exit_code(plan.counts)
            raise typer.Exit(code or (Conflict.exit_code if plan.more["contradicting"] else 0))
        _confirm(plan, asks=not yes)
        how = How(jobs, results, fail_fast, json)
        with doing(desk, Batch.decide, admin, jobs, detach=detach) as do:
            total = plan.counts.total() + len(plan.repeats)
            code = carry_out(_decided(source), do, how, "Deciding", total)
    raise typer.Exit(code)


def _check_askable(file: Path, *, asks: bool) -> None:
    if asks and (str(file) == STDIN or not at_terminal()):
        raise UsageError(
            "Nobody is at a terminal to confirm the plan.", hint="--yes, or --dry-run to see it"
        )


def _decided(source: Source) -> Iterator[Item]:
    return (item for item in decisions_of(source.lines(WORK_COLUMNS)) if not item.blank)


def _planned(batch: Batch, source: Source, admin: Actor, jobs: int, *, quiet: bool) -> Plan:
    plan, repeats = Plan(), Repeats()

    def read() -> Iterator[Item]:
        for item in decisions_of(source.lines(WORK_COLUMNS)):
            if item.blank:
                plan.skipped += 1
            else:
                yield item

    checks = SideBySide[Item, Result](jobs, lambda item: batch.foresee(item, admin))
    with watching("Checking", None, quiet=quiet) as watch:
        for item, result in checks.over(read()):
            if result is not None:
                repeats.add(item, result)
                plan.counts[result.outcome] += 1
                if result.outcome not in FINE and len(plan.problems) < _SHOWN:
                    plan.problems.append(result)
            watch.advance()
    plan.repeats = sorted(repeats.found(), key=lambda each: (each.line, each.before))
    plan.counts[Outcome.APPLIED] -= len(plan.repeats)
    plan.remarks = list(source.remarks)
    return plan


def _show(plan: Plan, *, dry_run: bool, json: bool) -> None:
    if json:
        if dry_run:
            said = [*plan.remarks, *map(str, plan.repeats)]
            data(work_schema.plan(plan.counts, plan.more, said))
        return
    for remark in plan.remarks:
        note(remark)
    for each in sorted(plan.problems, key=lambda problem: problem.line):
        note(f"Line {each.line}: {each.outcome}: {each.error}")
    for repeat in plan.repeats[:_SHOWN]:
        note(str(repeat))
    (say if dry_run else note)(f"Plan: {plan}.")


def _confirm(plan: Plan, *, asks: bool) -> None:
    if asks and plan.counts[Outcome.APPLIED] and not confirmed("Apply?"):
        raise SupportError("Nothing was decided.")
