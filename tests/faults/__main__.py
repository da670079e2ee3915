"""All trials, one after the other, the quick ones first: `python -m tests.faults`. The first that fails ends it.

DATABASE_URL names the engine of most; `replica` and `gone` bring PostgreSQL servers of their own.
"""

from __future__ import annotations

import subprocess
import sys
import time

TRIALS = ("burst", "dead_mail", "killing", "leaks", "stale_files", "mixed", "floods", "gone", "replica")


def main() -> None:
    began = time.monotonic()
    for name in TRIALS:
        print(f"--- {name}", flush=True)
        if status := subprocess.run([sys.executable, "-m", f"tests.faults.{name}"], check=False).returncode:
            sys.exit(f"{name} FAILED with status {status}; what comes after it was not tried.")
    print(f"All is well: {len(TRIALS)} trials in {(time.monotonic() - began) / 60:.0f} minutes.")


if __name__ == "__main__":
    main()
