"""How commands that take a while show how far they are."""

from typing import Any

# What a shell expects of a process that Ctrl-C has ended.
INTERRUPTED = 130
WIDTH = 30


class Progress:
    """A bar on one line of a terminal; nothing where standard error is no terminal."""

    def __init__(self, stderr: Any) -> None:
        self.stderr = stderr

    def show(self, done: int, total: int) -> None:
        if not total or not self.stderr.isatty():
            return
        filled = WIDTH * done // total
        bar = "█" * filled + "░" * (WIDTH - filled)
        self.stderr.write(f"\r{bar} {done} of {total}", ending="\n" if done == total else "")
        self.stderr.flush()
