"""A value's hashes are those of `hashlib`, whatever module they come from."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
VALUE = "a value, 密钥, \udc80"
ENCODED = VALUE.encode("utf-8", "surrogatepass")
PROBE = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
for name in sys.argv[1:]:
    sys.modules[name] = None
from alikey_hook.finding import fingerprint, hashed
print(fingerprint({VALUE!r}), hashed({VALUE!r}))
"""


@pytest.mark.parametrize(
    "lacking", [[], ["_sha2"], ["_sha2", "_sha256"], ["_sha1"]], ids=lambda lacking: "without " + (" ".join(lacking) or "none")
)
def test_hashes_are_those_of_hashlib(lacking: list[str]) -> None:
    done = subprocess.run([sys.executable, "-c", PROBE, *lacking], capture_output=True, text=True, check=True)
    sha1 = hashlib.sha1(ENCODED, usedforsecurity=False).hexdigest()
    assert done.stdout.split() == [f"sha256:{hashlib.sha256(ENCODED).hexdigest()}", sha1]
