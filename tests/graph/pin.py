"""Pin the answers of the named questions on the packaged data: `python -m tests.graph.pin`.

The answers lie in `tests/graph/answers`, one table a question, without the columns that only
repeat the evidence. Read the diff before committing it: each line is an answer that changed.
"""

from pathlib import Path

from pyoxigraph import Store

from kg.graph.answer import write_cell
from kg.graph.query import run_query
from kg.graph.question import Question, list_questions
from kg.graph.rdf import build_graph
from kg.graph.shape import load_memory
from kg.pipeline import packaged_data, read_knowledge

ANSWERS = Path(__file__).parent / "answers"
UNPINNED = frozenset({"quote", "firm_quote", "project_quote", "note", "basis"})


def write_answer(store: Store, question: Question) -> str:
    """Write the answer of a question as it is pinned."""
    answer = run_query(store, question.text, where=question.name)
    places = [place for place, name in enumerate(answer.variables) if name not in UNPINNED]
    rows = [[answer.variables[place] for place in places]]
    rows += [[write_cell(row[place]) for place in places] for row in answer.rows]
    return "".join("\t".join(row) + "\n" for row in rows)


def main() -> None:
    store = load_memory(build_graph(read_knowledge(packaged_data())))
    ANSWERS.mkdir(exist_ok=True)
    questions = list_questions()
    for old in set(ANSWERS.glob("*.tsv")) - {ANSWERS / f"{question.name}.tsv" for question in questions}:
        old.unlink()
    for question in questions:
        (ANSWERS / f"{question.name}.tsv").write_text(
            write_answer(store, question), encoding="utf-8", newline="\n"
        )


if __name__ == "__main__":
    main()
