"""Where the hook is measured: a bare virtual environment, a clean repository, one with a leak staged; made up source code."""

from __future__ import annotations

import random
import sys
import venv
from collections.abc import Iterable
from pathlib import Path
from string import Template
from typing import NamedTuple

from alikey_hook.errors import UserError
from benchmarks import ROOT, processes
from benchmarks.peers import PATTERN
from benchmarks.processes import ran
from tests.corpus.fill import credential

FILES, STAGED_FILES, STAGED_LINES = 200, 5, 12

_WORDS = (
    "account archive bucket cache channel client config counter customer device endpoint event export folder gateway handler "
    "header image index invoice job label ledger manifest member message metric option order package payload policy product "
    "profile queue quota record region replica request result route schedule session shard snapshot status storage stream "
    "subscription table tenant ticket token trace transfer upload user vendor version volume worker"
).split()
_SOURCES = {
    "py": """\
def ${a}_$b($c: str, limit: int = $n) -> dict[str, object]:
    \"\"\"The $b of one $a, as the $c service knows it.\"\"\"
    bucket = oss2.Bucket(auth, "https://oss-cn-hangzhou.aliyuncs.com", "$a-$b")
    if not $c.startswith("$a/"):
        raise ValueError(f"{$c!r} is no $b of a $a")
    found = [entry for entry in list_$b($c)[:limit] if entry.status == "$a"]
    checksum = f"sha256:$h/{len(found)}"
    for entry in found:
        logger.debug("%s: %d bytes", entry.name, entry.size)
    return {"$a": found, "$b": bucket.get_object($c).read(), "checksum": checksum}

""",
    "java": """\
    /** Sends the $a of a $b to its $c. */
    public ${b}Response send$b(final $b$c request, final long timeout) throws ClientException {
        final DefaultProfile profile = DefaultProfile.getProfile("cn-shanghai", provider.getId(), provider.getSecret());
        if (request.get$a() == null || timeout > ${n}L) {
            throw new IllegalArgumentException("a $b needs its $a");
        }
        // https://help.aliyun.com/document_detail/$n.html
        final String etag = "etag=$h;" + timeout;
        return new DefaultAcsClient(profile).getAcsResponse(request.with$c(etag, timeout));
    }

""",
    "go": """\
// $a$b keeps the $c of every $a.
func (s *Server) $a$b(ctx context.Context, $c string) (*$b, error) {
	client, err := oss.New(os.Getenv("OSS_ENDPOINT"), os.Getenv("OSS_KEY"), os.Getenv("OSS_SECRET"))
	if err != nil {
		return nil, fmt.Errorf("$a %q: %w", $c, err)
	}
	row := s.db.QueryRowContext(ctx, "SELECT id, $a, $b FROM $c WHERE digest = 'sha256:$h' LIMIT $n")
	var found $b
	return &found, row.Scan(&found.ID, &found.$a, &found.$b)
}

""",
    "yaml": """\
$a-$b:
  image: registry.cn-beijing.aliyuncs.com/$c/$a@sha256:$h
  replicas: $n
  environment:
    ${c}_REGION: cn-beijing
    ${c}_KEY: $${${c}_KEY}
  labels: {app: $a, tier: $b}
""",
    "md": """\
## The $a of a $b

Each $a belongs to one $b. Ask the $c service for it, at most $n times a minute, and keep the answer:

    curl -fsS "https://api.example.com/v1/$a/$h?$b=$n" -o $c.json

""",
}

# As many of the pieces have a whole digest, the others an abbreviated one: about 130 runs of 30 letters and digits in a MB.
# Python's standard library has 45 a MB, a folder of npm's packages 130, one of PyPI's 160; runs are what costs us time.
_DIGESTS = 1 / 16

# Without a name kingfisher cannot make its snapshot of what is staged: it then looks at nothing and says 0.
_GIT_SETTINGS = (
    ("user.name", "nobody"),
    ("user.email", "nobody@example.com"),
    ("secrets.patterns", PATTERN),  # what `git secrets --add` writes
)


