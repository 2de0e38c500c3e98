"""Encodings: which one a file of bytes is in, told by how Chinese the decoded text looks."""

import codecs
from functools import cache
from importlib.resources import files

from kg.errors import DocumentUnreadableError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# GB 18030 holds all of GB 2312 and GBK, and characters of names that those lack.
_BYTEWISE = ("gb18030", "big5hkscs")
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_SAMPLE = 1 << 16
_LEAST = 0.35
_PLAIN = frozenset("，。、；：？！（）《》“”‘’—…·％　\t\n\r")


def decode_bytes(data: bytes, *, where: str) -> str:
    """Decode bytes: a byte-order mark, then UTF-8, then the encoding that gives the likeliest text."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode(data[len(mark) :], encoding, where)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _decode(data, _guess(data, (*_BYTEWISE, *_WIDE), where), where)
    if "\x00" in text:
        return _decode(data, _guess(data, _WIDE, where), where)
    return text


def _guess(data: bytes, encodings: tuple[str, ...], where: str) -> str:
    scores = [(_score(data, encoding), -place, encoding) for place, encoding in enumerate(encodings)]
    score, _, encoding = max(scores)
    if score < _LEAST:
        raise binary_error(where)
    return encoding


def _score(data: bytes, encoding: str) -> float:
    """The share of a sample that is common in Chinese text; nothing if it does not decode."""
    sample = data[: _SAMPLE - _SAMPLE % 4]
    try:
        # A sample may end inside a character, the whole must not.
        text = codecs.getincrementaldecoder(encoding)().decode(sample, final=len(data) <= len(sample))
    except UnicodeDecodeError:
        return 0.0
    if not text or any(ord(character) < 9 for character in text):
        return 0.0
    known = _common()
    good = sum(character in known or " " <= character <= "~" for character in text)
    return good / len(text)


@cache
def _common() -> frozenset[str]:
    lines = (files("kg.source") / "common.txt").read_text(encoding="utf-8").split("\n")
    return _PLAIN.union(*(line for line in lines if not line.startswith("#")))


def _decode(data: bytes, encoding: str, where: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise binary_error(where) from error
    if "\x00" in text:
        raise binary_error(where)
    return text


def binary_error(where: str) -> DocumentUnreadableError:
    """Say that the bytes are no text."""
    return DocumentUnreadableError(
        "这不是文本文件,或编码不是 UTF-8、GB18030、Big5、UTF-16。请另存为 UTF-8 文本、docx、pdf 或 xlsx。",
        "this is no text file, or its encoding is not UTF-8, GB 18030, Big5 or UTF-16. "
        "Save it as UTF-8 text, docx, pdf or xlsx.",
        where=where,
    )
