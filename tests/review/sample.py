"""A small document of our own, with proposals as an extractor would make them."""

import re
from decimal import Decimal
from pathlib import Path

from kg.model import (
    Document,
    EntityCandidate,
    EntityVerdict,
    MeasureCandidate,
    MeasureVerdict,
    Mention,
    Proposal,
    Record,
    RelationCandidate,
    RelationVerdict,
    Review,
    Span,
)
from kg.source import add_document, make_document, make_folder

TEXT = """临川开发区2025年工作要点

一、产业
今年,以云岭机械、天穗农业为龙头的装备制造产业加快壮大。云岭机械年产值达到12.5亿元。
二、项目
明年建设松山冷链物流园,总投资3亿元,占地200亩以上。天穗农业二期项目力争新增产值5亿元。
"""
RECORD = Record(id="linchuan-2025", title="临川开发区2025年工作要点", issued="2025-02-10", place="临川开发区")


def sample_document(text: str = TEXT) -> Document:
    """Make the document."""
    return make_document(RECORD, text)


def find_numbers(text: str) -> tuple[Span, ...]:
    """Find digits with their unit: enough for this text."""
    pattern = r"\d+(?:\.\d+)?(?:亿元|亩以上|亩|年)"
    return tuple(Span(start=m.start(), end=m.end(), text=m.group()) for m in re.finditer(pattern, text))


def span_of(text: str, words: str) -> Span:
    """Find words that stand once."""
    start = text.index(words)
    return Span(start=start, end=start + len(words), text=words)


def propose(document: Document) -> Proposal:
    """Propose what an extractor would: four entities, two relations, three measures."""
    text = document.text
    entities = []
    for kind, name, sure in (
        ("Enterprise", "云岭机械", 0.95),
        ("Enterprise", "天穗农业", 0.93),
        ("Industry", "装备制造产业", 0.9),
        ("Park", "松山冷链物流园", 0.88),
    ):
        mentions = tuple(
            Mention(start=m.start(), end=m.end(), text=name, type=kind, confidence=sure)
            for m in re.finditer(re.escape(name), text)
        )
        if mentions:
            entities.append(EntityCandidate(type=kind, name=name, mentions=mentions, confidence=sure))
    anchor = "以云岭机械、天穗农业为龙头的装备制造产业"
    relations = [
        RelationCandidate(
            type="anchors", subject=name, object="装备制造产业", basis="龙头", modality="actual",
            evidence=span_of(text, anchor), confidence=0.94,
        )
        for name in ("云岭机械", "天穗农业")
        if anchor in text
    ]  # fmt: skip
    years = {anchor.year for anchor in document.anchors} or {2025}
    this_year = str(max(years))
    measures = []
    for subject, indicator, value, amount, unit, modality, quote in (
        ("云岭机械", "年产值", "12.5亿元", 1_250_000_000, "CNY", "actual", "云岭机械年产值达到12.5亿元"),
        ("松山冷链物流园", "总投资", "3亿元", 300_000_000, "CNY", "planned", "总投资3亿元"),
        ("松山冷链物流园", "占地", "200亩以上", 200, "亩", "planned", "占地200亩以上"),
    ):
        if quote in text:
            evidence = span_of(text, quote)
            start = evidence.start + quote.index(value)
            above = value.endswith("以上")
            measures.append(
                MeasureCandidate(
                    subject=subject, indicator=indicator, low=Decimal(amount),
                    high=None if above else Decimal(amount), unit=unit, comparator="ge" if above else "eq",
                    modality=modality, period=this_year if modality == "actual" else "",
                    value=Span(start=start, end=start + len(value), text=value), evidence=evidence,
                    confidence=0.9,
                )
            )  # fmt: skip
    return Proposal(
        document=document, entities=tuple(entities), relations=tuple(relations), measures=tuple(measures)
    )


def sample_review() -> Review:
    """Give verdicts on part of the document."""
    who = {"reviewer": "甲", "reviewed": "2025-03-01"}
    anchor = "以云岭机械、天穗农业为龙头的装备制造产业"
    return Review(
        document=RECORD.id,
        entities=tuple(
            EntityVerdict(verdict="accept", type=kind, name=name, quote=anchor, **who)
            for kind, name in (
                ("Enterprise", "云岭机械"),
                ("Enterprise", "天穗农业"),
                ("Industry", "装备制造产业"),
            )
        ),
        relations=(
            RelationVerdict(
                verdict="accept", relation="anchors", subject="云岭机械", object="装备制造产业",
                basis="龙头", modality="actual", quote=anchor, **who,
            ),
        ),
        measures=(
            MeasureVerdict(
                verdict="accept", subject="云岭机械", indicator="年产值", value="12.5亿元",
                low=Decimal(1_250_000_000), high=Decimal(1_250_000_000), unit="CNY", comparator="eq",
                modality="actual", period="2025", quote="云岭机械年产值达到12.5亿元", **who,
            ),
            MeasureVerdict(
                verdict="reject", subject="", indicator="", value="2025年", quote="2025年",
                note="other: 年份", **who,
            ),
        ),
    )  # fmt: skip


def make_data(path: Path, text: str = TEXT) -> Path:
    """Make a data folder that holds the document alone."""
    make_folder(path)
    add_document(path, RECORD, text)
    return path
