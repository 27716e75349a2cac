"""What the attacks use of other tests: doors to come through, and a model's server."""

from tests.agent.conftest import quiet, server
from tests.cli.conftest import at_terminal, support

__all__ = ["at_terminal", "quiet", "server", "support"]
