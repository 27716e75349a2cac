"""MongoDB fails at each request of a command: nothing is lost, nothing done twice."""

from __future__ import annotations

from pathlib import Path

from tests.databases import Mongo
from tests.lost_replies.cases import BROKEN, FAILED_OVER, Summary, cut_all
from tests.lost_replies.proxy import Cut
from tests.racing import RACERS, race


def test_the_line_may_break_at_any_request(mongo: Mongo, mongo_uri: str, tmp_path: Path) -> None:
    told = _cut_off(mongo, mongo_uri, tmp_path, BROKEN)
    assert [wrong for each in told for wrong in each.wrong] == []


def test_a_replica_set_may_fail_over_at_any_request(
    mongo: Mongo, mongo_uri: str, tmp_path: Path
) -> None:
    """No command fails for it, whichever member answers what."""
    told = _cut_off(mongo, mongo_uri, tmp_path, FAILED_OVER)
    assert [wrong for each in told for wrong in each.wrong] == []
    assert [failure for each in told for failure in each.failed] == []


def _cut_off(mongo: Mongo, uri: str, home: Path, cuts: tuple[Cut, ...]) -> list[Summary]:
    name = uri.rpartition("/")[2].partition("?")[0]
    uris = [mongo.uri(f"{name}_{n}") for n in range(RACERS)]
    told = race(cut_all, uris, str(home), cuts)
    failed = [failure for each in told for failure in each.failed]
    print(f"{sum(each.cut for each in told)} requests failed; commands too:", *failed, sep="\n")
    return told
