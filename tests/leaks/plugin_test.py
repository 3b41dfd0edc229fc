"""The plugin can fail: a stand-in for the product, which leaks in every way there is, fails one test for each."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]

# Each gets a value and gives it away. `sys.argv[2]`: a file that it may write.
WAYS = {
    "standard output": "print(value)",
    "standard error": "print(value, file=sys.stderr)",
    "in pieces": "sys.stdout.write(value[:9]); sys.stdout.flush(); sys.stdout.write(value[9:])",
    "a file": "open(target, 'w').write(value)",
    "a file, by its descriptor": "os.write(os.open(target, os.O_RDWR | os.O_CREAT), value.encode())",
    "a file that is there already": "open(target, 'a').close(); open(target, 'r+').write(value)",
    "a file of another name": "open(target + '.new', 'w').write(value); os.replace(target + '.new', target)",
    "a file that is replaced": "open(target, 'w').write(value); open(target + 'x', 'w'); os.replace(target + 'x', target)",
    "a file that is cut": "open(target, 'w').write(value); open(target, 'w').close()",
    "a file that is removed": "open(target, 'w').write(value); os.unlink(target)",
    "a folder that is renamed": "os.mkdir(target); open(target + '/a', 'w').write(value); os.rename(target, target + 'b')",
    "a folder that is removed": "os.mkdir(target); open(target + '/a', 'w').write(value); shutil.rmtree(target)",
    "a temporary file": "file = tempfile.NamedTemporaryFile(); file.write(value.encode()); file.flush(); file.close()",
    "a temporary file without a name": "file = tempfile.TemporaryFile(); file.write(value.encode()); file.flush()",
    "a temporary folder": "folder = tempfile.mkdtemp(dir=os.path.dirname(target)); open(folder + '/a', 'w').write(value)",
    "a database": "base = sqlite3.connect(target); base.execute(f'create table {value}(x)'); base.commit()",
    "a log": "logging.basicConfig(filename=target); logging.error(value)",
    "the arguments of a program": "subprocess.run(['true', value])",
    "the arguments of a spawned program": "os.waitpid(os.posix_spawnp('true', ['true', value], os.environ), 0)",
    "the environment of a program": "subprocess.run(['true'], env={**os.environ, 'X': value})",
    "what a program prints": "subprocess.run(['cat'], input=value.encode())",
    "a file of a process of its own": "code = 'import sys; open(sys.argv[1], \"w\").write(input())'; "
    "subprocess.run([sys.executable, '-c', code, target], input=value.encode())",
    "a file of a process that is forked": "context = multiprocessing.get_context('fork'); "
    "process = context.Process(target=leak, args=(target, value)); process.start(); process.join()",
    "the arguments of a process that is executed": "os.execvp('true', ['true', value])",
    "a file of a thread": "thread = threading.Thread(target=leak, args=(target, value)); thread.start(); thread.join()",
    "a bug": "raise ValueError(value)",
    "the end without clean-up": "open(target, 'w').write(value); os._exit(0)",
    "the half of it": "print(value[:16])",
    "the end of it": "print(value[-8:])",
    "backwards": "print(value[::-1])",
}
FINE = {
    "nothing": "pass",
    "its fingerprint": "print('sha256:' + hashlib.sha256(value.encode()).hexdigest())",
    "its length": "print(len(value), 'characters', file=open(target, 'w'))",
    "what it reads": "open(os.path.join(os.path.dirname(target), 'planted')).read()",
    "what was asked for": "file = open(sys.argv[-1], 'x', opener=lambda *a: os.open(*a, 0o600)); file.write(value)",
}
STAND_IN = """\
import hashlib, logging, multiprocessing, os, shutil, sqlite3, subprocess, sys, tempfile, threading

def leak(path, text):
    with open(path, "w") as file:
        file.write(text)

def main():
    way, target = sys.argv[1:3]
    value = sys.stdin.readline().strip()
    exec(WAYS[way])
"""
TESTS = """\
import os, pty, shlex, subprocess, sys
import pytest
from alikey_hook import stand_in
from tests.keys import access_key_id, secret

PYTHON = [sys.executable, "-m", "alikey_hook"]
VALUE = secret(4711)

@pytest.fixture
def target(tmp_path):
    (tmp_path / "planted").write_text(VALUE)  # by the test, which may
    return tmp_path / "target"

