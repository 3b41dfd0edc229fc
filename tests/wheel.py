"""The wheel of this checkout, and fresh virtual environments to install it in."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def built(folder: Path) -> Path:
    """Build the wheel into a folder."""
    _ran(sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT))
    (wheel,) = folder.glob("*.whl")
    return wheel


def environment(folder: Path, *packages: str | Path, python: str = sys.executable) -> Path:
    """A virtual environment of a Python with packages in it, and not even pip beside them; gives its `bin`."""
    _ran(python, "-m", "venv", "--without-pip", str(folder))
    pip(folder / "bin", "install", *map(str, packages))
    return folder / "bin"


def pip(programs: Path, *args: str) -> None:
    """Run our pip for the virtual environment of that `bin`."""
    _ran(sys.executable, "-m", "pip", "--python", str(programs / "python"), *args, "--quiet", "--disable-pip-version-check")


def pythons() -> dict[str, str]:
    """The Pythons that we support and that pyenv or uv keep here, by version (as `scripts/check` finds them)."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    uv = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "uv/python"
    found: dict[str, str] = {}
    for version in ("3.10", "3.11", "3.12", "3.13"):
        places = [*pyenv.glob(f"{version}.*/bin/python"), *uv.glob(f"cpython-{version}.*/bin/python")]
        if places:
            found[version] = str(places[0])
    return found or {f"{sys.version_info[0]}.{sys.version_info[1]}": sys.executable}


def _ran(*command: str) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout
