"""Are there advisories about what is installed here? Asks pip-audit, and says what it could not look up.

exit code: 0 none is known, or none could be looked up (it says so), 1 there are some, 2 not all were looked up (--required)
"""

import json
import subprocess
import sys


def main() -> int:
    """Ask, tell, and give the exit code."""
    command = [sys.executable, "-m", "pip_audit", "--local", "--skip-editable", "--format=json", "--progress-spinner=off"]
    done = subprocess.run(command, capture_output=True, text=True)  # noqa: S603
    try:
        found = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        found = []  # it ends so where there is no network
    looked = [one for one in found if "skip_reason" not in one]
    bad = [one for one in looked if one["vulns"]]
    for one in bad:
        print(f"{one['name']} {one['version']}: {', '.join(vulnerability['id'] for vulnerability in one['vulns'])}")
    missed = [one["name"] for one in found if "skip_reason" in one and one["name"] != "alikey-hook"]
    if not looked:
        print("audit of dependencies: skipped: none could be looked up (is there a network?)")
    else:
        print(f"audit of dependencies: {len(looked)} looked up, {len(bad)} with advisories, {len(missed)} not looked up")
    if bad:
        return 1
    return 2 if "--required" in sys.argv[1:] and (missed or not looked) else 0


if __name__ == "__main__":
    sys.exit(main())
