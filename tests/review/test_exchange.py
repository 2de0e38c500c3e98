"""Reviews in the files of other programs: out and in changes nothing, and what comes in is checked."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from kg.command.review import review_command
from kg.errors import KgError
from kg.model import Document, EntityVerdict, Review
from kg.review import read_review, review_path, write_review
from kg.review.exchange import FORMATS, Delivery, merge_delivery
from kg.review.exchange_doccano import read_doccano, render_doccano
from kg.review.exchange_labelstudio import read_labelstudio, render_labelstudio
from kg.review.exchange_xlsx import read_xlsx, render_xlsx
from tests.review.sample import TEXT, make_data, sample_document, sample_review

ID = "linchuan-2025"
RENDER = {"labelstudio": render_labelstudio, "doccano": render_doccano, "xlsx": render_xlsx}
READ = {"labelstudio": read_labelstudio, "doccano": read_doccano, "xlsx": read_xlsx}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = make_data(tmp_path / "data")
    write_review(review_path(path, ID), sample_review(), sample_document())
    return path


def run(*arguments: object) -> str:
    result = CliRunner().invoke(review_command, list(map(str, arguments)), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def export(data: Path, form: str) -> Path:
    path = data.parent / f"out.{form}"
    run("export", ID, "--format", form, "--out", path, "--data", data)
    return path


def take_in(data: Path, path: Path) -> Review:
    run("import", path, "--document", ID, "--data", data, "--reviewer", "乙")
    return read_review(review_path(data, ID), ID)


def tables(data: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in review_path(data, ID).glob("*.tsv")}


def send(document: Document, review: Review, form: str) -> Delivery:
    return READ[form](RENDER[form](document, review), document, "file")


@pytest.mark.parametrize("form", FORMATS)
def test_out_and_in_changes_nothing(data: Path, form: str) -> None:
    before = tables(data)
    take_in(data, export(data, form))
    assert tables(data) == before


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_review_gives_the_same_bytes(data: Path, form: str) -> None:
    first = export(data, form).read_bytes()
    assert export(data, form).read_bytes() == first


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1),
    note=st.text("=+-@|#\n\t'\"甲𠮷"),
)
def test_any_name_and_note_survive_out_and_in(form: str, name: str, note: str) -> None:
    document = sample_document(f"首{name}尾{TEXT}")
    row = EntityVerdict(verdict="unsure", type="Park|Project", name=name, quote=name, note=note.strip())
    review = replace(sample_review(), entities=(*sample_review().entities, row))
    merged = merge_delivery(review, send(document, review, form), "乙", "2025-04-01")
    assert (merged.review, merged.added, merged.changed, merged.absent) == (review, (), (), 0)


def test_no_cell_of_a_workbook_is_a_formula(data: Path) -> None:
    rows = [
        EntityVerdict(verdict="unsure", type="Park", name=sign + "cmd|'/c calc'!A0", quote=sign)
        for sign in "=+-@"
    ]
    review = Review(document=ID, entities=tuple(rows))
    book = load_workbook(io.BytesIO(render_xlsx(sample_document(), review)))
    cells = [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    names = list(book["entities"]["C"][1:])
    assert [cell.value for cell in names] == [row.name for row in rows]
    assert all(cell.quotePrefix for cell in names)


def test_a_workbook_offers_the_words_that_a_column_takes(data: Path) -> None:
    book = load_workbook(export(data, "xlsx"))
    offered = {
        (sheet.title, sheet.cell(1, next(iter(rule.sqref.ranges)).min_col).value)
        for sheet in book
        for rule in sheet.data_validations.dataValidation
    }
    assert {("entities", "verdict"), ("entities", "type"), ("relations", "relation")} <= offered
    assert {("relations", "modality"), ("measures", "comparator"), ("measures", "kind")} <= offered


def test_what_is_changed_in_a_workbook_is_changed_here_alone(data: Path) -> None:
    path = export(data, "xlsx")
    book = load_workbook(path)
    sheet = book["entities"]
    header = [cell.value for cell in sheet[1]]
    line = next(row for row in sheet.iter_rows(min_row=2) if row[header.index("name")].value == "天穗农业")
    line[header.index("verdict")].value = "unsure"
    book.save(path)
    review = take_in(data, path)
    changed = {row for row in review.entities if row not in sample_review().entities}
    assert {(row.name, row.verdict, row.reviewer) for row in changed} == {("天穗农业", "unsure", "乙")}
    assert len(review.entities) == len(sample_review().entities)


def test_a_line_left_out_of_a_workbook_stays(data: Path) -> None:
    path, before = export(data, "xlsx"), tables(data)
    book = load_workbook(path)
    book["measures"].delete_rows(2)
    book.save(path)
    assert "1 " in run("import", path, "--document", ID, "--data", data)
    assert tables(data) == before


def test_a_verdict_given_in_label_studio_counts(data: Path) -> None:
    path = export(data, "labelstudio")
    tasks = json.loads(path.read_text(encoding="utf-8"))
    results = tasks[0]["annotations"][0]["result"]
    chosen = next(r for r in results if r.get("from_name") == "verdict" and r["value"]["text"] == "天穗农业")
    chosen["value"]["choices"] = ["unsure"]
    path.write_text(json.dumps(tasks), encoding="utf-8")
    found = {row.name: row.verdict for row in take_in(data, path).entities}
    assert found["天穗农业"] == "unsure"
    assert found["云岭机械"] == "accept"


def add_to_label_studio(tasks: Any) -> None:
    start = TEXT.index("松山冷链物流园")
    results = tasks[0]["annotations"][0]["result"]
    value = {"start": start, "end": start + 7, "text": "松山冷链物流园", "labels": ["Park"]}
    results.append({"id": "x1", "from_name": "label", "to_name": "text", "type": "labels", "value": value})
    firm = next(r["id"] for r in results if r.get("type") == "labels" and r["value"]["text"] == "云岭机械")
    results.append({"type": "relation", "from_id": firm, "to_id": "x1", "labels": ["locatedIn"]})


def add_to_doccano(record: Any) -> None:
    start = TEXT.index("松山冷链物流园")
    number = len(record["entities"])
    record["entities"].append({"id": number, "label": "Park", "start_offset": start, "end_offset": start + 7})
    firm = next(e["id"] for e in record["entities"] if e["start_offset"] == TEXT.index("云岭机械"))
    record["relations"].append({"id": 9, "from_id": firm, "to_id": number, "type": "locatedIn"})


@pytest.mark.parametrize(("form", "add"), [("labelstudio", add_to_label_studio), ("doccano", add_to_doccano)])
def test_what_is_marked_and_joined_there_is_a_row_here(data: Path, form: str, add: Any) -> None:
    path = export(data, form)
    content = json.loads(path.read_text(encoding="utf-8"))
    add(content)
    path.write_text(json.dumps(content), encoding="utf-8")
    review = take_in(data, path)
    park = next(row for row in review.entities if row.name == "松山冷链物流园")
    assert (park.type, park.verdict, park.reviewer) == ("Park", "accept", "乙")
    relation = next(row for row in review.relations if row.relation == "locatedIn")
    assert (relation.subject, relation.object) == ("云岭机械", "松山冷链物流园")
    assert relation.quote in TEXT


def test_offsets_of_label_studio_count_as_browsers_do() -> None:
    document = sample_document("𠮷" + TEXT)
    tasks = json.loads(render_labelstudio(document, sample_review()))
    units = document.text.encode("utf-16-le")
    for result in tasks[0]["annotations"][0]["result"]:
        if "value" in result:
            value = result["value"]
            assert units[2 * value["start"] : 2 * value["end"]].decode("utf-16-le") == value["text"]


def broken_files() -> dict[str, bytes]:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("a.txt", "x")
    task = json.loads(render_labelstudio(sample_document(), sample_review()))
    task[0]["annotations"][0]["result"][0]["value"] = {}
    line = json.loads(render_doccano(sample_document(), sample_review()))
    outside = {"id": 0, "label": "Park", "start_offset": 9**9, "end_offset": 9**9 + 1}
    no_rows = {"document": ID, "sha256": "", "rows": [["x"]]}
    return {
        "empty": b"",
        "text": "随便一段话".encode(),
        "cut short": render_labelstudio(sample_document(), sample_review())[:500],
        "no task": b"[]",
        "a list of numbers": b"[1, 2]",
        "no value": json.dumps(task).encode(),
        "an offset outside": json.dumps({**line, "entities": [outside]}).encode(),
        "rows that are none": json.dumps({**line, "kg": no_rows}).encode(),
        "an archive": archive.getvalue(),
        "half a workbook": render_xlsx(sample_document(), sample_review())[:2000],
        "bytes": bytes(range(256)),
    }


@pytest.mark.parametrize("what", broken_files())
def test_a_broken_file_gives_one_clear_message_and_writes_nothing(data: Path, what: str) -> None:
    path, before = data.parent / "broken", tables(data)
    path.write_bytes(broken_files()[what])
    with pytest.raises(KgError) as caught:
        run("import", path, "--document", ID, "--data", data)
    assert str(path) in str(caught.value)
    assert str(caught.value).count("\n") == 0
    assert tables(data) == before


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_made_from_another_text_is_refused(data: Path, tmp_path: Path, form: str) -> None:
    path, before = export(data, form), tables(data)
    other = make_data(tmp_path / "other", TEXT + "又及。\n")
    with pytest.raises(KgError, match=r"another text|正文"):
        run("import", path, "--document", ID, "--data", other)
    assert tables(data) == before


def test_a_row_changed_on_both_sides_is_a_conflict(data: Path) -> None:
    path = export(data, "xlsx")
    book = load_workbook(path)
    book["measures"]["A2"].value = "unsure"
    book.save(path)
    review = sample_review()
    changed = tuple(replace(row, note="改过") for row in review.measures)
    write_review(review_path(data, ID), replace(review, measures=changed), sample_document())
    before = tables(data)
    with pytest.raises(KgError):
        run("import", path, "--document", ID, "--data", data)
    assert tables(data) == before


def test_a_row_that_breaks_a_rule_is_refused_with_all_others(data: Path) -> None:
    path, before = export(data, "xlsx"), tables(data)
    book = load_workbook(path)
    book["entities"]["B2"].value = "Planet"
    book["entities"]["A3"].value = "unsure"
    book.save(path)
    with pytest.raises(KgError, match="Planet"):
        run("import", path, "--document", ID, "--data", data)
    assert tables(data) == before


def test_a_formula_that_someone_wrote_is_refused(data: Path) -> None:
    path = export(data, "xlsx")
    book = load_workbook(path)
    book["entities"]["C2"].value = "=1+1"
    book.save(path)
    with pytest.raises(KgError, match="entities!2"):
        run("import", path, "--document", ID, "--data", data)
