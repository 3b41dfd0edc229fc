"""What looking for this machine's own keys costs a clean commit: `python -m benchmarks.own_keys`.

The hook runs on one repository with two homes in turn: an empty one, and one that the aliyun CLI, the SDKs, ossutil and rclone
are configured in.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from alikey_hook.errors import UserError
from benchmarks import place, processes
from tests.corpus.fill import credential

RUNS = 100
BAR = 1.15


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 1 where it costs more than the bar, 2 where it could not be measured."""
    parser = argparse.ArgumentParser("python -m benchmarks.own_keys", description="What looking for own keys costs.")
    parser.add_argument("--runs", type=int, default=RUNS, metavar="N", help=f"how often, each in turn (default: {RUNS})")
    runs = parser.parse_args(argv).runs
    try:
        with tempfile.TemporaryDirectory(prefix="own-keys-") as name:
            rounds = measure(place.prepare(Path(name).resolve(), None), runs)
    except UserError as error:
        print(f"benchmarks.own_keys: {error.message}\n{error.help}", file=sys.stderr)
        return 2
    ratio = median(with_keys / without for without, with_keys in rounds)
    for what, each in zip(("nothing configured", "four files configured"), zip(*rounds, strict=True), strict=True):
        print(f"{what}: median {median(each):.2f} ms, least {min(each):.2f} ms")
    print(f"median of the {runs} ratios: {ratio:.3f} (bar {BAR})")
    return 1 if ratio > BAR else 0


def measure(where: place.Place, runs: int) -> list[tuple[float, float]]:
    """Milliseconds without and with a configuration, a pair a round, after one to warm up. Raises UserError.

    The order changes from round to round. Ratios within a round suffer little from whatever else the machine does.
    """
    configured = where.clean.parent / "configured"
    configure(configured)
    homes = [where.environment, {**where.environment, "HOME": str(configured)}]
    argv = [where.script("alikey-hook"), "hook", *where.staged]
    rounds = []
    for number in range(runs + 1):
        taken = [0.0, 0.0]
        for at in (0, 1) if number % 2 else (1, 0):
            sample = processes.sample(argv, where.clean, homes[at])
            if sample.code:
                raise UserError(f"the hook gives {sample.code} instead of 0.", "Run it by hand.")
            taken[at] = sample.milliseconds
        rounds.append((taken[0], taken[1]))
    return rounds[1:]


def configure(home: Path) -> None:
    """A home with three profiles of the CLI, two of the SDKs, ossutil, and a remote of rclone."""
    rng = random.Random("own keys")

    def pair(first: str = "access_key_id", second: str = "access_key_secret") -> dict[str, str]:
        return {first: credential("id", rng), second: credential("sec", rng)}

    def ini(section: str, values: dict[str, str]) -> str:
        return f"[{section}]\n" + "".join(f"{key} = {value}\n" for key, value in values.items())

    profiles = [{"name": name, "mode": "AK", **pair(), "region_id": "cn-hangzhou"} for name in ("default", "prod", "test")]
    files = {
        ".aliyun/config.json": json.dumps({"current": "default", "profiles": profiles}, indent="\t"),
        ".alibabacloud/credentials": ini("default", pair()) + ini("prod", pair()),
        ".ossutilconfig": ini("Credentials", pair("accessKeyID", "accessKeySecret")),
        ".config/rclone/rclone.conf": ini("oss", {"provider": "Alibaba", **pair(second="secret_access_key")}),
    }
    for path, text in files.items():
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
