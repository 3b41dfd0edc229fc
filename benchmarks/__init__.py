"""What the hook costs and what is found, beside its peers. Run by hand; no test and no user depends on it."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
