"""Print what a chaos comes to: `python -m tests.chaos --seconds 60 --store both`.

With `--away 30` nobody is killed, and the store is away for 30 seconds, in each of its ways.
"""

from __future__ import annotations

import argparse
import logging
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

from tests.chaos import away
from tests.chaos.chaos import COLUMNS, Report, rage, server_for
from tests.databases import NoMongo, OwnMongo

Plan = Callable[[Path, OwnMongo | None], Report | away.Outcome]
_SHOWN = 20  # broken invariants


def main() -> int:
    """Run on the stores asked for; 1 where an invariant broke."""
    asked = _arguments()
    seed = secrets.randbelow(10**6) if asked.seed is None else asked.seed
    stores = ("sqlite", "mongo") if asked.store == "both" else (asked.store,)
    columns = COLUMNS if asked.away is None else away.COLUMNS
    _print(columns)
    _print(["---"] * len(columns))
    broken = 0
    for store, plan in _plans(stores, asked.seconds, asked.away, seed):
        home = Path(mkdtemp(prefix="support-chaos-"))
        logging.basicConfig(filename=home / "log", force=True)
        try:
            with server_for(store, home) as server:
                report = plan(home, server)
        except NoMongo as missing:
            print(f"{store}: {missing}", file=sys.stderr)
            broken += 1
            continue
        broken += _tell(report, home)
    return min(broken, 1)


def _plans(
    stores: Sequence[str], seconds: float, gone: float | None, seed: int
) -> Iterator[tuple[str, Plan]]:
    for store in stores:
        if gone is None:
            yield store, partial(rage, seconds=seconds, seed=seed)
        else:
            for how in away.WAYS[store]:
                yield store, partial(away.outlive, how=how, seconds=gone, seed=seed)


def _tell(report: Report | away.Outcome, home: Path) -> int:
    _print(report.row)
    found = report.findings.broken
    if not found:
        shutil.rmtree(home)
        return 0
    print(f"{len(found)} invariants broke; everything is in {home}", file=sys.stderr)
    for each in found[:_SHOWN]:
        print(f"- {each}", file=sys.stderr)
    return len(found)


def _print(cells: Sequence[str]) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--store", choices=("sqlite", "mongo", "both"), default="both")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--away", type=float, metavar="SECONDS")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
