"""What every process of these tests has done before it is forked: everything is imported and warm.

The first run of a graph takes half a second; a matrix has hundreds of processes.
"""

import logging
from tempfile import TemporaryDirectory

import langgraph.checkpoint.mongodb

import support_cli.store.mongo
from tests.reliability.desk import open_desk, payments_of
from tests.reliability.scenarios import SCENARIOS, command, prepare

__all__ = ["langgraph", "support_cli"]

logging.disable()  # what fails here fails on purpose
with TemporaryDirectory() as folder:
    target = {"SUPPORT_HOME": folder}
    with open_desk(target) as desk:
        for scenario in SCENARIOS[-8:]:
            prepare(desk, scenario, scenario.name)
            command(desk, scenario, scenario.name, payments_of(target), lambda _: None)
