"""`kg review`: where hand-checking stands, what breaks a rule, how far two readings agree, the page."""

import json
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.command.option import data_option
from kg.command.review_exchange import export_command, import_command
from kg.command.review_settle import settle_command
from kg.command.review_sync import sync_command
from kg.command.words import flatten, format_columns
from kg.errors import KgError, NameUnknownError, TableInvalidError
from kg.language import say
from kg.model import Document, Proposal
from kg.review.agreement import Agreement, compare_reviews
from kg.review.status import Status, summarise_review
from kg.review.table import read_review, review_path, write_review
from kg.source import read_documents

if TYPE_CHECKING:
    from kg.review.page.server import Office


@click.group("review", context_settings={"help_option_names": ["-h", "--help"]})
def review_command() -> None:
    """Check proposals by hand: the page, its state, its rules, its memory.

    人工核对:核对页、进度、规则、记忆。
    """


for part in (settle_command, sync_command, export_command, import_command):
    review_command.add_command(part)


def choose_documents(data_path: Path, name: str | None) -> tuple[Document, ...]:
    """Read the document of an id, or all."""
    documents = read_documents(data_path)
    if name is None:
        return documents
    found = tuple(document for document in documents if document.id == name)
    if not found:
        known = "、".join(document.id for document in documents) or "—"
        raise NameUnknownError(
            f"没有编号为 {name} 的文档。现有:{known}", f"no document has the id {name}. There are: {known}"
        )
    return found


def try_propose(document: Document, data_path: Path) -> Proposal | None:
    """Propose, or tell that this installation cannot (the extraction is not there)."""
    from kg.pipeline import propose

    try:
        return propose(document, data=str(data_path))
    except ImportError:
        return None


# ---------------------------------------------------------------- open


@review_command.command("open")
@click.argument("document", required=False)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0: any free (default). 端口。")
@click.option("--no-browser", is_flag=True, help="Only print the address. 只打印地址,不打开浏览器。")
@click.option("--reviewer", default="", help="Your name in the tables (or KG_REVIEWER). 核对人。")
@click.option(
    "--models", "models_path", type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Models that kg train wrote. kg train 写的模型。",
)  # fmt: skip
@data_option
def open_command(
    document: str | None,
    port: int,
    no_browser: bool,
    reviewer: str,
    models_path: Path | None,
    data_path: Path | None,
) -> None:
    """Open the review page of DOCUMENT, or the list of documents, on this machine alone.

    打开核对页。每次按键即存盘;Ctrl-C 结束。
    """
    from kg.command.desk import make_desk, make_office, name_reviewer, require_own_folder
    from kg.command.serve import open_listener
    from kg.learning import open_learnt
    from kg.pipeline import choose_data, packaged_data

    data = choose_data(data_path)
    documents = read_documents(data)
    chosen = choose_documents(data, document)
    require_own_folder(data, packaged_data())
    models = str(models_path.resolve()) if models_path else ""
    if models:
        open_learnt(models)
    listener = open_listener("127.0.0.1", port)
    office = make_office(make_desk(data, documents, reviewer or name_reviewer(), models=models), documents)
    if document is not None:
        click.echo(say("正在抽取提议……", "Proposing …"), err=True)
        office.board(chosen[0].id)
    serve_office(office, listener, data, document, no_browser)


def serve_office(
    office: "Office", listener: socket.socket, data: Path, document: str | None, no_browser: bool
) -> None:
    """Serve the review page until Ctrl-C: prints its address, opens the browser."""
    import secrets
    import threading
    import webbrowser

    import uvicorn

    from kg.language import is_chinese
    from kg.review.page.server import make_app

    token = secrets.token_urlsafe(24)
    path = f"d/{document}" if document is not None else ""
    address = f"http://127.0.0.1:{listener.getsockname()[1]}/{path}?token={token}"
    click.echo(say(f"核对页 {address}", f"Review page {address}"))
    click.echo(say("按 Ctrl-C 结束。", "Stop with Ctrl-C."), err=True)
    if not no_browser:
        threading.Timer(0.5, webbrowser.open, [address]).start()
    app = make_app(office, token, language="zh" if is_chinese() else "en", folder=str(data))
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        server_header=False,
        date_header=False,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=2,
    )
    uvicorn.Server(config).run(sockets=[listener])


# ---------------------------------------------------------------- status


