"""Relations: what is proposed, on which words, and that long lists cost no more than their length."""

import time
from collections.abc import Sequence

import pytest

from kg.candidate.entity import propose_entities
from kg.candidate.relation import propose_relations
from kg.candidate.relation_model import RelationLesson, RelationModel, gather_entities, train_relations
from kg.errors import ModelUnreadableError
from kg.evaluation.gold import GoldRelation
from kg.model import Document, Mention, Record, RelationCandidate
from kg.source.document import make_document

Names = Sequence[tuple[str, str]]


def mark(text: str, names: Names) -> tuple[Document, tuple[Mention, ...]]:
    """A document with every occurrence of the names as mentions, the longest first."""
    taken: list[tuple[int, int]] = []
    mentions = []
    for name, kind in sorted(names, key=lambda pair: -len(pair[0])):
        start = text.find(name)
        while start >= 0:
            end = start + len(name)
            if not any(s < end and start < e for s, e in taken):
                taken.append((start, end))
                mentions.append(Mention(start=start, end=end, text=name, type=kind))
            start = text.find(name, end)
    return make_document(Record(id="test"), text), tuple(mentions)


def relate(
    document: Document, mentions: tuple[Mention, ...], model: RelationModel | None = None
) -> tuple[RelationCandidate, ...]:
    return propose_relations(document, propose_entities(document, mentions), model=model)


def propose(text: str, names: Names) -> tuple[RelationCandidate, ...]:
    return relate(*mark(text, names))


def facts(text: str, names: Names) -> set[tuple[str, str, str]]:
    return {(each.type, each.subject, each.object) for each in propose(text, names)}


LED = [("青禾重工", "Enterprise"), ("石岭机电", "Enterprise"), ("轨道装备产业", "Industry")]


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("培育以青禾重工、石岭机电为龙头的轨道装备产业。", "龙头"),
        ("轨道装备产业形成以青禾重工、石岭机电为引领的格局。", "引领"),
        ("扶持青禾重工、石岭机电等轨道装备产业骨干企业。", "骨干企业"),
        ("围绕青禾重工、石岭机电等招引轨道装备产业项目。", "围绕…招引"),
    ],
)
def test_who_leads_or_draws_an_industry_is_its_anchor(text: str, basis: str) -> None:
    found = propose(text, LED)
    anchors = {(each.subject, each.object): each.basis for each in found if each.type == "anchors"}
    assert anchors == {
        ("青禾重工", "轨道装备产业"): basis,
        ("石岭机电", "轨道装备产业"): basis,
    }


def test_an_anchor_is_not_repeated_as_a_firm_of_the_industry() -> None:
    kinds = {each.type for each in propose("培育以青禾重工、石岭机电为龙头的轨道装备产业。", LED)}
    assert kinds == {"anchors"}


def test_a_leader_of_one_industry_does_not_lead_the_next_one() -> None:
    text = "培育壮大以青禾重工为龙头的轨道装备产业,以白鹭纺织为龙头的家纺产业。"
    names = [*LED, ("白鹭纺织", "Enterprise"), ("家纺产业", "Industry")]
    anchors = {each for each in facts(text, names) if each[0] == "anchors"}
    assert anchors == {
        ("anchors", "青禾重工", "轨道装备产业"),
        ("anchors", "白鹭纺织", "家纺产业"),
    }


def test_as_many_leaders_as_industries_are_told_off_one_for_one() -> None:
    text = "依托青禾重工、白鹭纺织等行业领军企业,深耕轨道装备、家纺等产业链。"
    names = [
        ("青禾重工", "Enterprise"), ("白鹭纺织", "Enterprise"),
        ("轨道装备", "Industry"), ("家纺", "Industry"),
    ]  # fmt: skip
    assert {each for each in facts(text, names) if each[0] == "anchors"} == {
        ("anchors", "青禾重工", "轨道装备"),
        ("anchors", "白鹭纺织", "家纺"),
    }


