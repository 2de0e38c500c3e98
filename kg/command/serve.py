"""`kg serve`: the explorer and the SPARQL endpoint on this machine."""

import os
import secrets
import socket
from dataclasses import replace
from pathlib import Path

import click

from kg.command.option import data_option, out_option
from kg.errors import KgError
from kg.graph.server.guard import LOOPBACK, is_address
from kg.graph.server.limit import Limits
from kg.graph.store import read_generation
from kg.language import say


@click.command("serve")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=7700, show_default=True, help="0: any free. 端口。"
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on. 监听地址。")
@click.option(
    "--allow-host", "names", multiple=True, metavar="NAME", help="Also answer to this name. 允许的主机名。"
)
@click.option(
    "--allow-update", is_flag=True, help="Let whoever has the token change the graph. 允许凭令牌更改。"
)
@click.option(
    "--token", envvar="KG_TOKEN", default="", help="The token (or KG_TOKEN); else one is made. 令牌。"
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0.1, max=3600),
    default=30.0,
    show_default=True,
    help="Seconds for one query. 每个查询的秒数。",
)
@click.option(
    "--max-rows", type=click.IntRange(min=1), default=100_000, show_default=True, help="Rows. 行数上限。"
)
@data_option
@out_option
def serve_command(
    port: int,
    host: str,
    names: tuple[str, ...],
    allow_update: bool,
    token: str,
    timeout: float,
    max_rows: int,
    data_path: Path | None,
    out_path: Path,
) -> None:
    """Serve the built graph: / is the explorer, /sparql the endpoint and its query page.

    打开图谱页面与查询服务:/ 是图谱,/sparql 是 SPARQL 端点与查询页。
    """
    import uvicorn

    from kg.graph.server.app import make_app

    del data_path  # what is served is what kg build wrote; the option is there for all commands
    if allow_update and not token:
        token = secrets.token_urlsafe(24)
    if read_generation(out_path / "store") is None:
        click.echo(say("还没有图,请先运行 kg build。", "There is no graph yet: run kg build."), err=True)
    is_wildcard = host in ("0.0.0.0", "::", "")
    own = () if is_wildcard or host in LOOPBACK else (host,)
    app = make_app(
        out_path / "store",
        out_path / "graph.html",
        hosts=(*LOOPBACK, *own, *names),
        any_address=is_wildcard or (is_address(host) and host not in LOOPBACK),
        token=token if allow_update else None,
        limits=replace(Limits(), query_seconds=timeout, rows=max_rows),
    )
    listener = open_listener(host, port)
    _announce(listener, is_wildcard, token if allow_update else "")
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        h11_max_incomplete_event_size=64 << 10,
        limit_concurrency=1000,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=2,
        server_header=False,
        date_header=False,
        access_log=False,
        log_level="warning",
    )
    uvicorn.Server(config).run(sockets=[listener])


def open_listener(host: str, port: int) -> socket.socket:
    """Listen on an address, or say why not."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(256)
    except OSError as error:
        listener.close()
        raise KgError(
            f"不能在 {host}:{port} 上监听({error.strerror})。请用 --port 换一个端口。",
            f"cannot listen on {host}:{port} ({error.strerror}). Choose another --port.",
        ) from error
    return listener


def _announce(listener: socket.socket, is_wildcard: bool, token: str) -> None:
    host, port = listener.getsockname()[:2]
    shown = "127.0.0.1" if is_wildcard else f"[{host}]" if ":" in host else host
    base = f"http://{shown}:{port}/"
    click.echo(say(f"图谱 {base}", f"Explorer {base}"))
    click.echo(say(f"查询 {base}sparql", f"Queries  {base}sparql"))
    if token:
        click.echo(say(f"更改所需的令牌 {token}", f"Token for changes: {token}"))
    if host not in LOOPBACK:
        click.echo(
            say("注意:同一网络里的其他人也能查询。", "Note: others on the same network can ask it too."),
            err=True,
        )
    click.echo(say("按 Ctrl+C 停止。", "Ctrl+C stops it."))
