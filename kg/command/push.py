"""`kg push`: the built graph into a graph store elsewhere."""

import os
from pathlib import Path

import click

from kg.command.option import data_option, out_option
from kg.errors import GraphInvalidError
from kg.graph.client import push_graph
from kg.language import say


@click.command("push")
@click.argument("url")
@click.option("--graph", default="", metavar="IRI", help="Named graph; else the default one. 图的 IRI。")
@click.option("--add", is_flag=True, help="Add to the graph instead of replacing it. 添加而不替换。")
@click.option("--user", default="", help="User name; the password is KG_PASSWORD or asked. 用户名。")
@click.option("--token", envvar="KG_TOKEN", default="", help="Bearer token (or KG_TOKEN). 令牌。")
@click.option("--timeout", type=click.FloatRange(min=1), default=600.0, show_default=True, help="秒。")
@data_option
@out_option
def push_command(
    url: str,
    graph: str,
    add: bool,
    user: str,
    token: str,
    timeout: float,
    data_path: Path | None,
    out_path: Path,
) -> None:
    """Send build/graph.nt to the SPARQL 1.1 Graph Store endpoint URL.

    把图送到别的图数据库(Graph Store 协议)。
    """
    del data_path  # what is sent is what kg build wrote; the option is there for all commands
    path = out_path / "graph.nt"
    if not path.is_file():
        raise GraphInvalidError(
            "还没有图。请先运行 kg build。", "there is no graph yet. Run kg build first.", where=str(path)
        )
    login = None
    if user:
        secret = os.environ.get("KG_PASSWORD")
        if secret is None:
            secret = click.prompt(say("密码", "Password"), hide_input=True, err=True)
        login = (user, secret)
    status = push_graph(url, path, graph=graph, replace=not add, seconds=timeout, user=login, token=token)
    click.echo(say(f"已送达({status})。", f"Sent ({status})."))
