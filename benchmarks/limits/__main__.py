from __future__ import annotations

import tempfile
from argparse import ArgumentParser
from pathlib import Path

from .rows import plain
from .run import PARTS, run


def main() -> None:
    parser = ArgumentParser(prog="python -m benchmarks.limits", description="Measure the site beside its limits.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=2, help="of each round")
    parser.add_argument("--part", action="append", choices=PARTS, help="measure only this one; may be given again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="blogsite-limits-") as folder:
        print(plain(run(Path(folder), options.rounds, options.seconds, options.part or PARTS)))


if __name__ == "__main__":
    main()
