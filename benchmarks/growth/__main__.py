from __future__ import annotations

from argparse import ArgumentParser

from .compare import ROUNDS, compare, heading, line


def main() -> None:
    parser = ArgumentParser(prog="python -m benchmarks.growth", description="Compare seeded sites, the smallest first.")
    parser.add_argument("site", nargs="+", help="such as 1k=sqlite:////somewhere/1k.sqlite3")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", default="", help="pages so named, or one kind: public, searches or desk")
    options = parser.parse_args()
    sites = dict(site.split("=", 1) for site in options.site)
    print(heading(sites))
    for page in compare(sites, options.rounds, options.only):
        print(line(page), flush=True)


if __name__ == "__main__":
    main()
