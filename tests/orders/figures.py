"""What the offline model takes for a plain request, measured on labelled sentences.

`python -m tests.orders.figures` prints the table of the README. Each line of the files is a label
and a sentence: `ask` where a person should read it, else the wish, the order and the amount. The
grammar was written beside the `tune` sentences, and has learned from the first three `held` sets,
which the same author wrote in five voices after the grammar was done. `held_4` was written and
labelled by somebody who knew neither the grammar nor the other sets, and measured once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from support_cli.agent.plain_request import understood

STRANGERS = "held_4"  # nobody has tuned to these, and nobody may
SETS = ("tune", "held_1", "held_2", "held_3", STRANGERS)
_WISHES = {"refund_order": "refund", "cancel_order": "cancel", "adjust_price": "adjust"}


@dataclass(frozen=True)
class Sentence:
    """What a customer writes, and what was to be done about it."""

    label: str
    text: str

    @property
    def plain(self) -> bool:
        """Whether it asks plainly for one thing."""
        return self.label != "ask"

    @property
    def done(self) -> str:
        """What the offline model would propose, written as a label."""
        request = understood(self.text)
        if request is None:
            return "ask"
        parts = (_WISHES[request.tool], request.order, request.amount, request.currency)
        return " ".join(filter(None, parts))


def sentences(name: str) -> list[Sentence]:
    """Read the sentences of one set."""
    text = Path(__file__).with_name(f"requests_{name}.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines()]
    return [Sentence(label, said.replace("\\n", "\n")) for label, said in rows]


def moved_wrongly(among: Sequence[Sentence]) -> list[Sentence]:
    """Return those on which money would move that nobody asked for, or other than asked for."""
    return [each for each in among if each.done not in ("ask", each.label)]


def row(name: str, among: Sequence[Sentence]) -> str:
    """Write one row of the table."""
    plain = [each for each in among if each.plain]
    right = sum(each.done == each.label for each in plain)
    wrong = len(moved_wrongly(among))
    return (
        f"| {name} | {len(among)} | {right} of {len(plain)} ({right / len(plain):.0%}) | {wrong} |"
    )


def main() -> None:
    """Print the table."""
    print("| sentences | | plain requests taken up | money moved that nobody asked for |")
    print("|---|--:|--:|--:|")
    for name in SETS:
        print(row(name.replace("_", " "), sentences(name)))


if __name__ == "__main__":
    main()
