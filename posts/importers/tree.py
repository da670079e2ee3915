"""The folder of a static site: which files are in it, and which of them are posts."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from .. import markup
from .entry import Entry, Rules, key_of, read_entry
from .front_matter import MAX_LENGTH, Fields, Unfit, parse
from .own import PAGE
from .report import Report

SUFFIXES = {".md", ".markdown"}
# No character takes more bytes in UTF-8.
MAX_BYTES = 4 * (markup.MAX_BODY_LENGTH + MAX_LENGTH)
# The field that holds it, with the name of the source before it.
MAX_KEY = 500

LINK = "A symbolic link; these are not followed."


@dataclass
class Tree:
    """The entries of a folder, its pages apart from its posts.

    `sections` has the titles of its sections by their path below it ("" is the folder itself).
    """

    root: Path
    entries: list[Entry] = field(default_factory=list)
    pages: list[Entry] = field(default_factory=list)
    sections: dict[str, str] = field(default_factory=dict)

    def section_of(self, folder: PurePosixPath) -> str:
        """The title of the innermost section around a folder."""
        around = (self.sections.get("" if path == PurePosixPath() else str(path)) for path in (folder, *folder.parents))
        return next(filter(None, around), "")

    def file(self, path: Path) -> Path | None:
        """The regular file at `path`, if it truly lies below the folder; symbolic links are followed to tell."""
        try:
            real = path.resolve(strict=True)
            return real if real.is_file() and real.is_relative_to(self.root) else None
        except (OSError, RuntimeError, ValueError):  # missing, a loop of links, a name that no file can have
            return None


def read_tree(root: Path, rules: Rules, report: Report) -> Tree:
    """Read every Markdown file below `root`. What becomes no entry is in the report."""
    tree = Tree(root.resolve())
    keys: dict[str, str] = {}
    for path in markdown_files(tree.root, report):
        name = path.relative_to(tree.root).as_posix()
        try:
            entry = read_file(tree, path, name, rules)
        except Unfit as reason:
            report.skip(name, str(reason))
            continue
        if entry is None:
            report.skip(name, "A section's own file, not a post.")
        elif entry.key in keys:
            report.skip(name, "Another file has the same place.", keys[entry.key])
        else:
            keys[entry.key] = name
            (tree.pages if entry.own.kind == PAGE else tree.entries).append(entry)
    return tree


def markdown_files(root: Path, report: Report) -> Iterator[Path]:
    """Every Markdown file, a section's own file before all else in its folder. Links are reported, not followed."""

    def unreadable(error: OSError) -> None:
        report.skip(os.path.relpath(error.filename, root), f"The folder cannot be read: {error.strerror}.")

    for folder, folders, names in os.walk(root, onerror=unreadable):
        for path in (Path(folder, name) for name in folders):
            if path.is_symlink():
                report.skip(os.path.relpath(path, root), LINK)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names, key=lambda name: (name != "_index.md", name)):
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith("."):
                yield Path(folder, name)


def read_file(tree: Tree, path: Path, name: str, rules: Rules) -> Entry | None:
    """The entry of a file, or None for one that describes a section, whose title goes to the tree. Raises Unfit."""
    check_name(name)
    document = parse(read_bytes(path))
    folder = PurePosixPath(name).parent
    if path.name == "_index.md":
        tree.sections["" if folder == PurePosixPath() else str(folder)] = document.fields.text("title")
        return None
    if is_listing(document.fields):
        return None
    return read_entry(name, path, document, rules, tree.section_of(folder))


def is_listing(fields: Fields) -> bool:
    """Zola's page that only names a template, to show other pages with."""
    return bool(fields.get("template")) and not fields.get("title")


def check_name(name: str) -> None:
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise Unfit("Its name is not valid UTF-8.") from error
    if len(key_of(PurePosixPath(name))) > MAX_KEY:
        raise Unfit(f"Its path is longer than {MAX_KEY} characters.")


def read_bytes(path: Path) -> bytes:
    try:
        mode = path.lstat()
        if stat.S_ISLNK(mode.st_mode):
            raise Unfit(LINK)
        if not stat.S_ISREG(mode.st_mode):
            raise Unfit("It is no regular file.")
        if mode.st_size > MAX_BYTES:
            raise Unfit(f"It is larger than {MAX_BYTES // 1_000_000} MB.")
        return path.read_bytes()
    except OSError as error:
        raise Unfit(f"It cannot be read: {error.strerror}.") from error
