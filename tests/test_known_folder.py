"""What was read in a folder's earlier documents makes the proposals of the next one better."""

from pathlib import Path

from click.testing import CliRunner

from kg.command.extract import extract_command
from kg.model import Record
from kg.pipeline import propose
from kg.source import add_document, make_folder, read_documents

HEADER = "verdict\ttype\tname\taliases\twhere\tquote\treviewer\treviewed\tnote\n"


def write_folder(path: Path, entities: str) -> Path:
    folder = path / "data"
    make_folder(folder)
    for name, text in (
        ("first", "去年，我县建设鹿鸣湖水厂。"),
        ("second", "鹿鸣湖水厂日供水5万吨。"),
    ):
        add_document(folder, Record(id=name, issued="2024-01-01"), text)
    tables = folder / "reviews" / "first"
    tables.mkdir(parents=True, exist_ok=True)
    (tables / "entities.tsv").write_text(HEADER + entities, encoding="utf-8")
    return folder


def names(folder: Path, number: int) -> dict[str, float]:
    document = read_documents(folder)[number]
    found = propose(document, data=str(folder)).entities
    return {entity.name: entity.confidence for entity in found}


def test_an_accepted_name_is_found_in_the_next_document(tmp_path: Path) -> None:
    row = "accept\tProject\t鹿鸣湖水厂\t\t\t建设鹿鸣湖水厂\tr\t2024-01-02\t\n"
    before = names(write_folder(tmp_path / "a", ""), 1).get("鹿鸣湖水厂", 0.0)
    after = names(write_folder(tmp_path / "b", row), 1).get("鹿鸣湖水厂", 0.0)
    assert after > before


def test_a_document_does_not_know_what_was_read_in_itself(tmp_path: Path) -> None:
    row = "accept\tProject\t鹿鸣湖水厂\t\t\t建设鹿鸣湖水厂\tr\t2024-01-02\t\n"
    assert names(write_folder(tmp_path / "a", ""), 0) == names(write_folder(tmp_path / "b", row), 0)


def test_extract_knows_the_names_of_a_folder(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, "accept\tProject\t鹿鸣湖水厂\t\t\t建设鹿鸣湖水厂\tr\t2024-01-02\t\n")
    other = tmp_path / "new.txt"
    other.write_text("鹿鸣湖水厂日供水5万吨。", encoding="utf-8")
    plain = CliRunner().invoke(extract_command, [str(other)])
    known = CliRunner().invoke(extract_command, [str(other), "--data", str(folder)])
    assert plain.exit_code == known.exit_code == 0, known.output
    assert plain.output != known.output
