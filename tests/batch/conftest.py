"""Running commands, as the tests of the command line do."""

from tests.cli.conftest import agent as agent
from tests.cli.conftest import at_terminal as at_terminal
from tests.cli.conftest import run as run
from tests.cli.conftest import support as support
