"""Calling the commands that ask Alibaba Cloud: as real processes, with everything in the environment that may go wrong."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.corpus.fill import credential
from tests.keys import access_key_id, secret
from tests.repository import Repo

# The leaked key, a leaked STS triple, and the one that asks.
ID, SECRET = access_key_id(811), secret(811)
STS_ID, STS_SECRET, TOKEN = (credential(kind, random.Random(812)) for kind in ("stsid", "stssec", "ststok"))
ADMIN_ID, ADMIN_SECRET = access_key_id(815), secret(815)
SHOWN = f"{ID[:8]}…{ID[-4:]}"
LEAK = f'access_key_id = "{ID}"\naccess_key_secret = "{SECRET}"\n'
STS_LEAK = f'access_key_id = "{STS_ID}"\naccess_key_secret = "{STS_SECRET}"\nsecurity_token = "{TOKEN}"\n'
NEVER_SHOWN = (ID, SECRET, STS_ID, STS_SECRET, TOKEN, ADMIN_ID, ADMIN_SECRET)
ADMIN = {"ALIBABA_CLOUD_ACCESS_KEY_ID": ADMIN_ID, "ALIBABA_CLOUD_ACCESS_KEY_SECRET": ADMIN_SECRET}


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """What the commands run in: debug switches on, and a proxy that nobody serves."""
    odd = {"DEBUG": "sdk", "HTTP_PROXY": "http://127.0.0.1:1", "http_proxy": "http://127.0.0.1:1", "PYTHONWARNINGS": "error"}
    kept = {key: value for key, value in os.environ.items() if key not in ("NO_PROXY", "no_proxy")}
    return kept | odd | {"PYTHONPATH": str(Path(__file__).parents[2])} | dict(more or {})


def command(*arguments: str) -> list[str]:
    """The command line."""
    return [sys.executable, "-m", "alikey_hook", *arguments]


def call(
    repo: Repo, *arguments: str, stdin: str = "", env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command; nothing that it prints may hold a secret, a token or a whole id."""
    done = subprocess.run(
        command(*arguments), cwd=repo.top, env=environment(env), input=stdin, capture_output=True, text=True, timeout=60
    )
    for value in NEVER_SHOWN:
        assert value not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr and "a bug" not in done.stderr, done.stderr
    return done


def config(home: Path, *profiles: dict[str, str]) -> None:
    """Write the aliyun CLI's configuration."""
    (home / ".aliyun").mkdir(exist_ok=True)
    (home / ".aliyun" / "config.json").write_text(json.dumps({"current": "x", "profiles": profiles}), "utf-8")
