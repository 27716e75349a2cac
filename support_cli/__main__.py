"""python -m support_cli."""

import sys

from support_cli.cli.main import main

sys.exit(main())
