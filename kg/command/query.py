"""`kg query`: a named question, a file or an inline query, answered from the built store."""

from pathlib import Path

import click

from kg.errors import KgError, QueryInvalidError
from kg.graph.answer import FORMATS, format_answer, read_answer
from kg.graph.query import Answer, check_query, declare_prefixes, run_query
from kg.graph.question import (
    Question,
    fill_question,
    find_question,
    list_questions,
    read_columns,
    read_question,
)
from kg.graph.store import open_store
from kg.language import say


@click.command("query")
@click.argument("question", required=False)
@click.option("-e", "--execute", "inline", metavar="QUERY", help="The query itself. 直接写查询。")
@click.option("--list", "listing", is_flag=True, help="List the named questions. 列出全部问题。")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Set a parameter. 设参数。")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
@click.option(
    "--data",
    "data",
    type=click.Path(path_type=Path),
    help="Not needed: --out has the store. 不必给。",
)
@click.option(
    "--out", "out", type=click.Path(path_type=Path), default=Path("build"), show_default=True,
    help="Where kg build wrote. kg build 的输出文件夹。",
)  # fmt: skip
@click.option(
    "--timeout", type=click.FloatRange(min=0.1), default=60.0, show_default=True, help="Seconds. 秒。"
)
@click.option(
    "--endpoint", metavar="URL", help="Ask another SPARQL server instead. 改问另一个 SPARQL 服务器。"
)
@click.option("--max-rows", type=click.IntRange(min=1), default=100_000, show_default=True)
def query_command(
    question: str | None,
    inline: str | None,
    listing: bool,
    settings: tuple[str, ...],
    form: str,
    data: Path | None,
    out: Path,
    timeout: float,
    endpoint: str | None,
    max_rows: int,
) -> None:
    """Ask the graph: QUESTION is a named question (--list) or a file with SPARQL.

    向图提问:QUESTION 是问题名(--list 列出)或 SPARQL 文件;也可以用 -e 直接写查询。
    """
    if listing:
        click.echo(format_listing(list_questions()), nl=False)
        return
    chosen = _choose_question(question, inline)
    text = fill_question(chosen, dict(_read_setting(setting) for setting in settings))
    where = question if question and Path(question).is_file() else chosen.name
    if endpoint:
        answer = _ask_server(endpoint, text, timeout)
    else:
        answer = run_query(
            open_store(out / "store"), text, max_seconds=timeout, max_rows=max_rows, where=where
        )
    if form == "table" and chosen.title:
        click.echo(chosen.title)
    click.echo(format_answer(answer, form, read_columns()), nl=False)


def _ask_server(url: str, query: str, seconds: float) -> Answer:
    from kg.graph.client import query_endpoint  # nothing else here speaks to a server

    check_query(query)
    accept = "application/sparql-results+json, application/n-triples;q=0.9"
    return read_answer(*query_endpoint(url, declare_prefixes(query), accept, seconds=seconds))


def _choose_question(name: str | None, inline: str | None) -> Question:
    if (name is None) == (inline is None):
        raise QueryInvalidError(
            "请给出一个问题名、一个文件,或用 -e 写查询(三者之一)。全部问题见 kg query --list。",
            "give one: a question's name (kg query --list), a file, or a query with -e.",
        )
    if inline is not None:
        return Question(name="-e", zh="", en="", ids=(), notes=(), parameters={}, text=inline)
    path = Path(name or "")
    if path.is_file():
        try:
            return read_question(path)
        except (OSError, UnicodeDecodeError) as error:
            raise QueryInvalidError(
                "读不了这个查询文件,应是 UTF-8 文本。", "cannot read this query file (UTF-8 text is needed).",
                where=str(path),
            ) from error  # fmt: skip
    return find_question(name or "")


def _read_setting(setting: str) -> tuple[str, str]:
    name, mark, value = setting.partition("=")
    if not mark:
        raise KgError(
            f"--set 要写成 名称=值,而不是“{setting}”。", f"--set needs NAME=VALUE, not '{setting}'."
        )
    return name, value


def format_listing(questions: tuple[Question, ...]) -> str:
    """Write one line a question: name, title, parameters."""
    width = max((len(question.name) for question in questions), default=0)
    lines = []
    for question in questions:
        parameters = "".join(f" [--set {name}=…]" for name in question.parameters)
        lines.append(f"{question.name:<{width}}  {question.title}{parameters}\n")
    return "".join(lines) + say(f"({len(questions)} 个问题)\n", f"({len(questions)} questions)\n")
