"""One table of a policy's TOML: what may be in it, and where it holds something else."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NoReturn

from support_cli.errors import UsageError
from support_cli.services.toml_lines import CURLY_QUOTES, Lines

_CALLED = {
    str: "a text",
    float: "a number",
    int: "a whole number",
    bool: "true or false",
    list: "a list of texts",
}
_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True, slots=True)
class File:
    """A policy's text, and what it is called in an error."""

    name: str
    lines: Lines

    def read(self, text: str) -> Mapping[str, Any]:
        """Read the TOML.

        Raises:
            UsageError: it is none; the sentence says where.
        """
        if not text.strip():
            raise self._bare(f"{self.name} is empty.")
        try:
            told = tomllib.loads(text)
        except tomllib.TOMLDecodeError as exc:
            self._wrong_toml(str(exc), text)
        except RecursionError as exc:
            raise self._bare(f"{self.name} is nested too deep to be a policy.") from exc
        except ValueError as exc:  # a number of thousands of digits
            raise self._bare(f"{self.name} has a number that cannot be kept.") from exc
        if not told:
            raise self._bare(f"{self.name} holds nothing but comments.")
        return told

    def wrong(
        self, problem: str, line: int, place: str = "", column: int | None = None
    ) -> NoReturn:
        """Refuse what stands somewhere.

        Raises:
            UsageError: always.
        """
        where = f"line {line}" if column is None else f"line {line}, column {column}"
        sentence = f"{self.name}, {where}{place}: {problem}"
        end = "" if sentence.endswith("?") else "."
        hint = "support admin policy check FILE"
        raise UsageError(sentence + end, hint=hint, excerpt=self.lines.excerpt(line, column))

    def _wrong_toml(self, told: str, text: str) -> NoReturn:
        place = _AT.search(told)
        problem = _AT.sub("", told)
        if place is None or place[1] is None:
            raise self._bare(f"{self.name} is not TOML: {problem} at its end.")
        line, column = int(place[1]), int(place[2])
        sign = text.split("\n")[line - 1][column - 1 : column]
        if sign and sign in CURLY_QUOTES:
            problem = f'{sign} is a quotation mark of a word processor; write "'
        self.wrong(f"this is not TOML: {problem}", line, column=column)

    def _bare(self, sentence: str) -> UsageError:
        return UsageError(sentence, hint="support admin policy show prints the one that holds")


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the text: its values, where it begins, and what it is called."""

    file: File
    values: Mapping[str, Any]
    line: int
    name: str

    def wrong(self, problem: str, key: str | None = None, value: str | None = None) -> NoReturn:
        """Refuse the table, a key of it, or a value of the key.

        Raises:
            UsageError: always.
        """
        line = self.line if key is None else self.file.lines.key(key, self.line)
        if value is not None:
            line = self.file.lines.value(value, line)
        self.file.wrong(problem, line, self.name)

    def check(self, kinds: Mapping[str, type], needed: Iterable[str] = ()) -> None:
        """Refuse unknown keys, values of another kind, and what is missing.

        Raises:
            UsageError: there is one.
        """
        for key, value in self.values.items():
            if key not in kinds:
                self.wrong(f"there is no key {key}{meant(key, kinds)}", key)
            if not _is(value, kinds[key]):
                self.wrong(f"{key} must be {_CALLED.get(kinds[key], 'a table')}", key)
        for key in needed:
            if key not in self.values:
                self.wrong(f"{key} is missing")

    def one_of(self, key: str, given: str, known: Collection[str], what: str) -> None:
        """Refuse a value that is none of those known.

        Raises:
            UsageError: it is none.
        """
        if given not in known:
            self.wrong(f"there is no {what} {given}{meant(given, known)}", key, given)

    def texts(self, key: str) -> tuple[str, ...]:
        """Give a list of texts; an empty one where there is none.

        Raises:
            UsageError: something in it is no text.
        """
        values = self.values.get(key, ())
        if not all(isinstance(each, str) for each in values):
            self.wrong(f"{key} must be a list of texts", key)
        return tuple(values)


def meant(word: str, known: Iterable[str]) -> str:
    """Name what was meant by a word, where one is near."""
    near = get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; did you mean {near[0]}?" if near else ""


def _is(value: Any, kind: type) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind is int:
        return type(value) is int
    return isinstance(value, kind)
