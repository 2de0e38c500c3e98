"""The command line: `kg COMMAND`. Each command lives in `kg/command/`, imported when it is called."""

import importlib
import io
import os
import sys
from collections.abc import Mapping

import click

from kg import __version__
from kg.errors import KgError
from kg.language import say

# name → module and object; the order is that of the work, and of `kg --help`.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "init": ("kg.command.folder", "init_command"),
    "add": ("kg.command.folder", "add_command"),
    "extract": ("kg.command.extract", "extract_command"),
    "review": ("kg.command.review", "review_command"),
    "build": ("kg.command.build", "build_command"),
    "check": ("kg.command.check", "check_command"),
    "query": ("kg.command.query", "query_command"),
    "anchors": ("kg.command.anchors", "anchors_command"),
    "show": ("kg.command.show", "show_command"),
    "page": ("kg.command.build", "page_command"),
    "serve": ("kg.command.serve", "serve_command"),
    "export": ("kg.command.export", "export_command"),
    "push": ("kg.command.push", "push_command"),
    "train": ("kg.command.train", "train_command"),
    "evaluate": ("kg.command.evaluate", "evaluate_command"),
}


class LazyGroup(click.Group):
    """A group that imports a command only when it is called or listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="kg")
def kg() -> None:
    """Lianzhu 链主: from Chinese government documents to a hand-checked knowledge graph.

    从地方政府与开发区文件到人工核对的知识图谱:项目、企业、园区、产业链,每条事实都有原句。
    """


def prepare_streams() -> None:
    """Let no output fail: files and pipes get UTF-8, a console what it can show."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            if stream.isatty():
                stream.reconfigure(errors="replace")
            else:
                stream.reconfigure(encoding=os.environ.get("PYTHONIOENCODING") or "utf-8", errors="replace")


def main() -> None:
    """Run `kg`: a `KgError` is printed without a traceback, with its exit code."""
    prepare_streams()
    try:
        kg.main(standalone_mode=False)
    except KgError as error:
        click.echo(error, err=True)
        sys.exit(error.exit_code)
    except click.exceptions.Abort:
        click.echo(say("已中断。", "Interrupted."), err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader is gone
        sys.exit(0)


if __name__ == "__main__":
    main()
