"""Print the figures of the README: `python -m tests.bench [NAME...]`."""

from __future__ import annotations

import importlib
import sys

NAMES = ("startup", "listing", "single", "conversation", "batch", "workers", "memory")


def main(names: list[str]) -> int:
    """Measure the parts named, or all of them, and print one line a figure."""
    print("| figure | measured | target | made of |\n|---|--:|--:|---|", flush=True)
    for name in names or NAMES:
        for figure in importlib.import_module(f"tests.bench.{name}").figures():
            print(
                f"| {figure.name} | {figure.value:.2f} | {figure.target} | {figure.made_of} |",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
