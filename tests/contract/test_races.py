"""What the stores keep when many processes are at them at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from support_cli.domain.article import Article
from support_cli.services.ports import Key
from tests.contract.test_documents import NOON, article
from tests.racing import RACERS, line_up, open_store, race

ROUNDS = 10
SWAPS = 25


def insert_same(number: int, target: Mapping[str, str]) -> list[bool]:
    with open_store(target) as documents:
        line_up()
        return [documents.insert(Key(f"k-{n}", ticket=str(number))) for n in range(SWAPS)]


def add_terms(number: int, target: Mapping[str, str]) -> None:
    with open_store(target) as documents:
        line_up()
        for count in range(SWAPS):
            while True:
                found = documents.get(Article, "a")
                assert found is not None
                if documents.replace(replace(found, terms=(*found.terms, f"{number}-{count}"))):
                    break


def open_new(number: int, targets: list[Mapping[str, str]]) -> None:
    for target in targets:
        line_up()
        with open_store(target) as documents:
            assert documents.insert(Key(str(number), ticket=""))


def test_an_id_is_taken_by_one_of_many(store_target: Mapping[str, str]) -> None:
    wins = race(insert_same, store_target)
    assert [sum(each) for each in zip(*wins, strict=True)] == [1] * SWAPS


def test_no_swap_is_lost_or_done_twice(store_target: Mapping[str, str]) -> None:
    with open_store(store_target) as documents:
        documents.insert(article("a"))
        race(add_terms, store_target)
        expected = sorted(f"{n}-{count}" for n in range(RACERS) for count in range(SWAPS))
        stored = documents.get(Article, "a")
        assert stored is not None
        assert sorted(stored.terms) == expected
        assert stored.version == 1 + len(expected)
        assert documents.search(Article, expected, 2) == [stored]
        assert stored.at == NOON


def test_a_new_store_may_be_opened_by_many_at_once(store_target: Mapping[str, str]) -> None:
    home = store_target["SUPPORT_HOME"]
    targets = [{**store_target, "SUPPORT_HOME": f"{home}/{n}/new"} for n in range(ROUNDS)]
    if "MONGODB_URI" in store_target:
        targets = targets[:1]  # one database per test
    race(open_new, targets)
    for target in targets:
        with open_store(target) as documents:
            assert all(documents.get(Key, str(number)) for number in range(RACERS))
