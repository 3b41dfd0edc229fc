"""Try every harness on many inputs, guided by coverage where atheris is installed."""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.fuzz.seeds import longest, mutated, seeds

_MEMORY = "/dev/shm"  # noqa: S108 - only for a folder of our own in there


def main() -> int:
    """Try all harnesses, each in a process of its own, or one in this process. 1 where one of them failed."""
    parser = argparse.ArgumentParser("python -m tests.fuzz", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="HARNESS", help="which (default: all)")
    parser.add_argument("--runs", type=int, default=100_000, help="how many inputs each (default: 100000)")
    parser.add_argument("--seconds", type=int, default=600, help="and no longer than that each (default: 600)")
    parser.add_argument("--engine", choices=("atheris", "random"), help="default: atheris where it is installed")
    parser.add_argument("--crashes", type=Path, default=Path(tempfile.gettempdir()), help="folder for inputs that fail")
    parser.add_argument("--here", action="store_true", help="in this process (one harness)")
    options = parser.parse_args()
    if options.here:
        return _here(options)
    from tests.fuzz.harnesses import HARNESSES

    failed = 0
    arguments = [*(a for a in sys.argv[1:] if a not in options.names), "--here", "--crashes", str(options.crashes)]
    for name in options.names or [harness.name for harness in HARNESSES]:
        # libFuzzer ends its process without tidying up; a disk would be waited for.
        with tempfile.TemporaryDirectory(dir=_MEMORY if os.path.isdir(_MEMORY) else None) as scratch:
            command = [sys.executable, "-m", "tests.fuzz", name, *arguments]
            failed += subprocess.run(command, env={**os.environ, "TMPDIR": scratch}).returncode != 0
    return int(failed > 0)


def _here(options: argparse.Namespace) -> int:
    engine = options.engine or ("atheris" if _has_atheris() else "random")
    return (_guided if engine == "atheris" else _random)(options)


def _has_atheris() -> bool:
    from importlib.util import find_spec

    return find_spec("atheris") is not None


def _guided(options: argparse.Namespace) -> int:
    import atheris

    with atheris.instrument_imports(include=["alikey_hook"]):
        from tests.fuzz.harnesses import HARNESSES
    (harness,) = (known for known in HARNESSES if known.name == options.names[0])
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(seeds(harness.name)):
            Path(folder, str(number)).write_bytes(seed)
        limits = [f"-runs={options.runs}", f"-max_total_time={options.seconds}", f"-max_len={longest(harness.name)}"]
        where = f"-artifact_prefix={options.crashes}/{harness.name}-"
        atheris.Setup([sys.argv[0], *limits, where, folder], harness.run)
        print(f"{harness.name}:", flush=True)
        atheris.Fuzz()  # ends this process, having told how many inputs it has tried
    return 0


def _random(options: argparse.Namespace) -> int:
    from tests.fuzz.harnesses import HARNESSES

    (harness,) = (known for known in HARNESSES if known.name == options.names[0])
    rng = random.Random()
    known = seeds(harness.name)
    end = time.monotonic() + options.seconds
    for count in range(options.runs):
        data = known[count] if count < len(known) else mutated(rng, known, longest(harness.name))
        try:
            harness.run(data)
        except Exception:
            (options.crashes / f"{harness.name}-{count}").write_bytes(data)
            raise
        if count % 100 == 0 and time.monotonic() > end:
            break
    print(f"{harness.name}: {count + 1} inputs, no wrong answer")
    return 0


if __name__ == "__main__":
    sys.exit(main())
