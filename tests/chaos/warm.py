"""What every process of a chaos has done before it is forked: everything is imported and warm."""

from __future__ import annotations

import logging
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import langgraph.checkpoint.mongodb

import support_cli.store.mongo
from tests.chaos.people import decide
from tests.chaos.world import World

__all__ = ["langgraph", "support_cli"]

with TemporaryDirectory() as folder:
    world, chance = World(Path(folder), None, 0), Random(0)
    logging.disable()
    with world.desk(chance) as desk:
        asked = desk.tickets.submit(desk.customer("warm"), "ask 0 first", human=False)
        waiting = desk.runs.run(asked.id)
        decide(world, "hand", desk, chance, waiting.id, waiting.requests[0])
        desk.runs.run(asked.id)
    logging.disable(logging.NOTSET)
