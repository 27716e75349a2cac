"""The line to MongoDB breaks at each request of a command: nothing is lost, nothing done twice."""

from __future__ import annotations

from pathlib import Path

from tests.databases import Mongo
from tests.lost_replies.cases import cut_all
from tests.racing import RACERS, race


def test_the_line_may_break_at_any_request(mongo: Mongo, mongo_uri: str, tmp_path: Path) -> None:
    name = mongo_uri.rpartition("/")[2].partition("?")[0]
    uris = [mongo.uri(f"{name}_{n}") for n in range(RACERS)]
    told = race(cut_all, uris, str(tmp_path))
    failed = [failure for each in told for failure in each.failed]
    print(f"{sum(each.cut for each in told)} lines cut; commands that said so:", *failed, sep="\n")
    assert [wrong for each in told for wrong in each.wrong] == []
