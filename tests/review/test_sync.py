"""A changed text: no verdict is lost, and none is tied to words that are not its own."""

import os
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.command.review import review_command
from kg.errors import WriteConflictError
from kg.model import EntityVerdict, MeasureVerdict, Verdict
from kg.pipeline import packaged_data, review_terms
from kg.review import check_review, read_review, review_path, write_review
from kg.review.alignment import Alignment
from kg.review.anchoring import STANDING, Anchoring
from kg.review.stale import read_stale
from kg.review.sync import digest_file, finish_writing, move_anchors, sync_review, write_together
from kg.source import make_document, read_documents, read_index
from tests.review.edit import edit_text, find_strays
from tests.review.sample import RECORD, TEXT, make_data, sample_document, sample_review

ID = "linchuan-2025"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = make_data(tmp_path / "data")
    write_review(review_path(path, ID), sample_review(), sample_document())
    return path


def run_sync(data: Path, text: str | None = None, *options: str, answers: str = "") -> Result:
    arguments = ["sync", ID, "--data", str(data), *options]
    if text is not None:
        (data.parent / "new.txt").write_text(text, encoding="utf-8")
        arguments += ["--text", str(data.parent / "new.txt")]
    return CliRunner().invoke(review_command, arguments, input=answers, catch_exceptions=False)


def rows_of(data: Path) -> set[Verdict]:
    review = read_review(review_path(data, ID), ID)
    return {*review.entities, *review.relations, *review.measures}


def snapshot(data: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(data)): p.read_bytes()
        for p in data.rglob("*")
        if p.is_file() and ".desk" not in p.parts
    }


def measure_drift(seeds: range) -> tuple[Counter[str], list[str]]:
    """Edit the interview at random, sync, and count; list what is tied to other words."""
    data = packaged_data()
    document = next(d for d in read_documents(data) if d.id == "nanyang-2024-interview")
    review = read_review(review_path(data, document.id), document.id)
    counts: Counter[str] = Counter()
    strays: list[str] = []
    for seed in seeds:
        text, origins = edit_text(document.text, review, seed)
        new = make_document(document.record, text)
        synced = sync_review(document, new, review, (), review_terms())
        counts.update(item.state for item in synced.items)
        assert len(synced.items) == sum(map(len, (review.entities, review.relations, review.measures)))
        assert len(synced.stale) == sum(item.state not in STANDING for item in synced.items)
        assert check_review(Path(), synced.review, new, review_terms()) == ()
        for item in synced.items:
            if item.state in STANDING and item.after is not None:
                for span in find_strays(document.text, text, origins, item.before, item.after):
                    strays.append(f"seed {seed}: {item.before.quote} → {span}")
    return counts, strays


def test_no_verdict_of_the_interview_is_ever_tied_to_other_words() -> None:
    counts, strays = measure_drift(range(6))
    assert strays == []
    assert min(counts["kept"], counts["moved"], counts["fuzzy"], counts["stale"]) > 0
    assert counts["kept"] + counts["moved"] > 0.8 * counts.total()


@pytest.mark.soak
def test_no_verdict_is_tied_to_other_words_in_200_edited_interviews() -> None:
    counts, strays = measure_drift(range(1000, 1200))
    print(counts)
    assert strays == []


def test_an_unchanged_text_changes_nothing(data: Path) -> None:
    before = snapshot(data)
    assert run_sync(data).exit_code == 0
    assert snapshot(data) == before


def test_words_that_come_before_move_nothing_but_ordinals(data: Path) -> None:
    before = rows_of(data)
    text = TEXT.replace("今年,以云岭", "2025年是关键一年。\n今年,以云岭")
    assert run_sync(data, text).exit_code == 0
    changed = rows_of(data) - before
    assert [(row.quote, row.where) for row in changed] == [("2025年", (1,))]
    assert read_index(data)[0].sha256 == digest_file(data / "documents" / f"{ID}.txt")
    assert read_documents(data)[0].text == text


def test_a_quote_that_is_gone_is_stale_and_listed_never_dropped(data: Path) -> None:
    before = rows_of(data)
    result = run_sync(data, TEXT.replace("云岭机械年产值达到12.5亿元。", ""))
    assert result.exit_code == 1
    assert "年产值" in result.output
    stale = {row.before for row in read_stale(review_path(data, ID))}
    assert {row.quote for row in stale} == {"云岭机械年产值达到12.5亿元"}
    assert stale | rows_of(data) == before


def test_a_changed_number_is_never_the_same_number(data: Path) -> None:
    assert run_sync(data, TEXT.replace("12.5亿元", "13.5亿元"), "--confirm", answers="y\n").exit_code == 1
    assert [row.reason for row in read_stale(review_path(data, ID))] == ["value"]


def test_a_longer_number_is_not_the_old_one(data: Path) -> None:
    document, text = sample_document(), TEXT.replace("总投资3亿元", "总投资13亿元")
    row = MeasureVerdict(
        verdict="reject", subject="", indicator="", value="3亿元", quote="3亿元", note="other"
    )
    assert Anchoring(document.text, text).anchor(row).state == "stale"


def test_a_person_decides_on_reworded_quotes_now_or_later(data: Path) -> None:
    reworded = TEXT.replace("云岭机械年产值达到12.5亿元", "云岭机械年产值已达到12.5亿元")
    assert run_sync(data, reworded).exit_code == 1
    assert [row.state for row in read_stale(review_path(data, ID))] == ["fuzzy"]
    assert run_sync(data, None, "--confirm", answers="n\n").exit_code == 1
    assert run_sync(data, None, "--confirm", answers="y\n").exit_code == 0
    assert "云岭机械年产值已达到12.5亿元" in {row.quote for row in rows_of(data)}
    assert read_stale(review_path(data, ID)) == ()


