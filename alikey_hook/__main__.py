"""`python -m alikey_hook`."""

import os
import sys

# Python puts the current folder first on the path of modules (unless it was told not to, -P): a `re.py` or `yaml/` of the
# repository that is looked at would be run. Nothing of the standard library that may not be loaded yet is imported before.
if not getattr(sys.flags, "safe_path", False) and sys.path[0] != os.path.dirname(os.path.dirname(os.path.abspath(__file__))):
    del sys.path[0]

from alikey_hook.cli import main

sys.exit(main())
