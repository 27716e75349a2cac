"""Those who are cut off are forked from the same warm process as the racers."""

from tests.races.conftest import warm

__all__ = ["warm"]
