"""`kg show NAME`: everything known of a thing, each fact with its sentence."""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from kg.command.option import data_option
from kg.command.words import describe_evidence, describe_measure, flatten, name_modality
from kg.errors import NameUnknownError
from kg.language import say
from kg.model import Entity, KnowledgeBase, Measure, Statement


@click.command("show")
@click.argument("name")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@data_option
def show_command(name: str, form: str, data_path: Path | None) -> None:
    """Print all that is known of NAME (a name, an alias or an id), with the sentences.

    关于某个名称所知的一切,每条都有原句。
    """
    from kg.pipeline import read_knowledge, relation_labels

    knowledge = read_knowledge(data_path)
    found = find_entities(knowledge, name)
    if form == "json":
        click.echo(json.dumps([as_record(knowledge, e) for e in found], ensure_ascii=False, indent=2))
        return
    labels = relation_labels()
    click.echo("\n\n".join("\n".join(describe_entity(knowledge, e, labels)) for e in found))


def find_entities(knowledge: KnowledgeBase, name: str) -> tuple[Entity, ...]:
    """Find the entities of a name, alias or key, or raise with the most similar names."""
    found = tuple(e for e in knowledge.entities if name in (e.key, e.name, e.label, *e.aliases))
    if found:
        return found
    from rapidfuzz import process

    names = sorted({n for e in knowledge.entities for n in (e.label, *e.aliases)})
    near = [match[0] for match in process.extract(name, names, limit=5, score_cutoff=40)]
    shown = "、".join(near)
    raise NameUnknownError(
        f"没有叫「{name}」的实体。" + (f"相近的有:{shown}" if near else ""),
        f"nothing is called '{name}'." + (f" Similar: {shown}" if near else ""),
    )


def describe_entity(knowledge: KnowledgeBase, entity: Entity, labels: dict[str, str]) -> Iterator[str]:
    """Yield the lines that tell of an entity."""
    names = {e.key: e.label for e in knowledge.entities}
    yield f"{flatten(entity.label)}  [{'|'.join(entity.types)}]  {entity.key}"
    if entity.aliases:
        yield "  " + say("别名:", "Aliases: ") + "、".join(map(flatten, entity.aliases))
    yield "  " + say("出现 %d 处", "%d mentions") % len(entity.mentions)
    for note in entity.notes:
        yield "  " + say("注:", "Note: ") + flatten(note)
    for pair in knowledge.pairs:
        if entity.key in (pair.left, pair.right):
            other = pair.right if pair.left == entity.key else pair.left
            word = {
                "possible": say("可能同一", "possibly same"),
                "different": say("不同于", "different from"),
            }
            yield f"  {word[pair.judgement]}: {names.get(other, other)} ({flatten(pair.note)})"
    for statement in sorted(knowledge.statements, key=_place):
        if entity.key in (statement.subject, statement.object):
            yield from _describe_statement(statement, names, labels)
    for measure in sorted(knowledge.measures, key=_place):
        if measure.subject == entity.key:
            yield f"  • {flatten(describe_measure(measure))}"
            yield from (f"      {describe_evidence(e)}" for e in measure.evidence)
            yield from (f"      {say('注:', 'Note: ')}{flatten(n)}" for n in measure.notes)


def _place(fact: Statement | Measure) -> tuple[str, int]:
    return min(((e.document, e.start) for e in fact.evidence), default=("", 0))


def _describe_statement(statement: Statement, names: dict[str, str], labels: dict[str, str]) -> Iterator[str]:
    subject = names.get(statement.subject, statement.subject_text)
    object_ = names.get(statement.object, statement.object_text)
    words = [name_modality(statement.modality)]
    if statement.basis:
        words.append(say(f"依据:{statement.basis}", f"words: {statement.basis}"))
    if statement.period:
        words.append(statement.period)
    relation = labels.get(statement.predicate, statement.predicate)
    yield flatten(f"  • {subject} —{relation}→ {object_}  ({' · '.join(words)})")
    yield from (f"      {describe_evidence(e)}" for e in statement.evidence)
    yield from (f"      {say('注:', 'Note: ')}{flatten(n)}" for n in statement.notes)


def as_record(knowledge: KnowledgeBase, entity: Entity) -> dict[str, object]:
    """Give an entity and its facts as plain data."""
    names = {e.key: e.label for e in knowledge.entities}
    return {
        "key": entity.key,
        "label": entity.label,
        "types": list(entity.types),
        "aliases": list(entity.aliases),
        "statements": [
            {
                "subject": names.get(s.subject, s.subject_text),
                "predicate": s.predicate,
                "object": names.get(s.object, s.object_text),
                "basis": s.basis,
                "modality": s.modality,
                "period": s.period,
                "evidence": [e.text for e in s.evidence],
            }
            for s in knowledge.statements
            if entity.key in (s.subject, s.object)
        ],
        "measures": [
            {
                "indicator": m.indicator,
                "value": m.value_text,
                "low": None if m.low is None else float(m.low),
                "high": None if m.high is None else float(m.high),
                "unit": m.unit,
                "comparator": m.comparator,
                "modality": m.modality,
                "period": m.period,
                "evidence": [e.text for e in m.evidence],
            }
            for m in knowledge.measures
            if m.subject == entity.key
        ],
    }
