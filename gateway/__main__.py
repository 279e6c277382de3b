"""``python -m gateway``: see :mod:`gateway.commands.cli`."""

import sys

from gateway.commands.cli import main

sys.exit(main())
