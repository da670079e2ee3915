"""Sixty queries that a reader of the Rust blog may type, of every kind that search knows, asked of both engines.

    python -m benchmarks.queries FOLDER FILE

imports the blog from its folder, writes to the file what is found, and compares that to what the file had before: to
be run once on each engine, as DATABASE_URL names it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from .pages import database  # sets Django up

# ruff: isort: split

from django.db import connection

from posts.importers.markdown import MarkdownImport, Options
from posts.search import Results, search

QUERIES = """\
async
async await
async/await
"async await"
borrow checker
"borrow checker"
borrow chekcer
lifetimes
ownership
traits
generic associated types
GATs
const generics
macros
procedural macros
error handling
compile times
incremental compilation
compil
incremental comp
const gen
pars*
stabil* feature
edition
edition 2018
edition 2021
"Rust 2018"
rust
rust survey
survey results 2020
annual survey
community
Rust 1.0
1.56
1.56.0
announcing rust
security advisory
CVE
cargo
cargo registry sparse
crates.io
crates.io phishing
docs.rs
rustup
clippy
rustfmt
rust-analyzer
wasm
WebAssembly
embedded
governance
core team
foundation
leadership council
compiler team meeting
infrastructure
C++
unsafe
résumé
concurency
""".splitlines()


def answer(results: Results) -> dict[str, object]:
    return {
        "best": [hit.post.slug for hit in results.hits[:3]],
        "order": [hit.post.slug for hit in results.hits],
        "total": results.total,
        "suggestion": results.suggestion,
    }


def answers(folder: Path) -> dict[str, dict[str, object]]:
    with database():
        MarkdownImport(folder, Options(source="rust", base_url="https://blog.rust-lang.org")).run()
        return {query: answer(search(query, limit=100)) for query in QUERIES}


def compare(one: dict[str, dict], other: dict[str, dict]) -> None:
    for name in ("total", "suggestion", "best", "order"):
        same = [query for query in QUERIES if one[query][name] == other[query][name]]
        print(f"{name:12}equal for {len(same)} of {len(QUERIES)} queries")
    shared = sum(len(set(one[query]["best"]) & set(other[query]["best"])) for query in QUERIES)
    print(f"top three   {shared} of {sum(len(one[query]['best']) for query in QUERIES)} shared")


def main() -> None:
    folder, file = map(Path, sys.argv[1:3])
    found = answers(folder)
    useful = sum(bool(own["total"]) for own in found.values())
    print(f"{connection.vendor}: {useful} of {len(found)} queries find something")
    if file.exists():
        compare(json.loads(file.read_text()), found)
    file.write_text(json.dumps(found, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