class Place(NamedTuple):
    """Where it all happens: a virtual environment, two repositories, the files staged in both, the environment variables."""

    python: Path
    clean: Path
    leaking: Path
    staged: list[str]
    environment: dict[str, str]

    def script(self, name: str) -> str:
        """A console script of the virtual environment."""
        return str(self.python.parent / name)


def prepare(folder: Path, environment: Path | None, peers: Iterable[Path] = ()) -> Place:
    """Make it all in `folder`; `environment`: a virtual environment to use instead of a new one. Raises UserError."""
    python = (environment or _installed(folder / "venv")) / "bin" / "python"
    if not (python.parent / "alikey-hook").is_file():
        raise UserError(f"{python.parent} has no alikey-hook.", "Install the project there, or leave --python-env out.")
    variables = processes.environment(folder / "home", peers)  # caches are warm after the first round
    staged = repository(folder / "clean", variables, leaking=False)
    repository(folder / "leaking", variables, leaking=True)
    return Place(python.absolute(), folder / "clean", folder / "leaking", staged, variables)


def _installed(folder: Path) -> Path:
    """A virtual environment with the project and what it depends on, and nothing else: no pip, no setuptools."""
    venv.create(folder, symlinks=True)
    ran([sys.executable, "-m", "pip", "--python", str(folder), "install", "--quiet", str(ROOT)])
    return folder


def repository(folder: Path, environment: dict[str, str], *, leaking: bool) -> list[str]:
    """Make a repository of `FILES` committed files with changes staged in `STAGED_FILES` of them, whose names are given."""
    rng = random.Random("alikey-hook")
    written = write(folder, rng, FILES, (20, 200))
    commit_all(folder, environment)
    staged = sorted(rng.sample(written, STAGED_FILES))
    for name in staged:
        with open(folder / name, "a", encoding="utf-8") as handle:
            handle.write(source(name, rng, STAGED_LINES))
    if leaking:
        with open(folder / staged[0], "a", encoding="utf-8") as handle:
            handle.write(_pair(rng))
    ran(["git", "-C", str(folder), "add", "--all"], environment)
    return staged


def commit_all(folder: Path, environment: dict[str, str]) -> None:
    """Make a folder a repository, and what is in it its first commit."""
    git = ["git", "-C", str(folder)]
    ran([*git, "init", "--quiet"], environment)
    for setting in _GIT_SETTINGS:
        ran([*git, "config", *setting], environment)
    ran([*git, "add", "--all"], environment)
    ran([*git, "commit", "--quiet", "--allow-empty", "--message=Begin"], environment)


def names(rng: random.Random, count: int) -> list[str]:
    """Names for so many files, in as many folders as there are words."""
    kinds = rng.choices(list(_SOURCES), [6, 4, 4, 3, 2], k=count)
    return [f"{rng.choice(_WORDS)}/{rng.choice(_WORDS)}_{number}.{kind}" for number, kind in enumerate(kinds)]


def write(folder: Path, rng: random.Random, count: int, lines: tuple[int, int]) -> list[str]:
    """Write so many files of at least and less than so many lines; gives their names."""
    written = names(rng, count)
    for name in written:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(source(name, rng, rng.randrange(*lines)), encoding="utf-8")
    return written


def source(name: str, rng: random.Random, lines: int) -> str:
    """So many lines of made up source code, in the language that a file's name tells."""
    template = Template(_SOURCES[name.rpartition(".")[2]])
    parts: list[str] = []
    count = 0
    while count < lines:
        a, b, c = rng.sample(_WORDS, 3)
        h = f"{rng.getrandbits(256):064x}" if rng.random() < _DIGESTS else f"{rng.getrandbits(28):07x}"
        parts.append(template.substitute(a=a, b=b, c=c, n=rng.randrange(2, 90000), h=h))
        count += parts[-1].count("\n")
    return "".join("".join(parts).splitlines(keepends=True)[:lines])


def _pair(rng: random.Random) -> str:
    return "".join(f'access_key_{name} = "{credential(kind, rng)}"\n' for name, kind in (("id", "id"), ("secret", "sec")))
