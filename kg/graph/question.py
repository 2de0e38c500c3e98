"""Named questions: the queries under `ontology/queries`, each with a header in both languages.

# zh: 哪些企业是某产业的龙头?
# en: Which enterprises lead which industry?
# id: CQ15                      (numbers of a list of questions that it answers)
# note: more about it           (as many lines as needed)
# param: name 产业名称,留空为全部    (its value stands in `VALUES ?name { "" }`)
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.errors import NameUnknownError, QueryInvalidError
from kg.graph.ontology import find_ontology
from kg.language import is_chinese, say

_HEADER = re.compile(r"#\s*(zh|en|id|note|param):\s*(.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A query with its name, titles and parameters (name to meaning)."""

    name: str
    zh: str
    en: str
    ids: tuple[str, ...]
    notes: tuple[str, ...]
    parameters: Mapping[str, str]
    text: str

    @property
    def title(self) -> str:
        return say(self.zh, self.en)


def read_question(path: Path) -> Question:
    """Read a query file; a file without header is a question without titles."""
    text = path.read_text("utf-8")
    found: dict[str, list[str]] = {"zh": [], "en": [], "id": [], "note": [], "param": []}
    for line in text.split("\n"):
        if not line.startswith("#"):
            break
        if match := _HEADER.fullmatch(line.rstrip()):
            found[match[1]].append(match[2].strip())
    parameters = {line.split()[0]: " ".join(line.split()[1:]) for line in found["param"]}
    return Question(
        name=path.stem,
        zh=" ".join(found["zh"]),
        en=" ".join(found["en"]),
        ids=tuple(" ".join(found["id"]).split()),
        notes=tuple(found["note"]),
        parameters=parameters,
        text=text,
    )


def list_questions(path: Path | None = None) -> tuple[Question, ...]:
    """List the named questions, by name."""
    folder = path or find_ontology() / "queries"
    return tuple(read_question(file) for file in sorted(folder.glob("*.rq")))


def find_question(name: str, path: Path | None = None) -> Question:
    """Find a named question by its name or one of its numbers, or say which names are near."""
    from rapidfuzz import process  # only a wrong name needs it

    questions = list_questions(path)
    for question in questions:
        if name == question.name or name.upper() in question.ids:
            return question
    near = [
        match[0] for match in process.extract(name, [q.name for q in questions], limit=3, score_cutoff=50)
    ]
    hint_zh = f"是不是:{'、'.join(near)}?" if near else ""
    hint_en = f"Did you mean: {', '.join(near)}? " if near else ""
    raise NameUnknownError(
        f"没有叫“{name}”的问题或查询文件。{hint_zh}全部问题见 kg query --list。",
        f"there is no question or query file '{name}'. {hint_en}kg query --list shows all.",
    )


def fill_question(question: Question, values: Mapping[str, str]) -> str:
    """Put values for parameters into the query text; each becomes a string, never SPARQL."""
    text = question.text
    for name, value in values.items():
        pattern = re.compile(rf"(VALUES\s+\?{re.escape(name)}\s*\{{)[^}}]*(\}})")
        if name not in question.parameters or not pattern.search(text):
            known = "、".join(question.parameters) or say("无", "none")
            raise QueryInvalidError(
                f"问题 {question.name} 没有参数 {name}(有:{known})。",
                f"question {question.name} has no parameter {name} (it has: {known}).",
            )
        literal = _quote(value)
        text = pattern.sub(lambda match, literal=literal: f"{match[1]} {literal} {match[2]}", text, count=1)  # type: ignore[misc]
    return text


def _quote(value: str) -> str:
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return '"' + "".join(escapes.get(char, char) for char in value) + '"'


def read_columns(path: Path | None = None) -> dict[str, str]:
    """Read the headings of the questions' variables in the language of the person."""
    file = (path or find_ontology() / "queries") / "columns.tsv"
    place = 1 if is_chinese() else 2
    rows = [line.split("\t") for line in file.read_text("utf-8").splitlines() if line and line[0] != "#"]
    return {row[0]: row[place] for row in rows}