def test_a_new_sentence_with_the_words_of_a_deleted_one_takes_no_verdict(data: Path) -> None:
    text = (
        TEXT.replace("云岭机械年产值达到12.5亿元。\n", "\n") + "去年曾说:云岭机械年产值达到12.5亿元,有误。\n"
    )
    assert run_sync(data, text).exit_code == 1
    assert [row.state for row in read_stale(review_path(data, ID))] == ["fuzzy"]


def test_facts_wait_for_their_entity_and_come_back_with_the_text(data: Path) -> None:
    before = snapshot(data)
    assert run_sync(data, TEXT.replace("装备制造产业", "机器产业")).exit_code == 1
    assert {row.before.verdict for row in read_stale(review_path(data, ID))} == {"accept"}
    assert not read_review(review_path(data, ID), ID).relations
    run_sync(data, TEXT)
    assert {row.name for row in read_review(review_path(data, ID), ID).entities} >= {"装备制造产业"}
    after = snapshot(data)
    assert read_stale(review_path(data, ID)) == ()
    assert after[f"reviews/{ID}/relations.tsv"] == before[f"reviews/{ID}/relations.tsv"]


def test_a_text_edited_in_place_is_compared_with_the_copy_kept(data: Path) -> None:
    run_sync(data)
    (data / "documents" / f"{ID}.txt").write_text("前言\n" + TEXT, encoding="utf-8")
    assert run_sync(data).exit_code == 0
    assert read_documents(data)[0].text.startswith("前言")


def test_a_text_edited_in_place_is_compared_with_git(data: Path) -> None:
    git = ["git", "-C", str(data), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for arguments in (["init", "-q"], ["add", "documents"], ["commit", "-qm", "x"]):
        subprocess.run([*git, *arguments], check=True)
    (data / "documents" / f"{ID}.txt").write_text("前言\n" + TEXT, encoding="utf-8")
    assert run_sync(data).exit_code == 0


def test_without_the_old_text_nothing_is_touched(data: Path) -> None:
    (data / "documents" / f"{ID}.txt").write_text("前言\n" + TEXT, encoding="utf-8")
    before = snapshot(data)
    with pytest.raises(Exception, match="--text"):
        run_sync(data)
    assert snapshot(data) == before


def test_a_text_that_nothing_is_tied_to_may_change_freely(tmp_path: Path) -> None:
    data = make_data(tmp_path / "data")
    (data / "documents" / f"{ID}.txt").write_text("前言\n" + TEXT, encoding="utf-8")
    assert run_sync(data).exit_code == 0
    assert read_documents(data)[0].text.startswith("前言")


def test_a_write_cut_short_is_completed_by_the_next_sync(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    twin = make_data(data.parent / "twin")
    write_review(review_path(twin, ID), sample_review(), sample_document())
    text = TEXT.replace("云岭机械年产值达到12.5亿元。", "")
    run_sync(twin, text)
    for writes in range(1, 7):
        import kg.review.sync as module

        copy = make_data(data.parent / f"copy{writes}")
        write_review(review_path(copy, ID), sample_review(), sample_document())
        real, left = module.replace_file, [writes]

        def die_after(path: Path, content: bytes, left: list[int] = left, real: object = real) -> None:
            if path.parent.name != "texts":
                left[0] -= 1
                if left[0] < 0:
                    raise KeyboardInterrupt
            real(path, content)  # type: ignore[operator]

        monkeypatch.setattr(module, "replace_file", die_after)
        with pytest.raises(KeyboardInterrupt):
            run_sync(copy, text)
            raise KeyboardInterrupt  # all writes were done
        monkeypatch.setattr(module, "replace_file", real)
        finish_writing(copy, ID)
        assert snapshot(copy) == snapshot(twin), f"after {writes} writes"


def test_a_table_changed_meanwhile_stops_the_whole_write(data: Path) -> None:
    name = f"reviews/{ID}/entities.tsv"
    with pytest.raises(WriteConflictError):
        write_together(data, ID, [(f"documents/{ID}.txt", b"x")], {name: "0" * 64})
    assert (data / "documents" / f"{ID}.txt").read_text(encoding="utf-8") == TEXT


def test_passages_of_the_anchors_move_with_the_text() -> None:
    old = "甲段。\n乙段在此。\n"
    new = "新来的话。\n甲段。\n乙段在此。\n"
    assert move_anchors("0-4=2024;4-10=2025", Alignment(old, new)) == "0-10=2024;10-16=2025"
    assert move_anchors("2024", Alignment(old, new)) == "2024"


def test_an_entity_keeps_its_own_occurrences_by_ordinal() -> None:
    old = "白河纸业在东区投产。\n白河纸业项目在西区开工建设。\n"
    new = "白河纸业获奖是旧闻了。\n" + old
    row = EntityVerdict(
        verdict="accept", type="Project", name="白河纸业#项目", where=(2,), quote="白河纸业项目在西区"
    )
    found = Anchoring(old, new, make_document(RECORD, old).sentences).anchor(row)
    assert isinstance(found.after, EntityVerdict)
    assert (found.state, found.after.where) == ("moved", (3,))


def test_the_program_is_quiet_about_git_where_there_is_none(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    (data / "documents" / f"{ID}.txt").write_text("前言\n" + TEXT, encoding="utf-8")
    with pytest.raises(Exception, match="--text"):
        run_sync(data)
