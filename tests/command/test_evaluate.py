"""`kg evaluate`: the figures of a small annotated folder, in each of its forms."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli import kg
from kg.errors import KgError
from kg.learning import read_golds, train_files

DATA = Path(__file__).resolve().parents[1] / "golden" / "data"
TEXT = """{place}2024年产业简报

2024年,{firm}集团投资{amount}亿元建设{park}产业园。{firm}集团是{trade}产业的龙头企业。
{park}产业园入驻企业{count}家,{firm}集团位于{park}产业园。
"""
ANNOTATION = """Enterprise\t{firm}集团\t
Park\t{park}产业园\t
Industry\t{trade}产业\t
anchors\t{firm}集团\t{trade}产业\t{firm}集团是{trade}产业的龙头企业
locatedIn\t{firm}集团\t{park}产业园\t{firm}集团位于{park}产业园
measure\t{firm}集团\t投资\t{amount}00000000\t{amount}00000000\tCNY\teq\tactual\t2024\t投资{amount}亿元
measure\t{park}产业园\t入驻企业\t{count}\t{count}\t家\teq\tactual\t2024\t入驻企业{count}家
"""
PLACES = {
    "north_1": {
        "place": "北原区",
        "firm": "海川",
        "park": "城南",
        "trade": "新材料",
        "amount": 12,
        "count": 31,
    },
    "north_2": {
        "place": "北原区",
        "firm": "云杉",
        "park": "城东",
        "trade": "生物医药",
        "amount": 7,
        "count": 18,
    },
    "south_1": {
        "place": "南平区",
        "firm": "恒岳",
        "park": "滨河",
        "trade": "储能装备",
        "amount": 25,
        "count": 40,
    },
    "west_1": {
        "place": "西川区",
        "firm": "白鹿",
        "park": "西岭",
        "trade": "轨道交通",
        "amount": 9,
        "count": 22,
    },
}


def write_annotated(folder: Path, *names: str) -> Path:
    """Write documents with their annotations."""
    folder.mkdir()
    for name in names:
        (folder / f"{name}.txt").write_text(TEXT.format(**PLACES[name]), encoding="utf-8")
        (folder / f"{name}.ann.tsv").write_text(ANNOTATION.format(**PLACES[name]), encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KG_LANG", "en")
    return write_annotated(tmp_path / "annotated", "north_1", "north_2", "south_1")


def evaluate(*arguments: object) -> Result:
    """Run the command in this process; an error of the person's is its exception."""
    result = CliRunner().invoke(kg, ["evaluate", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, KgError | SystemExit):
        raise result.exception
    return result


def gold_of(report: dict[str, object]) -> dict[tuple[str, str], int]:
    """The number of gold items by what and which."""
    scores = report["scores"]
    assert isinstance(scores, list)
    return {(score["what"], score["which"]): score["gold"] for score in scores}


def test_the_table_counts_every_annotated_item_by_type(folder: Path) -> None:
    result = evaluate(folder)
    assert result.exit_code == 0
    rows = {tuple(line[:26].split()): line[26:].split() for line in result.stdout.splitlines()}
    assert rows["mention", "Enterprise"][0] == "9" and rows["entity", "Enterprise"][0] == "3"
    assert rows["relation", "anchors"][0] == "3" and rows["measure", "value+unit"][0] == "6"
    assert rows["measure", "value+unit"][1:] == ["1.000", "1.000", "1.000"]
    assert any(row[:2] == ("measure", "row") for row in rows)


def test_json_says_the_same_as_the_table(folder: Path) -> None:
    report = json.loads(evaluate(folder, "--format", "json").stdout)
    assert report["documents"] == 3
    gold = gold_of(report)
    assert gold["mention", "Park"] == 9 and gold["relation", "locatedIn"] == 3
    assert report["attributes"]["matched"] == 6
    lines = evaluate(folder).stdout.splitlines()
    for score in report["scores"]:
        figures = f"{score['gold']:6} {score['precision']:6.3f}"
        assert any(line.startswith(f"{score['what']:10}{score['which']:16}{figures}") for line in lines), (
            score
        )
    assert sum(row["count"] for row in report["reliability"] if row["what"] == "measure row") == 6


def test_errors_follow_the_report_with_their_sentences(folder: Path) -> None:
    path = folder / "south_1.ann.tsv"
    wrong = (
        path.read_text(encoding="utf-8")
        .replace("\t40\t40\t", "\t41\t41\t")
        .replace("恒岳集团\t投资", "-\t投资")
    )
    path.write_text(wrong, encoding="utf-8")
    lines = [line.split("\t") for line in evaluate(folder, "--errors").stdout.splitlines()]
    errors = [line for line in lines if line[0] == "measure" and line[-1] == "south_1"]
    found = {(which, verdict): sentence for _, which, verdict, _, _, sentence, _ in errors}
    assert "【40家】" in found["value", "false"] and found["value", "missed"] == "入驻企业40家"
    assert "恒岳集团投资【25亿元】" in found["subject", "false"]
    assert not any(line[0] == "measure" and line[-1] == "south_1" for line in lines if len(line) != 7)


def test_across_places_trains_on_the_other_places_only(folder: Path) -> None:
    result = evaluate(folder, "--across-places", "--format", "json")
    assert result.exit_code == 0, result.exception
    told = sorted(line for line in result.stderr.splitlines() if line.startswith("train on"))
    assert told == ["train on 1, test on 2 …", "train on 2, test on 1 …"]
    assert json.loads(result.stdout)["documents"] == 3


def test_also_is_learnt_from_and_never_scored(folder: Path, tmp_path: Path) -> None:
    also = write_annotated(tmp_path / "also", "south_1", "west_1")
    result = evaluate(folder, "--across-places", "--also", also, "--format", "json")
    told = sorted(line for line in result.stderr.splitlines() if line.startswith("train on"))
    # The document of the south that is only learnt from is held out with its place.
    assert told == ["train on 3, test on 1 …", "train on 3, test on 2 …"]
    assert json.loads(result.stdout)["documents"] == 3


def test_groups_decide_what_one_place_is(folder: Path, tmp_path: Path) -> None:
    groups = tmp_path / "groups.tsv"
    groups.write_text("(north|south)_.*\tone\n", encoding="utf-8")
    refused = evaluate(folder, "--across-places", "--groups", groups)
    assert isinstance(refused.exception, KgError) and "--groups" in str(refused.exception)
    groups.write_text("north_1\ta\n.*\tb\n", encoding="utf-8")
    result = evaluate(folder, "--across-places", "--groups", groups)
    told = sorted(line for line in result.stderr.splitlines() if line.startswith("train on"))
    assert told == ["train on 1, test on 2 …", "train on 2, test on 1 …"]
    groups.write_text("(north\ta\n", encoding="utf-8")
    broken = evaluate(folder, "--across-places", "--groups", groups)
    assert isinstance(broken.exception, KgError) and f"{groups}:1" in str(broken.exception)


def test_a_data_folder_is_scored_by_the_rows_its_review_accepts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_LANG", "en")
    report = json.loads(evaluate(DATA, "--format", "json").stdout)
    (gold,) = read_golds([DATA])
    counts = gold_of(report)
    assert report["documents"] == 1
    assert counts["mention", "all"] == len(gold.mentions) > 0
    assert counts["relation", "all"] == len({(r.type, r.subject, r.object) for r in gold.relations}) > 0
    assert counts["measure", "value+unit"] == len(gold.measures) > 0


def test_models_are_named_as_everywhere_and_the_older_name_still_holds(folder: Path, tmp_path: Path) -> None:
    models = tmp_path / "models"
    models.mkdir()
    for name, data in train_files(read_golds([folder]), lambda document: document.id).items():
        (models / name).write_bytes(data)
    new = evaluate(folder, "--models", models)
    assert new.exit_code == 0 and new.stdout == evaluate(folder, "--model", models).stdout
    missing = evaluate(folder, "--models", tmp_path / "none")
    assert isinstance(missing.exception, KgError) and "kg train" in str(missing.exception)
    shown = evaluate("--help").stdout
    assert "--models" in shown and "--model " not in shown


def test_a_folder_without_annotations_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_LANG", "en")
    result = evaluate(tmp_path)
    assert isinstance(result.exception, KgError) and ".ann.tsv" in str(result.exception)
