"""How much one request may ask of the machine."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Times in seconds, sizes in bytes.

    A query first runs in the fast lane; one that has used `slice_seconds` of processor time
    moves to the slow lane, where at most `slow` run at once, after two seconds at lower
    priority. Processes: at most `fast` + `slow` that work and `spare` that wait.
    """

    query_seconds: float = 30.0
    update_seconds: float = 300.0
    wait_seconds: float = 30.0
    slice_seconds: float = 0.1
    fast: int = 2
    slow: int = 3
    spare: int = 2
    queue: int = 256
    rows: int = 100_000
    answer_bytes: int = 64 << 20
    query_bytes: int = 1 << 20
    upload_bytes: int = 512 << 20
    url_bytes: int = 32 << 10
    body_seconds: float = 60.0
    memory_bytes: int = 2 << 30