@review_command.command("status")
@click.argument("document", required=False)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--no-proposals", is_flag=True, help="Don't run the extraction. 不运行抽取。")
@data_option
def status_command(document: str | None, form: str, no_proposals: bool, data_path: Path | None) -> None:
    """Count verdicts, reasons, numbers accounted for, and what became of the proposals.

    核对进度:判断、否定理由、数字核销、提议与判断的对照。
    """
    from kg.mention.expression import find_numbers
    from kg.pipeline import choose_data

    data = choose_data(data_path)
    states = []
    for one in choose_documents(data, document):
        review = read_review(review_path(data, one.id), one.id)
        proposal = None if no_proposals else try_propose(one, data)
        states.append(summarise_review(one, review, find_numbers(one.text), proposal))
    if form == "json":
        click.echo(json.dumps([state_record(state) for state in states], ensure_ascii=False, indent=2))
    else:
        click.echo("\n\n".join(describe_status(state) for state in states))


def state_record(state: Status) -> dict[str, object]:
    """Give a status as plain data."""

    def nest(counts: dict[tuple[str, str], int]) -> dict[str, dict[str, int]]:
        nested: dict[str, dict[str, int]] = {}
        for (outer, inner), count in counts.items():
            nested.setdefault(outer, {})[inner] = count
        return nested

    return {
        "document": state.document,
        "finished": state.is_finished,
        "verdicts": nest(state.verdicts),
        "kinds": nest(state.kinds),
        "reasons": nest(state.reasons),
        "numbers": {"all": state.numbers, "open": [s.text for s in state.open_numbers]},
        "proposals": nest(state.proposals) if state.proposed else None,
        "unproposed": state.unproposed if state.proposed else None,
    }


_TABLES = {
    "entities": ("实体", "entities"),
    "relations": ("关系", "relations"),
    "measures": ("数字", "measures"),
}
_OUTCOMES = {
    "accept": ("接受", "accepted"),
    "reject": ("否定", "rejected"),
    "unsure": ("存疑", "unsure"),
    "open": ("未定", "open"),
}


def describe_status(state: Status) -> str:
    """Put a status into lines."""
    done = say("已完成", "finished") if state.is_finished else say("未完成", "not finished")
    lines = [f"{state.document}  {done}"]
    rows = []
    for table, names in _TABLES.items():
        counts = [state.verdicts.get((table, verdict), 0) for verdict in ("accept", "reject", "unsure")]
        kinds = "  ".join(f"{kind} {n}" for (t, kind), n in state.kinds.items() if t == table)
        rows.append((say(*names), *map(str, counts), kinds))
    header = say("表 接受 否定 存疑 类别", "table accepted rejected unsure kinds").split()
    lines.append(format_columns(header, rows))
    reasons = "  ".join(f"{say(*_TABLES[table])}·{code} {n}" for (table, code), n in state.reasons.items())
    lines.append(say("否定理由:", "Reasons of rejections: ") + (reasons or "—"))
    missing = len(state.open_numbers)
    lines.append(
        say("数字核销:", "Numbers accounted for: ")
        + f"{state.numbers - missing} / {state.numbers}"
        + "".join(f"\n  {span.start}:{span.end} {flatten(span.text)}" for span in state.open_numbers)
    )
    if state.proposed:
        rows = [
            (
                say(*names),
                *(str(state.proposals.get((table, outcome), 0)) for outcome in _OUTCOMES),
                str(state.unproposed.get(table, 0)),
            )
            for table, names in _TABLES.items()
        ]
        header = say(
            "机器提议 已接受 已否定 存疑 未定 人工所加",
            "proposed accepted rejected unsure open added-by-hand",
        ).split()
        lines.append(format_columns(header, rows))
    return "\n".join(lines)


# ---------------------------------------------------------------- lint


