"""A changed source text: every verdict carried over, and all files written together or not at all."""

import hashlib
import json
import os
import re
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kg.errors import WriteConflictError
from kg.file import replace_file, sync_folder
from kg.model import Document, EntityVerdict, Review, Verdict
from kg.review.alignment import Alignment
from kg.review.anchoring import STANDING, Anchored, Anchoring, drop_orphans
from kg.review.lock import desk_path, hold_lock
from kg.review.match import TABLES, table_of
from kg.review.rule import Terms, check_review
from kg.review.stale import StaleRow, carry_stale, keep_stale, revive
from kg.review.table import render_cells

# Asked of a person: the row, and what it would be on the new text.
Confirm = Callable[[str, Verdict, Verdict, float], bool]
# A row of stale.tsv and the verdict it is again.
Back = tuple[StaleRow, Verdict]
_PASSAGE = re.compile(r"(\d+)-(\d+)=(\d{4})")
_SEEN_COMMITS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """A review on its new text: what became of each row, which came back, which stand nowhere."""

    review: Review
    items: tuple[Anchored, ...]
    revived: tuple[Verdict, ...]
    stale: tuple[StaleRow, ...]


def sync_review(
    old: Document,
    new: Document,
    review: Review,
    stale: Sequence[StaleRow],
    terms: Terms,
    confirm: Confirm | None = None,
) -> Synced:
    """Carry a review from the old text of a document to the new one."""
    anchoring = Anchoring(old.text, new.text, old.sentences)
    items = [anchoring.anchor(row) for table in TABLES for row in getattr(review, table)]
    if confirm is not None:
        items = [_ask(item, confirm) for item in items]
    revived, left = _revive(carry_stale(stale, anchoring), items, new, confirm)
    items, kept = _drop_broken(items, revived, review, old, new, terms)
    left += [pair[0] for pair in revived if pair not in kept]
    return Synced(
        review=_collect(items, kept, review.document),
        items=tuple(items),
        revived=tuple(row for _, row in kept),
        stale=(*left, *(keep_stale(item, old.text) for item in items if item.state not in STANDING)),
    )


def _ask(item: Anchored, confirm: Confirm) -> Anchored:
    if item.state != "fuzzy" or item.after is None:
        return item
    same = confirm(item.table, item.before, item.after, item.score)
    return replace(item, state="confirmed") if same else item


def _revive(
    stale: Iterable[StaleRow], items: Sequence[Anchored], new: Document, confirm: Confirm | None
) -> tuple[list[Back], list[StaleRow]]:
    """Take back the verdicts whose words, or whose entity, are there again."""
    standing = [item.after for item in items if item.state in STANDING and item.after is not None]
    there = {(type(row), render_cells(table_of(row), row)) for row in standing}
    names = {row.name for row in standing if isinstance(row, EntityVerdict) and row.verdict == "accept"}
    revived: list[Back] = []
    left: list[StaleRow] = []
    for row in sorted(stale, key=lambda row: TABLES.index(row.table)):
        found = revive(row, new.text)
        if found is None and row.after is not None:
            back = row.state == "waiting" and _ends(row.after) <= names
            asked = row.state == "fuzzy" and confirm is not None
            if back or (asked and confirm and confirm(row.table, row.before, row.after, row.score)):
                found = row.after
        if found is None or not (found.verdict == "reject" or _ends(found) <= names):
            left.append(row)
            continue
        if isinstance(found, EntityVerdict) and found.verdict == "accept":
            if found.name in names:
                left.append(row)
                continue
            names.add(found.name)
        if (type(found), render_cells(row.table, found)) not in there:
            revived.append((row, found))
    return revived, left


def _ends(row: Verdict) -> set[str]:
    """Name the entities that a row needs."""
    if isinstance(row, EntityVerdict) or getattr(row, "relation", "") == "notStated":
        return set()
    return {row.subject} - {"-"}


def _collect(items: Iterable[Anchored], revived: Iterable[Back], document: str) -> Review:
    rows: dict[str, list[Verdict]] = {table: [] for table in TABLES}
    for item in items:
        if item.state in STANDING and item.after is not None:
            rows[item.table].append(item.after)
    for _, row in revived:
        rows[table_of(row)].append(row)
    numbered = {
        table: tuple(replace(row, line=line) for line, row in enumerate(found, 2))
        for table, found in rows.items()
    }
    return Review(document=document, **numbered)  # type: ignore[arg-type]


def _drop_broken(
    items: list[Anchored], revived: list[Back], review: Review, old: Document, new: Document, terms: Terms
) -> tuple[list[Anchored], list[Back]]:
    """Make stale every row that kept the rules on the old text and breaks one (`rule`) on the new."""
    before = _broken(review, old, terms)
    while True:
        names = [row.name for _, row in revived if isinstance(row, EntityVerdict)]
        items = drop_orphans(items, names)
        now = _broken(_collect(items, revived, review.document), new, terms)
        broken = {
            id(item)
            for item in items
            if item.state in STANDING
            and item.after is not None
            and (item.table, render_cells(item.table, item.after)) in now
            and (item.table, render_cells(item.table, item.before)) not in before
        }
        back = [pair for pair in revived if (pair[0].table, render_cells(pair[0].table, pair[1])) not in now]
        if not broken and len(back) == len(revived):
            return items, revived
        revived = back
        items = [
            replace(item, state="stale", reason="rule") if id(item) in broken else item for item in items
        ]