def test_all_members_of_a_list_are_part_of_what_sums_them_up() -> None:
    text = "加快发展检验检测、工业设计、人力资源等生产性服务业。"
    parts = ("检验检测", "工业设计", "人力资源")
    names = [*((part, "Industry") for part in parts), ("生产性服务业", "Industry")]
    assert facts(text, names) == {("partOf", part, "生产性服务业") for part in parts}


def test_the_builder_undertakes_the_work_that_bears_its_name() -> None:
    names = [("青禾重工", "Enterprise"), ("青禾重工齿轮箱扩能", "Project")]
    text = "青禾重工营收增长。加快青禾重工齿轮箱扩能项目建设。"
    assert ("undertakes", "青禾重工", "青禾重工齿轮箱扩能") in facts(text, names)


def test_evidence_is_verbatim_and_holds_the_basis_in_order() -> None:
    text = "一、工作回顾\n青禾重工落户东岭产业园。\n二、今年任务\n围绕青禾重工招引轨道装备产业。"
    names = [*LED, ("东岭产业园", "Park")]
    found = propose(text, names)
    assert found
    for each in found:
        evidence = each.evidence
        assert text[evidence.start : evidence.end] == evidence.text
        place = 0
        for piece in each.basis.split("…"):
            place = evidence.text.index(piece, place) + len(piece)


def test_what_is_only_hoped_for_is_not_said_to_be_so() -> None:
    text = "力争培育以青禾重工为龙头的轨道装备产业。"
    assert {each.modality for each in propose(text, LED)} == {"stretch"}


def test_a_document_without_names_has_no_relations() -> None:
    assert propose("", []) == ()
    assert propose("、、、。。。\n\n", []) == ()


def test_a_thousand_firms_in_one_list_take_time_as_their_number() -> None:
    def spend(count: int) -> float:
        firms = [f"{chr(0x4E00 + i % 600)}{chr(0x5200 + i // 600)}铜业" for i in range(count)]
        text = (
            "发展" + "、".join(firms) + "等有色金属产业，建设" + "、".join(f"{f}园" for f in firms) + "等。"
        )
        names = [*((f, "Enterprise") for f in firms), ("有色金属产业", "Industry")]
        starts = {name: text.index(name) for name, _ in names}
        mentions = tuple(
            Mention(start=starts[n], end=starts[n] + len(n), text=n, type=kind) for n, kind in names
        )
        document = make_document(Record(id="test"), text)
        relate(document, mentions[:3])
        begin = time.process_time()
        relate(document, mentions)
        return time.process_time() - begin

    small, large = spend(250), spend(1000)
    assert large < max(0.2, 10 * small)


def lessons() -> list[RelationLesson]:
    found = []
    for number in range(6):
        firm, park = f"{chr(0x7532 + number)}山药业", f"{chr(0x7532 + number)}河园区"
        text = f"{firm}落户{park}。"
        document, mentions = mark(text, [(firm, "Enterprise"), (park, "Park")])
        relation = GoldRelation(type="locatedIn", subject=firm, object=park, quote=text)
        found.append(
            RelationLesson(
                document=document,
                entities=gather_entities(mentions, {}),
                relations=[relation],
                names={firm: firm, park: park},
            )
        )
    return found


def test_the_same_lessons_give_the_same_bytes() -> None:
    assert train_relations(lessons()) == train_relations(lessons())


def test_what_was_taught_is_proposed() -> None:
    model = RelationModel(train_relations(lessons()))
    document, mentions = mark("辛山药业落户辛河园区。", [("辛山药业", "Enterprise"), ("辛河园区", "Park")])
    found = relate(document, mentions, model)
    assert [(each.type, each.subject, each.object) for each in found] == [
        ("locatedIn", "辛山药业", "辛河园区")
    ]


def test_a_file_that_is_no_model_is_told_with_its_cure() -> None:
    with pytest.raises(ModelUnreadableError, match="kg train"):
        RelationModel(b"no model")
