"""`python -m alikey_hook`."""

import sys

from alikey_hook.cli import main

sys.exit(main())
