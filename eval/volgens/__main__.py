"""`python -m volgens`."""

import sys

from volgens.cli import main

sys.exit(main())
