"""Numbers become measures with modality, period, subject, indicator and evidence."""

import time

import pytest

from kg.candidate.measure import propose_measures
from kg.mention.period import find_periods
from kg.mention.quantity import find_quantities
from kg.model import Document, MeasureCandidate, Mention, Record
from kg.source.document import make_document

REPORT = (
    "某市政府工作报告\n——2023年2月1日在某市人民代表大会上\n各位代表:\n一、2022年工作回顾\n"
    "全年地区生产总值达到820.5亿元,同比增长6.1%;新增规模以上工业企业36家。建成东湖水厂一期,完成投资3.2亿元。\n"
    "二、2023年工作安排\n今年经济社会发展的主要预期目标是:地区生产总值增长6.5%左右,一般公共预算收入增长5%。"
    "加快总投资12亿元的北山物流园建设,确保年内完成投资4亿元。力争全年新增就业2万人以上。"
    "深刻领悟“两个确立”,做到“两个维护”。\n"
)


def propose(text: str, *names: tuple[str, str]) -> dict[str, MeasureCandidate]:
    document = make_document(Record(id="t"), text)
    mentions = tuple(
        Mention(start=text.index(name), end=text.index(name) + len(name), text=name, type=kind)
        for name, kind in names
    )
    found = propose_measures(document, find_quantities(document), find_periods(document), mentions)
    return {measure.value.text: measure for measure in found}


@pytest.fixture(scope="module")
def report() -> dict[str, MeasureCandidate]:
    return propose(REPORT, ("东湖水厂一期", "Project"), ("北山物流园", "Park"))


def test_a_review_tells_what_was_done_and_a_plan_what_is_aimed_at(
    report: dict[str, MeasureCandidate],
) -> None:
    assert (report["820.5亿元"].modality, report["820.5亿元"].period) == ("actual", "2022")
    assert (report["6.5%左右"].modality, report["6.5%左右"].period) == ("target", "2023")
    assert (report["4亿元"].modality, report["4亿元"].period) == ("target", "2023")


def test_a_total_investment_is_planned_and_has_no_year(report: dict[str, MeasureCandidate]) -> None:
    assert report["12亿元"].modality == "planned"
    assert report["12亿元"].indicator == "总投资"


def test_a_number_is_about_the_nearest_fitting_name_or_the_place(report: dict[str, MeasureCandidate]) -> None:
    assert report["12亿元"].subject == "北山物流园"
    assert report["3.2亿元"].subject == "东湖水厂一期"
    assert report["820.5亿元"].subject is None


def test_a_growth_names_what_grew(report: dict[str, MeasureCandidate]) -> None:
    growth = report["6.1%"]
    assert (growth.kind, growth.base) == ("change", "同比")
    assert "地区生产总值" in growth.indicator
    assert report["36家"].indicator.endswith("规模以上工业企业")


def test_counts_in_slogans_are_no_measures(report: dict[str, MeasureCandidate]) -> None:
    assert "两个" not in report


def test_evidence_is_of_the_text_and_holds_its_number(report: dict[str, MeasureCandidate]) -> None:
    for measure in report.values():
        evidence = measure.evidence
        assert REPORT[evidence.start : evidence.end] == evidence.text
        assert evidence.start <= measure.value.start < measure.value.end <= evidence.end
        assert len(evidence.text) <= 120
        assert 0 <= measure.confidence <= 1


def test_a_name_that_holds_a_number_is_what_the_number_is_about() -> None:
    found = propose("推进年产20万吨铝箔项目建设。", ("年产20万吨铝箔", "Project"))
    assert found["20万吨"].subject == "年产20万吨铝箔"


def test_the_year_of_founding_is_not_the_year_of_its_numbers() -> None:
    found = propose(
        "晨光药业\n该公司成立于1998年5月,注册资金5000万元,现有员工310人。2020年实现产值1.8亿元。\n",
        ("晨光药业", "Enterprise"),
    )
    assert found["5000万元"].period == ""
    assert found["1.8亿元"].period == "2020"


@pytest.mark.parametrize("text", ["", "。", "English only, 25 percent.", "\ue000\U00020000" * 50, "1" * 5000])
def test_odd_texts_end_in_a_result(text: str) -> None:
    propose(text)


@pytest.mark.parametrize(
    "piece", ["投资1亿元", "2024年", "一、甲\n1个", "两个", "甲方成立于2020年,产值1亿元,"]
)
def test_time_is_linear_in_hostile_text(piece: str) -> None:
    seconds = []
    for size in (4_000, 32_000):
        document = make_document(Record(id="t"), piece * (size // len(piece)))
        begin = time.process_time()
        run(document)
        seconds.append(time.process_time() - begin)
    assert seconds[1] < max(0.3, seconds[0] * 24)


def run(document: Document) -> None:
    propose_measures(document, find_quantities(document), find_periods(document), ())