@pytest.mark.parametrize("way", stand_in.WAYS)
def test_way(way, target):
    asked = ["--write-replacements", target.parent / "asked"] if way == "what was asked for" else []
    subprocess.run([*PYTHON, way, target, *asked], input=VALUE.encode(), capture_output=True)

def test_fails_where_nobody_asked(target):
    command = [*PYTHON, "what was asked for", target, "--to", target.parent / "asked"]
    subprocess.run(command, input=VALUE.encode(), capture_output=True)

def test_fails_where_others_may_read_it(target):
    subprocess.run([*PYTHON, "a file", target, f"--write-replacements={target}"], input=VALUE.encode(), capture_output=True)

def test_fails_with_an_id(target):
    subprocess.run([*PYTHON, "standard output", target], input=access_key_id(4711).encode(), capture_output=True)

def test_fails_in_a_file_of_the_shell(target):
    line = shlex.join([*PYTHON, "standard output", str(target)]) + f" > {shlex.quote(str(target))}"
    subprocess.run(["sh", "-c", line], input=VALUE.encode())

def test_fails_in_a_file_that_is_standard_error(target):
    with open(target, "wb") as file:
        subprocess.run([*PYTHON, "standard error", target], input=VALUE.encode(), stderr=file)

def test_fails_from_a_hook_of_git(target):
    subprocess.run(["git", "init", "-q", target], check=True)
    hook = target / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\\necho " + VALUE + " | " + shlex.join([*PYTHON, "standard error", "x"]) + "\\nexit 1\\n")
    hook.chmod(0o755)
    names = ["-c", "user.name=x", "-c", "user.email=x@example.com"]
    done = subprocess.run(["git", *names, "commit", "--allow-empty", "-qm", "x"], cwd=target, capture_output=True)
    assert done.returncode == 1

def test_fails_where_the_test_reads_by_itself(target):
    with subprocess.Popen([*PYTHON, "in pieces", target], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        process.stdin.write(VALUE)
        process.stdin.close()
        assert len([*process.stdout]) == 1

def test_fails_in_a_terminal(target):
    ours, theirs = pty.openpty()
    process = subprocess.Popen([*PYTHON, "standard output", target], stdin=subprocess.PIPE, stdout=theirs)
    os.close(theirs)
    process.communicate(VALUE.encode())
    assert os.read(ours, 100)
    os.close(ours)

def test_fails_while_it_still_runs(target):
    command = [*PYTHON, "a process that stays", target]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    process.stdin.write(VALUE.encode() + b"\\n")
    process.stdin.flush()
    assert process.stdout.readline() == b"written\\n"
    pytest.stays = process  # nobody waits for it

def test_fails_unwatched(target):
    subprocess.run([sys.executable, "-I", "-m", "alikey_hook", "nothing"], capture_output=True)

def test_fails_in_this_process(capsys):
    print(VALUE)
    capsys.readouterr()

def test_fails_in_this_process_unread():
    print(VALUE)

def test_fails_in_a_file_of_this_process(target):
    stand_in.leak(target, VALUE)

def test_fine_by_the_test_itself(target):
    subprocess.run(["echo", VALUE], capture_output=True)
    (target.parent / "more").write_text(VALUE)
    subprocess.run(["sh", "-c", "cat planted > other; cat other"], cwd=target.parent, capture_output=True)
"""


def test_every_way_fails_a_test(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    package = pytester.mkpydir("alikey_hook")
    ways = {**WAYS, **FINE, "a process that stays": "leak(target, value); print('written', flush=True); sys.stdin.readline()"}
    (package / "stand_in.py").write_text(f"WAYS = {ways!r}\n{STAND_IN}", "utf-8")
    (package / "__main__.py").write_text("from alikey_hook.stand_in import main\nmain()\n", "utf-8")
    pytester.makepyfile(test_ways=TESTS)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("PYTHONPATH", f"{pytester.path}:{ROOT}")
    done = pytester.runpytest_subprocess("-p", "tests.leaks.plugin", "-p", "no:cacheprovider", "-rA", "--tb=short")
    lines = [line for line in done.outlines if line.startswith(("PASSED test_", "FAILED test_", "ERROR test_"))]
    ended = {line.split("::")[1].split(" - ")[0]: line.split()[0] for line in lines}
    expected = {f"test_way[{way}]": "PASSED" if way in FINE else "FAILED" for way in ways}
    expected |= dict.fromkeys(re.findall(r"test_fails_\w+", TESTS), "FAILED")
    assert ended == {**expected, "test_fine_by_the_test_itself": "PASSED"}
