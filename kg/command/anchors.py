"""`kg anchors`: which enterprises anchor which industries."""

import json
from pathlib import Path

import click

from kg.command.option import data_option
from kg.command.words import flatten, format_columns, name_modality
from kg.language import say
from kg.model import KnowledgeBase
from kg.network import Industry


@click.command("anchors")
@click.option("--industry", default="", help="Only industries whose name contains this. 只看某产业。")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@data_option
def anchors_command(industry: str, form: str, data_path: Path | None) -> None:
    """Print for each industry the enterprises that anchor it: role, words, sentence.

    每个产业由哪些企业带动:角色、依据、原句。
    """
    from kg.pipeline import find_anchors, read_knowledge

    industries = tuple(i for i in find_anchors(read_knowledge(data_path)) if industry in i.entity.label)
    if form == "json":
        click.echo(json.dumps([as_record(i) for i in industries], ensure_ascii=False, indent=2))
    else:
        click.echo(format_industries(industries))


def format_anchors(knowledge: KnowledgeBase) -> str:
    """Print the table of anchors of a knowledge base."""
    from kg.pipeline import find_anchors

    return format_industries(find_anchors(knowledge))


def format_industries(industries: tuple[Industry, ...]) -> str:
    """Lay out one line an anchor statement."""
    header = say("产业 企业 角色 依据 说法 原文", "industry anchor role words modality text").split()
    rows = []
    for industry in industries:
        for anchor in industry.anchors:
            for statement in anchor.statements:
                quote = statement.evidence[0].text if statement.evidence else ""
                rows.append(
                    (
                        industry.entity.label,
                        anchor.entity.label,
                        _role(statement.basis),
                        statement.basis,
                        name_modality(statement.modality),
                        quote,
                    )
                )
    if not rows:
        return say("没有带动关系(anchors)。", "No anchors are stated.")
    return format_columns(header, rows)


def _role(basis: str) -> str:
    from kg.pipeline import name_role

    return name_role(basis) or "—"


def as_record(industry: Industry) -> dict[str, object]:
    """Give an industry and its anchors as plain data."""
    return {
        "industry": industry.entity.label,
        "key": industry.entity.key,
        "members": industry.members,
        "anchors": [
            {
                "name": anchor.entity.label,
                "key": anchor.entity.key,
                "types": list(anchor.entity.types),
                "roles": list(anchor.roles),
                "score": anchor.score,
                "statements": [
                    {
                        "basis": s.basis,
                        "modality": s.modality,
                        "period": s.period,
                        "evidence": [
                            {"document": e.document, "start": e.start, "end": e.end, "text": flatten(e.text)}
                            for e in s.evidence
                        ],
                    }
                    for s in anchor.statements
                ],
            }
            for anchor in industry.anchors
        ],
    }
