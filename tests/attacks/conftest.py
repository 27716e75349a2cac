"""What the attacks use of other tests: doors to come through, shops, and a model's server."""

from tests.agent.conftest import play, quiet, server, streamed
from tests.cli.conftest import agent, at_terminal, run, support
from tests.policy.conftest import shop, staffed

__all__ = [
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
