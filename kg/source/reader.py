"""Read one file as text, whatever its format and encoding."""

from collections.abc import Callable
from pathlib import Path

from kg.errors import DocumentUnreadableError
from kg.source.encoding import decode_bytes
from kg.source.format import choose_format

__all__ = ["decode_bytes", "read_text"]


def read_text(path: Path) -> str:
    """Read a file as text with `\\n` line ends, or raise `DocumentUnreadableError`.

    Plain text stays as it is, character for character, so that offsets hold in the file;
    HTML, PDF, Word files and spreadsheets give their text, one paragraph or row a line.
    """
    where = str(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DocumentUnreadableError(
            f"读不了这个文件({error.strerror})。请检查路径和权限。",
            f"cannot read this file ({error.strerror}). Check the path and its permissions.",
            where=where,
        ) from error
    extract = choose_format(path.suffix, data)
    if not data.strip():
        text = ""
    elif extract is None:
        text = decode_bytes(data, where=where)
    else:
        text = _extract(extract, data, path)
    if not text.strip():
        raise DocumentUnreadableError(
            "文件里没有文字(扫描件请先做文字识别)。请换一个有正文的文件。",
            "the file holds no text (a scan needs text recognition first). Give a file that does.",
            where=where,
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _extract(extract: Callable[[bytes, str], str], data: bytes, path: Path) -> str:
    try:
        return extract(data, str(path))
    except DocumentUnreadableError:
        raise
    except Exception as error:  # parsers raise what they like on a broken file
        kind = path.suffix.lower().removeprefix(".")
        raise DocumentUnreadableError(
            f"这个 {kind} 文件已损坏或加了密,读不了。请用原来的软件打开后另存一次。",
            f"this {kind} file is broken or encrypted. Open it in its own program and save it anew.",
            where=str(path),
        ) from error
