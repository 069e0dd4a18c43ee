"""`python -m bot` is `vernissage`."""

import sys

from bot.cli import main

sys.exit(main())
