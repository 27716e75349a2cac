"""What the attacks use of other tests: a model's server, and a desk that asks it."""

from tests.agent.conftest import quiet, server

__all__ = ["quiet", "server"]
