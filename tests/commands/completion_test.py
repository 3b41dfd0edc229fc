"""What the scripts of `completion` offer in the real shells is what the parsers take."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from argparse import Action, ArgumentParser
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest

from alikey_hook.commands import COMMANDS, baseline
from alikey_hook.commands.completion import SHELLS
from tests.repository import Repo

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
# Each prints, for each line, `>>> ` and the line; then what is offered, each with a tab and its description.
BASH = """\
source "$1"
for line in "${@:2}"; do
    printf '>>> %s\\n' "$line"
    # As bash itself does: a word for each blank, and an empty one at the end.
    read -ra COMP_WORDS <<< "$line"
    [[ $line != *' ' ]] || COMP_WORDS+=('')
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMPREPLY=()
    _shtab_alikey_hook 2>&1
    for word in "${COMPREPLY[@]}"; do printf '%s\\t\\n' "$word"; done
done
"""
FISH = """\
source $argv[1]
for line in $argv[2..]
    printf '>>> %s\\n' $line
    complete -C $line
end
"""
# zsh completes only in its line editor, and that only on a terminal: it completes all lines as soon as it is there.
ZSH = """\
zmodload zsh/zpty
zpty shell 'ZDOTDIR=${ZDOTDIR} zsh -d -i'
while zpty -r shell; do :; done > /dev/null
cat "$ZDOTDIR/offered"
"""
ZSHRC = """\
fpath=($ZDOTDIR $fpath)
autoload -Uz compinit && compinit -u -D
zstyle ':completion:*' list-separator $'\\t'
unsetopt auto_list
COLUMNS=1000
compadd() {
    if [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then
        builtin compadd "$@"
        return
    fi
    local -a words=() descriptions=()
    (( $@[(I)-d] )) && descriptions=("${(@P)${@[$[${@[(i)-d]} + 1]]}}")
    builtin compadd -A words -D descriptions "$@"
    local each
    for (( each = 1; each <= $#words; each++ )); do
        print -r -- "$IPREFIX${words[each]}"$'\\t'"${descriptions[each]#*$'\\t'}" >> $ZDOTDIR/offered
    done
    builtin compadd "$@"
}
zle-line-init() {
    local line
    for line in ${(f)"$(< $ZDOTDIR/lines)"}; do
        print -r -- ">>> $line" >> $ZDOTDIR/offered
        BUFFER=$line CURSOR=$#line
        zle complete-word
    done
    exit
}
zle -N zle-line-init
"""


class Shell(NamedTuple):
    """One shell with the script for it. It can run what stands beside that in `bin`: no Python, and not ourselves."""

    name: str
    script: Path

    def shown(self, description: str) -> str:
        """What is to be seen of a description."""
        return "" if self.name == "bash" else description

    def offers(self, *lines: str, cwd: Path) -> list[dict[str, str]]:
        """What the shell offers at the end of each line, with the descriptions."""
        folder = self.script.parent
        environment = {"LC_ALL": "C.UTF-8", "HOME": str(folder), "TERM": "xterm", "PATH": str(folder / "bin")}
        if self.name == "zsh":
            (folder / "_alikey-hook").write_bytes(self.script.read_bytes())
            (folder / ".zshrc").write_text(ZSHRC, "utf-8")
            (folder / "lines").write_text("\n".join(lines), "utf-8")
            (folder / "offered").unlink(missing_ok=True)
            environment["ZDOTDIR"] = str(folder)
            command = ["zsh", "-f", "-c", ZSH]
        elif self.name == "fish":
            command = ["fish", "--no-config", "-c", FISH, str(self.script), *lines]
        else:
            command = ["bash", "--norc", "-c", BASH, "bash", str(self.script), *lines]
        done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, ""), done
        blocks = done.stdout.split(">>> ")[1:]
        assert [block.partition("\n")[0] for block in blocks] == list(lines)
        rows = [[row.partition("\t") for row in block.splitlines()[1:]] for block in blocks]
        return [{word: description.strip() for word, _, description in block} for block in rows]


def script(shell: str) -> str:
    command = [sys.executable, "-m", "alikey_hook", "completion", shell]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module", params=SHELLS)
def shell(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    if shutil.which(request.param) is None:
        pytest.skip(f"there is no {request.param} here")
    path = tmp_path_factory.mktemp(request.param) / "script"
    (path.parent / "bin").mkdir()
    for program in (request.param, "git", "cat", "ls", "sed"):
        (path.parent / "bin" / program).symlink_to(shutil.which(program) or "")
    path.write_text(script(request.param), "utf-8")
    return Shell(request.param, path)


def parsers() -> dict[str, ArgumentParser]:
    """The parser of each command line, by what is typed for it."""
    modules = {name: import_module(f"alikey_hook.commands.{name}") for name in COMMANDS if name != "baseline"}
    modules |= {f"baseline {name}": baseline.module(name) for name in baseline.COMMANDS}
    return {f"alikey-hook {name}": module.parser() for name, module in modules.items()}


def actions() -> list[tuple[str, Action]]:
    """Every action of every command, with the line that a value of it would follow."""
    every = [(line, action) for line, parser in parsers().items() for action in parser._actions]
    return [(" ".join([line, *action.option_strings[-1:]]) + " ", action) for line, action in every]


def test_its_syntax_is_right(shell: Shell) -> None:
    done = subprocess.run([shell.name, "-n", str(shell.script)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_it_offers_every_command(shell: Shell, tmp_path: Path) -> None:
    every, some, exceptions = shell.offers("alikey-hook ", "alikey-hook re", "alikey-hook baseline ", cwd=tmp_path)
    assert set(every) == set(COMMANDS)
    assert set(some) == {"report", "respond"}
    assert set(exceptions) == set(baseline.COMMANDS)
    assert every["rules"] == shell.shown("Print every rule with its severity and what it finds")
    assert exceptions["list"] == shell.shown("Show all exceptions")


def test_it_offers_every_option_of_every_command(shell: Shell, tmp_path: Path) -> None:
    offered = shell.offers(*(f"{line} -" for line in parsers()), cwd=tmp_path)
    for parser, options in zip(parsers().values(), offered, strict=True):
        assert set(options) == {option for action in parser._actions for option in action.option_strings}, parser.prog


def test_it_offers_every_choice_and_nothing_else(shell: Shell, tmp_path: Path) -> None:
    choices = {line: [*action.choices] for line, action in actions() if action.choices}
    assert len(choices) > 20
    for expected, offered in zip(choices.values(), shell.offers(*choices, cwd=tmp_path), strict=True):
        assert list(offered) == expected


def test_descriptions_are_the_help_whatever_signs_are_in_it(shell: Shell, tmp_path: Path) -> None:
    helps = {line.rstrip(): action.help or "" for line, action in actions() if action.option_strings}
    for (line, words), offered in zip(helps.items(), shell.offers(*helps, cwd=tmp_path), strict=True):
        assert offered[line.split()[-1]] == shell.shown(words), line


def test_it_offers_files_where_the_parsers_take_one(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "two words.json").touch()
    takes = {line: action.metavar for line, action in actions() if isinstance(action.metavar, str)}
    files = ("FILE", "FILES", "PATH", "SOURCE", "REPORT", "VERDICTS.json")
    for metavar, offered in zip(takes.values(), shell.offers(*takes, cwd=tmp_path), strict=True):
        names = {name.rstrip("/").replace("\\", "") for name in offered}
        expected = {"folder", "two words.json"} if metavar in files else {"folder"} if metavar == "DIR" else set()
        assert names == expected, metavar
    # A new word for a value is to be told how it is completed, or stands here because it cannot be.
    others = "GLOB SIZE REV RANGE PROFILE REGION REGIONS N HOST SECONDS NAME@DOMAIN CIDR DAY FINGERPRINT ACCESSKEY_ID"
    assert set(takes.values()) == {*files, "DIR", *others.split(), "PROTOCOL", "ADDRESS", "FINGERPRINT|ACCESSKEY_ID"}


def test_it_offers_files_behind_options(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "app.py").touch()
    for offered in shell.offers("alikey-hook scan -q ", "alikey-hook scan --format json a", cwd=tmp_path):
        assert set(offered) == {"app.py"}


def test_it_offers_revisions_and_runs_none_of_them(shell: Shell, repo: Repo) -> None:
    repo.stage("a.txt", "a\n")
    repo.commit()
    hostile = "$(touch${IFS}gone)"
    for name in ("topic", "主题", hostile):
        repo.git("branch", name)
    repo.git("tag", "v1")
    lines = [f"alikey-hook scan {start}" for start in ("--baseline-ref ", "--commits ", "--commits v1..", "--commits v1..t")]
    ref, whole, end, begun = shell.offers(*lines, cwd=repo.top)
    # fish quotes what it inserts only then.
    quoted = hostile if shell.name == "fish" else r"\$\(touch\$\{IFS\}gone\)"
    assert {"topic", "v1", "主题", quoted} < set(ref) == set(whole)
    assert set(end) == {f"v1..{name}" for name in ref}
    assert set(begun) == {"v1..topic"}
    assert os.listdir(repo.top) == [".git", "a.txt"]


@pytest.mark.parametrize("name", SHELLS)
def test_the_commands_of_the_readme_put_it_where_they_say(name: str, tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    (command, place) = re.findall(rf"^\| {name} \| `(mkdir .* > (~/\S+))`", readme, re.MULTILINE)[0]
    ours = command.replace("alikey-hook completion", f"{shlex.quote(sys.executable)} -m alikey_hook completion")
    environment = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    subprocess.run(["sh", "-c", ours], cwd=tmp_path, env=environment, check=True)
    assert (tmp_path / place[2:]).read_text("utf-8") == script(name)


def test_without_the_extra_it_says_how_to_install_it(tmp_path: Path) -> None:
    # Not in the current folder, from which nothing is imported.
    (tmp_path / "without").mkdir()
    (tmp_path / "without" / "shtab.py").write_text("raise ImportError('not here')\n", "utf-8")
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path / 'without'}:{ROOT}"}
    command = [sys.executable, "-m", "alikey_hook", "completion", "bash"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert "help: pip install 'alikey-hook[completion]'" in done.stderr
