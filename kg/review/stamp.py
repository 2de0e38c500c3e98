"""Whether a file changed since it was read: by its time, size and inode, without reading it."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

Stamp = tuple[int, int, int] | None
Read = TypeVar("Read")


def stamp_file(path: Path) -> Stamp:
    """Give what is new whenever a file was written; `None` if there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def keep_fresh(paths: Iterable[Path], read: Callable[[], Read]) -> Callable[[], Read]:
    """Give what `read` gives, read again only when one of the files changed."""
    watched = tuple(paths)
    kept: list[tuple[tuple[Stamp, ...], Read]] = []

    def fresh() -> Read:
        stamps = tuple(map(stamp_file, watched))
        if not kept or kept[0][0] != stamps:
            kept[:] = [(stamps, read())]
        return kept[0][1]

    return fresh
