"""One module a command, each with `main(argv) -> exit code` and, but for `baseline`, `parser() -> ArgumentParser`."""

COMMANDS = tuple("hook scan respond verify disable events keys baseline report audit doctor rules completion".split())
