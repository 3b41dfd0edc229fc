"""How large a page of many findings is and how fast it opens: `python -m benchmarks.page`, in a Chromium without a window.

Opened is: loaded, laid out and drawn. Sorting and filtering are what a key or a click costs, drawn too.
"""

from __future__ import annotations

import argparse
import datetime
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from alikey_hook.finding import Finding, fingerprint
from alikey_hook.report.html.page import render
from alikey_hook.result import Result
from tests.browser import CHROMIUM, Browser
from tests.report.samples import ABOUT, ALLOWED, ID

FINDINGS, RUNS = 5_000, 5
SECONDS, MEGABYTES = 3.0, 15.0
_DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
_SORT = f"document.querySelectorAll('th button')[4].click(), {_DRAWN}"
_FILTER = (
    "(() => { const field = document.forms[0].elements.search; field.value = field.value ? '' : 'service-7/';"
    f"field.dispatchEvent(new Event('input', {{bubbles: true}})); return {_DRAWN}; }})()"
)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; 2 where there is no Chromium."""
    parser = argparse.ArgumentParser("python -m benchmarks.page", description="How large a page is, and how fast it opens.")
    parser.add_argument("--findings", type=int, default=FINDINGS, metavar="N", help=f"default: {FINDINGS}")
    parser.add_argument("--runs", type=int, default=RUNS, metavar="N", help=f"default: {RUNS}")
    options = parser.parse_args(argv)
    if CHROMIUM is None:
        print("benchmarks.page: there is no Chromium here.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="page-") as folder:
        page = Path(folder) / "page.html"
        result = Result([_finding(number) for number in range(options.findings)], options.findings, 1)
        page.write_text(render(result, ABOUT), encoding="utf-8")
        megabytes = page.stat().st_size / 1e6
        samples = _measured(page, Path(folder) / "profile", options.runs)
    print(f"| {options.findings} findings | MB | " + " | ".join(f"{name}, s" for name in samples) + " |")
    print("| --- |" + " ---: |" * (1 + len(samples)))
    print(f"| median | {megabytes:.1f} | " + " | ".join(f"{median(taken):.2f}" for taken in samples.values()) + " |")
    print(f"| worst | | {' | '.join(f'{max(taken):.2f}' for taken in samples.values())} |")
    print(f"\n{os.cpu_count()} cores, {options.runs} runs. The bar: {FINDINGS} open in {SECONDS} s and have {MEGABYTES} MB.")
    return 0


def _measured(page: Path, profile: Path, runs: int) -> dict[str, list[float]]:
    """The seconds of each step, by its name."""
    samples: dict[str, list[float]] = {"open": [], "sort": [], "filter": []}
    browser = Browser(profile)
    try:
        for _ in range(runs):
            start = time.perf_counter()
            browser.open(page)
            browser.value(_DRAWN)
            samples["open"].append(time.perf_counter() - start)
            for name, step in (("sort", _SORT), ("filter", _FILTER)):
                start = time.perf_counter()
                browser.value(step)
                samples[name].append(time.perf_counter() - start)
    finally:
        browser.close()
    return samples


def _finding(number: int) -> Finding:
    """As a history has them: a secret of its own each, over some years, half of them still there."""
    day = datetime.date(2020, 1, 1) + datetime.timedelta(days=number % 2000)
    base = ALLOWED if number % 10 == 0 else ID
    return base._replace(
        path=f"services/service-{number % 97}/src/main/resources/application-{number}.yml",
        line=number % 400 + 1,
        fingerprint=fingerprint(str(number)),
        author_date=str(day),
        last_date=str(day + datetime.timedelta(days=30)),
        in_tip=number % 2 == 0,
        refs=("refs/heads/main", "refs/remotes/origin/main", "refs/tags/v1.0") if number % 2 == 0 else (),
    )


if __name__ == "__main__":
    sys.exit(main())
