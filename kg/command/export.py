"""`kg export`: the graph or its tables in another form."""

from pathlib import Path

import click

from kg.command.option import data_option
from kg.errors import KgError
from kg.language import say

_TABLES = ("csv", "xlsx")


@click.command("export")
@click.argument("target", type=click.Path(path_type=Path))
@data_option
def export_command(target: Path, data_path: Path | None) -> None:
    """Write the knowledge to TARGET; its ending says how.

    .nt .ttl .rdf .jsonld .trig a graph · .xlsx one workbook · .csv four tables beside each other.

    按后缀导出:图(nt ttl rdf jsonld trig)、工作簿(xlsx)或四个 csv。
    """
    from kg.pipeline import read_knowledge

    knowledge = read_knowledge(data_path)
    form = target.suffix.removeprefix(".").lower()
    if form in _TABLES:
        from kg.view.table import write_tables

        written = write_tables(knowledge, target.parent)
        click.echo("\n".join(str(path) for path in written if path.suffix == f".{form}"))
        return
    from kg.graph.export import FORMATS, export_graph
    from kg.graph.rdf import build_graph

    if form not in FORMATS:
        known = " ".join(f".{name}" for name in (*FORMATS, *_TABLES))
        raise KgError(
            f"不认识的后缀「{target.suffix}」,可用:{known}",
            f"unknown ending '{target.suffix}': one of {known}",
        )
    export_graph(build_graph(knowledge), target)
    click.echo(say(f"已写 {target}", f"Wrote {target}"))