def _broken(review: Review, document: Document, terms: Terms) -> set[tuple[str, tuple[str, ...]]]:
    lines = {
        (table, line): (table, render_cells(table, row))
        for table in TABLES
        for line, row in enumerate(getattr(review, table), 2)
    }
    numbered = {
        table: tuple(replace(row, line=line) for line, row in enumerate(getattr(review, table), 2))
        for table in TABLES
    }
    findings = check_review(Path(), Review(document=review.document, **numbered), document, terms)
    places = (finding.where.rpartition(":") for finding in findings)
    return {lines[Path(path).stem, int(line)] for path, _, line in places}


def move_anchors(value: str, alignment: Alignment) -> str:
    """Move the passages of a record's `anchors` to where they are in the new text."""
    parts = []
    for part in filter(None, value.split(";")):
        if match := _PASSAGE.fullmatch(part):
            start, end = (alignment.move_offset(int(number)) for number in match.groups()[:2])
            if start < end:
                parts.append(f"{start}-{end}={match[3]}")
        else:
            parts.append(part)
    return ";".join(parts)


# ---------------------------------------------------------------- texts seen


def keep_text(data_path: Path, data: bytes) -> None:
    """Keep a copy of a document's file, so that it can be edited in place and synced afterwards."""
    path = desk_path(data_path) / "texts" / f"{hashlib.sha256(data).hexdigest()}.txt"
    if not path.is_file():
        replace_file(path, data)


def find_text(data_path: Path, document_id: str, sha256: str) -> bytes | None:
    """Find the file of a document as it was: among the copies kept, else in the history of git."""
    path = desk_path(data_path) / "texts" / f"{sha256}.txt"
    if path.is_file() and hashlib.sha256(data := path.read_bytes()).hexdigest() == sha256:
        return data
    return _find_in_git(data_path / "documents", f"{document_id}.txt", sha256)


def _find_in_git(folder: Path, name: str, sha256: str) -> bytes | None:
    commits = _run_git(folder, "rev-list", f"--max-count={_SEEN_COMMITS}", "HEAD", "--", name)
    for commit in (commits or b"").decode("ascii", "replace").split():
        data = _run_git(folder, "cat-file", "blob", f"{commit}:./{name}")
        if data is not None and hashlib.sha256(data).hexdigest() == sha256:
            return data
    return None


def _run_git(folder: Path, *arguments: str) -> bytes | None:
    command = ["git", "--no-optional-locks", "-C", str(folder), *arguments]
    alone = {**os.environ, "GIT_NO_LAZY_FETCH": "1"}  # never reach the network for an object
    try:
        done = subprocess.run(command, capture_output=True, timeout=20, check=False, env=alone)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


# ---------------------------------------------------------------- all files or none


def digest_file(path: Path) -> str:
    """Hash a file; one that is not there has the empty hash."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _plan_path(data_path: Path, document_id: str) -> Path:
    return desk_path(data_path) / f"{document_id}.sync.json"


def write_together(
    data_path: Path, document_id: str, files: Sequence[tuple[str, bytes]], seen: Mapping[str, str]
) -> None:
    """Write files of a data folder, in this order; what a crash cuts short `finish_writing` completes.

    `seen` are the hashes of the files as they were read: if one has changed since, nothing
    is written and `WriteConflictError` is raised.
    """
    plan = [
        [name, seen.get(name, ""), data.decode("utf-8", "surrogatepass")]
        for name, data in files
        if hashlib.sha256(data).hexdigest() != seen.get(name, "")
    ]
    with hold_lock(data_path):
        for name in seen:
            if digest_file(data_path / name) != seen[name]:
                raise _conflict(data_path / name)
        replace_file(_plan_path(data_path, document_id), json.dumps(plan).encode("ascii"))
        _carry_out(data_path, document_id)


def finish_writing(data_path: Path, document_id: str) -> bool:
    """Complete what a crash cut short; tell whether there was anything."""
    if not _plan_path(data_path, document_id).is_file():
        return False
    with hold_lock(data_path):
        _carry_out(data_path, document_id)
    return True


def _carry_out(data_path: Path, document_id: str) -> None:
    path = _plan_path(data_path, document_id)
    if not path.is_file():
        return
    plan = [
        (data_path / name, old, content.encode("utf-8", "surrogatepass"))
        for name, old, content in json.loads(path.read_text(encoding="ascii"))
    ]
    for target, old, data in plan:
        if digest_file(target) not in (old, hashlib.sha256(data).hexdigest()):
            path.unlink()
            raise _conflict(target)
    for target, _, data in plan:
        replace_file(target, data)
    path.unlink()
    sync_folder(path.parent)


def _conflict(path: Path) -> WriteConflictError:
    return WriteConflictError(
        "读取之后,这个文件被别人改过。请重新运行 kg review sync。",
        "someone else has changed this file since it was read. Run kg review sync again.",
        where=str(path),
    )
