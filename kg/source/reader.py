"""Read one file as text in normal form, whatever its format and encoding."""

import codecs
from pathlib import Path

from charset_normalizer import from_bytes

from kg.errors import DocumentUnreadableError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_text(path: Path) -> str:
    """Read a file as text with `\\n` line ends, or raise `DocumentUnreadableError`."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DocumentUnreadableError(
            f"读不了这个文件({error.strerror})。请检查路径和权限。",
            f"cannot read this file ({error.strerror}). Check the path and its permissions.",
            where=str(path),
        ) from error
    text = decode_bytes(data, where=str(path))
    if not text.strip():
        raise DocumentUnreadableError(
            "文件里没有文字。请换一个有正文的文件。",
            "the file holds no text. Give a file that does.",
            where=str(path),
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decode_bytes(data: bytes, *, where: str) -> str:
    """Decode bytes: a byte-order mark, then UTF-8, then GB 18030, then a guess."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode(data, encoding, where)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        best = from_bytes(data, cp_isolation=["gb18030", "utf_16_le", "utf_16_be", "big5"]).best()
        if best is None:
            raise _binary(where) from None
        return _decode(data, best.encoding, where)
    if "\x00" in text:
        raise _binary(where)
    return text


def _decode(data: bytes, encoding: str, where: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _binary(where) from error


def _binary(where: str) -> DocumentUnreadableError:
    return DocumentUnreadableError(
        "这不是文本文件,或编码不是 UTF-8、GB18030、UTF-16。请另存为 UTF-8 文本再试。",
        "this is no text file, or its encoding is not UTF-8, GB 18030 or UTF-16. Save it as UTF-8 text.",
        where=where,
    )
