"""The page as a file: inert data, one policy, the same bytes every time."""

import json
import re
import subprocess
import sys
from pathlib import Path

from kg.view.gap import find_gaps
from kg.view.layout import measure_label
from kg.view.network import draw_network
from kg.view.order import order_industries
from kg.view.page import SCRIPTS, STYLES, embed, make_page, read_wording
from kg.view.role import role_of
from kg.view.spelling import spell
from kg.view.undecided import find_undecided
from tests.view.sample import DOCUMENT, HOSTILE, SCRIPT_END, TEXT, make_review, make_sample

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "kg" / "view" / "page"


def read_data(page: str) -> dict:
    return json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL).group(1))


def test_no_text_of_a_document_can_leave_the_data() -> None:
    page = make_page(make_sample())
    assert HOSTILE not in page
    assert SCRIPT_END not in page
    data = read_data(page)
    assert data["documents"][0][6] == TEXT
    assert HOSTILE in [row[2] for row in data["entities"]]


def test_embedded_data_holds_no_character_that_ends_a_script() -> None:
    assert not set("<>&\u2028\u2029") & set(embed({"a": "</script>&\u2028\u2029<!--"}))


def test_the_page_names_no_other_place_on_the_net() -> None:
    page = make_page(make_sample())
    assert re.findall(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//""", page) == []
    assert "sourceMappingURL" not in page
    assert "default-src &#39;none&#39;" in page


def test_every_evidence_of_the_page_is_its_quote_in_utf_16() -> None:
    kb = make_sample()
    data = read_data(make_page(kb))
    units = data["documents"][0][6].encode("utf-16-le")
    quotes = {units[2 * start : 2 * end].decode("utf-16-le") for _, start, end, *_ in data["evidence"]}
    facts = (*kb.statements, *kb.measures, *kb.entities)
    assert quotes == {piece.text for fact in facts for piece in fact.evidence}


def test_the_same_knowledge_gives_the_same_page_whatever_the_hash_seed() -> None:
    code = (
        "import hashlib; from kg.view.page import make_page; from tests.view.sample import make_sample;"
        "print(hashlib.sha256(make_page(make_sample()).encode()).hexdigest())"
    )
    prints = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
            capture_output=True,
            check=True,
            cwd=ROOT,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(prints) == 1


def test_no_two_labels_of_the_first_network_touch() -> None:
    kb = make_sample()
    nodes = draw_network(kb).data()["nodes"]
    assert len(nodes) > 10
    overlapping = []
    for place, one in enumerate(nodes):
        for other in nodes[place + 1 :]:
            wide = (measure_label(one["label"])[0] + measure_label(other["label"])[0]) / 2
            if abs(one["x"] - other["x"]) < wide and abs(one["y"] - other["y"]) < 30:
                overlapping.append((one["label"], other["label"]))
    assert overlapping == []


def test_a_name_is_spelled_in_full_and_by_initials() -> None:
    assert spell(["仙草艾业"]).split()[:2] == ["xiancaoaiye", "xcay"]
    assert spell(["ABC"]) == ""
    assert spell(["重庆银行"]) == "chongqingyinhang cqyh"


def test_a_role_is_read_from_the_words_of_the_basis() -> None:
    assert [role_of(basis) for basis in ("链主", "龙头", "行业领军企业", "骨干", "围绕…招引", "")] == [
        "lianzhu",
        "longtou",
        "lingjun",
        "gugan",
        "yituo",
        "other",
    ]


def test_the_words_of_the_roles_are_those_of_the_ontology() -> None:
    scheme = (ROOT / "ontology" / "schemes" / "roles.ttl").read_text("utf-8")
    theirs = [re.findall(r'"([^"]+)"@zh', line) for line in scheme.splitlines() if "skos:hiddenLabel" in line]
    ours = [line.split("\t")[1].split("|") for line in (PAGE / "role.tsv").read_text("utf-8").splitlines()
            if not line.startswith("#")]  # fmt: skip
    assert ours == theirs


def test_every_relation_of_the_ontology_has_words_on_the_page() -> None:
    ontology = (ROOT / "ontology" / "kg.ttl").read_text("utf-8")
    relations = re.findall(r"^kg:(\w+) a [^;]*kg:Relation\b", ontology, re.MULTILINE)
    assert len(relations) > 10
    assert [name for name in relations if f"relation.{name}" not in read_wording()] == []


def test_related_chains_stand_together_and_those_with_the_strongest_role_first() -> None:
    kb = make_sample()
    labels = {entity.key: entity.label for entity in kb.entities}
    order = [labels[key] for key in order_industries(kb)]
    assert order[:2] == ["精密仪器产业", "制药产业"]  # one firm anchors both
    assert order.index("果蔬加工") < order.index("数字经济")


def test_what_is_missing_is_counted() -> None:
    gaps = {gap.kind: gap for gap in find_gaps(make_sample())}
    assert "noLianzhu" in gaps
    assert (gaps["notStated"].subject, gaps["notStated"].missing) == ("标志性产业链", "名称")
    assert "park-yyy-000000" in gaps["parkNoFirm"].entities
    assert "park-yqy-000000" not in gaps["parkNoFirm"].entities
    assert "industry-wuliu-000000" in gaps["industryNoAnchor"].entities  # its firms are only hoped for


def test_every_word_the_scripts_ask_for_exists_in_both_languages() -> None:
    wording = read_wording()
    assert [key for key, words in wording.items() if len(words) != 2 or not all(words)] == []
    asked = set()
    for path in PAGE.glob("script/*.js"):
        asked |= set(re.findall(r"\bt\('([\w.]+)'", path.read_text("utf-8")))
    assert sorted(asked - wording.keys()) == []


def test_every_part_of_the_page_is_in_it() -> None:
    assert sorted(SCRIPTS) == sorted(path.stem for path in PAGE.glob("script/*.js"))
    assert sorted(STYLES) == sorted(path.stem for path in PAGE.glob("style/*.css"))


def test_no_script_of_ours_makes_markup_of_text() -> None:
    ways = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser"
    assert [path.name for path in PAGE.glob("script/*.js") if re.search(ways, path.read_text("utf-8"))] == []


def test_rejected_and_unsure_rows_are_on_the_page_with_their_words() -> None:
    rows = find_undecided((DOCUMENT,), (make_review(),))
    assert [(row.verdict, row.table, row.claim) for row in rows] == [
        ("reject", "entity", "年内（Project）"),
        ("unsure", "relation", "石桥 undertakes 甘泉食品(二期)"),
        ("reject", "measure", "- · 数量 · 四大"),
    ]
    assert all(row.words and TEXT[row.words.start : row.words.end] == row.words.text for row in rows)
    assert len(read_data(make_page(make_sample(), reviews=[make_review()]))["undecided"]) == 3