@review_command.command("lint")
@click.argument("document", required=False)
@click.option("--fix", is_flag=True, help="Mend order and form. 整理次序与格式。")
@data_option
def lint_command(document: str | None, fix: bool, data_path: Path | None) -> None:
    """List every row that breaks a rule, with file and line; --fix mends order and form.

    逐行检查核对表。有问题时退出码为 1。
    """
    from kg.pipeline import choose_data, review_terms
    from kg.review.lint import find_disorder, lint_folder

    data = choose_data(data_path)
    findings: list[KgError] = []
    mended = 0
    for one in choose_documents(data, document):
        folder = review_path(data, one.id)
        for place in (folder, *sorted(path for path in (folder / "readings").glob("*") if path.is_dir())):
            found = lint_folder(place, one, review_terms())
            disorder = find_disorder(place, one) if not _is_unreadable(found) else ()
            if fix and disorder:
                write_review(place, read_review(place, one.id), one)
                mended += len(disorder)
                disorder = ()
                found = lint_folder(place, one, review_terms())
            findings += [*found, *disorder]
    for finding in findings:
        click.echo(str(finding), err=True)
    if mended:
        click.echo(say(f"已整理 {mended} 张表。", f"Mended {mended} tables."))
    if findings:
        click.echo(say(f"{len(findings)} 处问题。", f"{len(findings)} findings."), err=True)
        raise click.exceptions.Exit(1)
    click.echo(say("没有问题。", "No findings."))


def _is_unreadable(findings: tuple[KgError, ...]) -> bool:
    return any(isinstance(finding, TableInvalidError) for finding in findings)


# ---------------------------------------------------------------- agree


@review_command.command("agree")
@click.argument("a", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("b", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--document", "name", help="Document id; else from the folders' path. 文档编号。")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--differences/--no-differences", default=True, help="List the differences. 列出分歧。")
@data_option
def agree_command(
    a: Path, b: Path, name: str | None, form: str, differences: bool, data_path: Path | None
) -> None:
    """Compare the tables of folders A and B, two readings of one document.

    比较两人对同一文档的核对表:F1、Cohen κ、Krippendorff α、分歧清单。
    """
    from kg.pipeline import choose_data

    data = choose_data(data_path)
    document = guess_document(a, b, choose_documents(data, name))
    result = compare_reviews(document, read_review(a, document.id), read_review(b, document.id))
    if form == "json":
        click.echo(json.dumps(agreement_record(result), ensure_ascii=False, indent=2))
    else:
        click.echo(describe_agreement(result, differences))


def guess_document(a: Path, b: Path, documents: tuple[Document, ...]) -> Document:
    """Choose the document whose id is part of a folder's path, or the only one."""
    parts = {*a.resolve().parts, *b.resolve().parts}
    found = [document for document in documents if document.id in parts]
    if len(found) != 1:
        found = list(documents) if len(documents) == 1 else []
    if not found:
        raise NameUnknownError(
            "看不出是哪个文档的核对表。请用 --document 编号 指明。",
            "cannot tell which document these tables are of. Name it with --document ID.",
        )
    return found[0]


def agreement_record(result: Agreement) -> dict[str, object]:
    """Give an agreement as plain data."""
    return {
        "document": result.document,
        "scores": [
            {"name": s.name, "both": s.both, "only_a": s.only_a, "only_b": s.only_b, "f1": round(s.f1, 4)}
            for s in result.scores
        ],
        "judgements": [
            {
                "name": j.name,
                "items": j.items,
                "equal": j.equal,
                "kappa": None if j.kappa is None else round(j.kappa, 4),
                "alpha": None if j.alpha is None else round(j.alpha, 4),
            }
            for j in result.judgements
        ],
        "differences": [
            {"table": d.table, "kind": d.kind, "a": d.a, "b": d.b, "quote": d.quote, "start": d.start}
            for d in result.differences
        ],
    }


def describe_agreement(result: Agreement, differences: bool = True) -> str:
    """Put an agreement into tables and the list of its differences."""
    parts = [
        format_columns(
            say("所比 共有 仅甲 仅乙 F1", "what both only-A only-B F1").split(),
            [(s.name, str(s.both), str(s.only_a), str(s.only_b), f"{s.f1:.3f}") for s in result.scores],
        ),
        format_columns(
            say("字段 共有 相同 κ α", "field common equal kappa alpha").split(),
            [
                (
                    j.name,
                    str(j.items),
                    str(j.equal),
                    *("—" if v is None else f"{v:.3f}" for v in (j.kappa, j.alpha)),
                )
                for j in result.judgements
            ],
        ),
    ]
    if differences:
        lines = [
            flatten(f"[{d.start}] {d.table} {d.kind}: {d.a or '—'} ‖ {d.b or '—'}  「{d.quote}」")
            for d in result.differences
        ]
        parts.append("\n".join([say(f"分歧 {len(lines)} 处:", f"{len(lines)} differences:"), *lines]))
    return "\n\n".join(parts)
