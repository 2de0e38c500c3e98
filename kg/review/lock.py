"""The lock under which a data folder is written; the system releases it when a process dies."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.errors import WriteConflictError

_PATIENCE = 10.0  # seconds; a write takes milliseconds


def desk_path(data_path: Path) -> Path:
    """Make and name the folder for the lock, the undo journals and texts seen: git ignores it."""
    path = data_path / ".desk"
    if not (path / ".gitignore").is_file():
        path.mkdir(parents=True, exist_ok=True)
        (path / ".gitignore").write_text("*\n", encoding="utf-8")
    return path


@contextmanager
def hold_lock(data_path: Path) -> Iterator[None]:
    """Hold the write lock of a data folder, or raise `WriteConflictError` after ten seconds."""
    handle = os.open(desk_path(data_path) / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        deadline = time.monotonic() + _PATIENCE
        while not _try_lock(handle):
            if time.monotonic() > deadline:
                raise WriteConflictError(
                    f"{data_path} 正被另一个程序写入。请稍后再试。",
                    f"{data_path} is being written by another program. Try again later.",
                )
            time.sleep(0.005)
        yield
    finally:
        os.close(handle)


if os.name == "nt":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
