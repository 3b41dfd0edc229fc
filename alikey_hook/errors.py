"""The one error that is shown to the user."""


class UserError(Exception):
    """Something outside this program kept it from looking: exit code 2.

    `message` says what happened, `help` what to do about it. Neither ever holds a secret.
    """

    exit_code = 2

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help


class TimeUp(KeyboardInterrupt):
    """The time that `--timeout` gives is over. Like an interrupt, nothing that handles errors takes it for one of its own."""

    exit_code = 2

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.message = f"it took longer than {seconds:g} seconds (--timeout)"
