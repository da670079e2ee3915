"""Files as a web server of another user wants them: readable whatever the umask, and never half written."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

READABLE, PASSABLE = 0o644, 0o755


def digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


def make_folder(path: Path) -> None:
    """One that the web server may pass. Existing ones stay as they are."""
    if path.is_dir():
        return
    make_folder(path.parent)
    with suppress(FileExistsError):
        path.mkdir()
        path.chmod(PASSABLE)


def write(path: Path, content: bytes) -> None:
    """Write a file at one blow.

    nginx makes an ETag of the date and the size: a page that changes within one second, and keeps its length, must not
    look the same. So its date is a digest of its content.
    """
    half_written = path.with_name(f".{path.name[:100]}.new")
    try:
        half_written.write_bytes(content)
        half_written.chmod(READABLE)
        # 31 bits: more than some file systems do not keep.
        date = int(digest(content)[:8], 16) >> 1
        os.utime(half_written, (date, date))
        half_written.replace(path)
    except OSError as error:
        # A name that is a folder already, or a full disk.
        half_written.unlink(missing_ok=True)
        raise OSError(error.errno or errno.EIO, f"{path} was not written: {error.strerror}") from error


def replace_link(link: Path, target: str) -> None:
    other = link.with_name(f".{link.name}.new")
    other.unlink(missing_ok=True)
    other.symlink_to(target)
    other.replace(link)
