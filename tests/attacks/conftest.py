"""What the attacks use of other tests: doors to come through, shops, and a model's server."""

from tests.agent.conftest import play, quiet, server, streamed
from tests.cli.conftest import Run, agent, at_terminal, run, support
from tests.policy.conftest import shop, staffed

__all__ = [
    "Run",
    "agent",
    "at_terminal",
    "play",
    "quiet",
    "run",
    "server",
    "shop",
    "staffed",
    "streamed",
    "support",
]
