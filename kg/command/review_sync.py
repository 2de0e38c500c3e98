"""`kg review sync`: carry the verdicts of a document over to its changed text."""

import hashlib
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from kg.command.option import own_data_option
from kg.command.words import flatten
from kg.errors import DocumentUnreadableError, NameUnknownError
from kg.language import say
from kg.model import Document, EntityVerdict, Record, Verdict
from kg.review.alignment import Alignment
from kg.review.anchoring import STANDING
from kg.review.drift import context_of
from kg.review.match import table_of
from kg.review.memory import Memory
from kg.review.occurrence import find_form_spans
from kg.review.stale import STALE_REASONS, read_stale, render_stale
from kg.review.sync import (
    Synced,
    digest_file,
    find_text,
    finish_writing,
    keep_text,
    move_anchors,
    sync_review,
    write_together,
)
from kg.review.table import COLUMNS, read_review, render_cells, render_table
from kg.source import make_document, read_index, read_text, write_index
from kg.source.encoding import decode_bytes


@click.command("sync")
@click.argument("name", metavar="[DOCUMENT]", required=False)
@click.option("--text", "text_path", type=click.Path(path_type=Path), help="Its new text. 新的正文文件。")
@click.option("--confirm", "asks", is_flag=True, help="Ask about each doubtful row. 逐条确认不能确定的行。")
@own_data_option
def sync_command(name: str | None, text_path: Path | None, asks: bool, data_path: Path) -> None:
    """Carry verdicts over to a changed text: all documents, or DOCUMENT.

    The text is the new file of --text, or documents/ID.txt as it was edited. A row whose
    words are gone or doubtful moves to reviews/ID/stale.tsv; --confirm asks about the doubtful.

    正文改动后重新定位所有判断;找不到的移入 stale.tsv,不丢弃。还有未定位的行时退出码为 1。
    """
    records = read_index(data_path)
    chosen = [record for record in records if name in (None, record.id)]
    if not chosen or (text_path is not None and name is None):
        known = "、".join(record.id for record in records) or "—"
        raise NameUnknownError(
            f"请写明文档编号。现有:{known}", f"name a document by its id. There are: {known}"
        )
    left = 0
    for record in chosen:
        if finish_writing(data_path, record.id):
            click.echo(
                say(f"{record.id}:已补完上次中断的写入。", f"{record.id}: completed a cut-short write.")
            )
            record = next(one for one in read_index(data_path) if one.id == record.id)
        left += _sync_document(data_path, record, text_path, asks)
    if left:
        raise click.exceptions.Exit(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Texts:
    """A document on its old and its new text, and the bytes of either file."""

    old: Document
    new: Document
    old_data: bytes
    new_data: bytes


def _read_texts(data_path: Path, record: Record, text_path: Path | None) -> _Texts:
    stored_path = data_path / "documents" / f"{record.id}.txt"
    text = read_text(text_path or stored_path)
    try:
        stored = stored_path.read_bytes()
    except OSError:
        stored = b""
    if hashlib.sha256(stored).hexdigest() == record.sha256:
        before: bytes | None = stored
    else:
        before = find_text(data_path, record.id, record.sha256)
        if before is None and "=" not in record.anchors and not _has_rows(data_path, record.id):
            before = stored  # nothing is tied to the text that is gone
    if before is None:
        raise DocumentUnreadableError(
            "正文已改动,而改动前的文本没有留存(本地副本和 git 历史里都没有)。"
            f"请把原文放回去,再运行 kg review sync {record.id} --text 新文件。",
            "the text was edited, and the text before that is kept nowhere (neither as a copy nor in git). "
            f"Put the old file back and run: kg review sync {record.id} --text NEWFILE",
            where=str(stored_path),
        )
    old_text = decode_bytes(before, where=str(stored_path)).replace("\r\n", "\n").replace("\r", "\n")
    data = before if text == old_text else text.encode("utf-8", "surrogatepass")
    anchors = record.anchors if text == old_text else move_anchors(record.anchors, Alignment(old_text, text))
    moved = replace(record, anchors=anchors, sha256=hashlib.sha256(data).hexdigest())
    return _Texts(
        old=make_document(record, old_text),
        new=make_document(moved, text),
        old_data=before,
        new_data=data,
    )


def _has_rows(data_path: Path, document_id: str) -> bool:
    reviews = [read_review(data_path / folder, document_id) for folder in _folders(data_path, document_id)]
    return any(review.entities or review.relations or review.measures for review in reviews)


def _sync_document(data_path: Path, record: Record, text_path: Path | None, asks: bool) -> int:
    Memory(data_path, _read_texts(data_path, record, text_path).old)  # completes what a crash cut short
    names = _file_names(data_path, record.id)
    seen = {name: digest_file(data_path / name) for name in names}
    texts = _read_texts(data_path, record, text_path)
    files = {names[0]: texts.new_data}
    results: list[Synced] = []
    for folder in _folders(data_path, record.id):
        asker = _Asker(texts) if asks and not results else None  # only the review proper is asked about
        results.append(_sync_folder(data_path / folder, texts, asker))
        files |= {
            f"{folder}/{name}": data for name, data in _render_tables(data_path / folder, texts, results[-1])
        }
    if texts.old.text != texts.new.text and seen[names[-2]]:
        files[names[-2]] = b""  # what the journal could undo speaks of a text that is gone
    files[names[-1]] = _render_index(data_path, texts.new.record)
    keep_text(data_path, texts.old_data)
    keep_text(data_path, texts.new_data)
    write_together(data_path, record.id, [(name, files[name]) for name in names if name in files], seen)
    click.echo("\n".join(_describe(texts, results[0])))
    if texts.old.text != texts.new.text:
        click.echo(
            say("  核对页若开着,请关掉再开。", "  If the review page is open, close it and open it again.")
        )
    for folder, synced in zip(_folders(data_path, record.id)[1:], results[1:], strict=True):
        click.echo(f"  {folder.rpartition('/')[2]}: {_count(synced)}")
    return len(results[0].stale)


def _folders(data_path: Path, document_id: str) -> list[str]:
    """Name the folders with tables of a document: the review, then the independent readings."""
    folder = f"reviews/{document_id}"
    found = sorted(path for path in (data_path / folder / "readings").glob("*") if path.is_dir())
    return [folder, *(f"{folder}/readings/{path.name}" for path in found)]


def _file_names(data_path: Path, document_id: str) -> list[str]:
    """Name the files of a data folder that a sync may write, in the order of writing."""
    tables = [*(f"{table}.tsv" for table in COLUMNS), "stale.tsv"]
    return [
        f"documents/{document_id}.txt",
        *(f"{folder}/{name}" for folder in _folders(data_path, document_id) for name in tables),
        f".desk/{document_id}.jsonl",
        "documents/index.tsv",
    ]


def _sync_folder(folder: Path, texts: _Texts, asker: "_Asker | None") -> Synced:
    from kg.pipeline import review_terms

    review, stale = read_review(folder, texts.old.id), read_stale(folder)
    return sync_review(texts.old, texts.new, review, stale, review_terms(), asker)


def _render_tables(folder: Path, texts: _Texts, synced: Synced) -> Iterator[tuple[str, bytes]]:
    """Render the tables of a folder that are there or have rows now."""
    for table in COLUMNS:
        rows = getattr(synced.review, table)
        if rows or (folder / f"{table}.tsv").is_file():
            yield f"{table}.tsv", render_table(table, rows, texts.new).encode("utf-8", "surrogatepass")
    if synced.stale or (folder / "stale.tsv").is_file():
        yield "stale.tsv", render_stale(synced.stale).encode("utf-8", "surrogatepass")


def _render_index(data_path: Path, record: Record) -> bytes:
    records = [record if one.id == record.id else one for one in read_index(data_path)]
    with tempfile.TemporaryDirectory() as place:
        write_index(Path(place), records)
        return (Path(place) / "documents" / "index.tsv").read_bytes()


class _Asker:
    """Puts a doubtful row to the person at the keyboard."""

    def __init__(self, texts: _Texts) -> None:
        self._texts = texts

    def __call__(self, table: str, before: Verdict, after: Verdict, score: float) -> bool:
        click.echo()
        click.echo(f"[{table}] " + flatten("  ".join(filter(None, render_cells(table, before)))))
        click.echo(say("  原:", "  was: ") + _in_context(self._texts.old.text, before))
        click.echo(say("  今:", "  now: ") + _in_context(self._texts.new.text, after) + f"  ({score:g})")
        return click.confirm(say("  是同一处吗?", "  Is it the same?"), default=False)


def _in_context(text: str, row: Verdict) -> str:
    ordinal = row.where[0] if row.where and not isinstance(row, EntityVerdict) else 1
    place = -1
    for _ in range(ordinal):
        place = text.find(row.quote, place + 1)
    if place < 0:
        return flatten(f"【{row.quote}】")
    before, after = context_of(text, place, place + len(row.quote))
    return flatten(f"{before}【{row.quote}】{after}")


def _describe(texts: _Texts, synced: Synced) -> list[str]:
    """Put what became of a document's rows into lines."""
    lines = [f"{texts.new.id}  {_count(synced)}"]
    for item in synced.items:
        notes = []
        if item.lost:
            notes.append(say(f"{item.lost} 处未找到", f"{item.lost} places not found again"))
        if item.reread:
            notes.append(say("所在句子有改动,请重读", "its sentence has changed: read it again"))
        dropped = set(getattr(item.before, "aliases", ())) - set(getattr(item.after, "aliases", ()))
        if dropped and item.after is not None:
            notes.append(say("别名已不在正文:", "aliases gone: ") + "、".join(sorted(dropped)))
        if notes and item.state in STANDING:
            lines.append(f"  {item.table}: {_shorten(item.before)}  {' · '.join(notes)}")
    lines += _list_stale(synced)
    lines += _list_new_places(texts, synced)
    return lines


def _count(synced: Synced) -> str:
    counts = Counter(item.state for item in synced.items)
    return say(
        f"保留 {counts['kept']} · 重新定位 {counts['moved']} · 经确认 {counts['confirmed']} · "
        f"待确认 {counts['fuzzy']} · 失效 {counts['stale']} · 恢复 {len(synced.revived)}",
        f"kept {counts['kept']} · re-anchored {counts['moved']} · confirmed {counts['confirmed']} · "
        f"to confirm {counts['fuzzy']} · stale {counts['stale']} · back {len(synced.revived)}",
    )


def _list_stale(synced: Synced) -> list[str]:
    lines = []
    for row in synced.stale:
        reason = say(*STALE_REASONS.get(row.reason, (row.reason, row.reason)))
        state = say("待确认", "to confirm") if row.state == "fuzzy" else say("失效", "stale")
        hint = f" → 「{row.suggestion}」({row.score:g})" if row.state == "fuzzy" else ""
        lines.append(flatten(f"  {state} {row.table}: {_shorten(row.before)}  {reason}{hint}"))
    return lines


def _list_new_places(texts: _Texts, synced: Synced) -> Sequence[str]:
    """List the names that a row claims wherever they stand and that now stand more often."""
    lines = []
    for item in synced.items:
        row = item.after
        if item.state in STANDING and isinstance(row, EntityVerdict) and not row.where:
            more = len(find_form_spans(texts.new.text, row)) - len(find_form_spans(texts.old.text, row))
            if more > 0 and row.verdict == "accept":
                lines.append(f"  {row.name}: " + say(f"新增 {more} 处", f"{more} more places"))
    return lines


def _shorten(row: Verdict) -> str:
    cells = render_cells(table_of(row), row)
    return flatten(" ".join(filter(None, cells[:4])))[:60] + f" 「{flatten(row.quote)[:40]}」"
