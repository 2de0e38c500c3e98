"""Encodings: which one a file of bytes is in, told by how Chinese the decoded text looks."""

import codecs
import warnings
from functools import cache
from importlib.resources import files

from kg.errors import DocumentUnreadableError
from kg.language import say

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


class TextCutWarning(UnicodeWarning):
    """A text that was read although its end is damaged."""


def decode_bytes(data: bytes, *, where: str) -> str:
    """Decode bytes: a byte-order mark, then UTF-8, then the encoding that gives the likeliest text.

    A UTF-8 text that ends inside a character, or in bytes of zero, is read without that end,
    with a `TextCutWarning`.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            body = data[len(mark) :]
            whole = _cut_end(body, where) if encoding == "utf-8" else body
            return _decode(whole, encoding, where, start=len(mark))
    whole = _cut_end(data, where)
    try:
        text = whole.decode("utf-8")
    except UnicodeDecodeError as error:
        encoding = _guess(data, (*_BYTEWISE, *_WIDE), where, _place_error(data, error.start))
        return _decode(data, encoding, where)
    if "\x00" in text:
        place = data.index(0)
        return _decode(data, _guess(data, _WIDE, where, _place_error(data, place)), where)
    return text


def _cut_end(data: bytes, where: str) -> bytes:
    """Take away what a broken transfer leaves at the end of UTF-8: half a character, bytes of zero.

    Only from what is UTF-8 beyond doubt, with characters of several bytes and no other zero:
    ASCII before such an end may be the text of another encoding.
    """
    kept = data.rstrip(b"\0")
    try:
        kept.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data":
            return data
        kept = kept[: error.start]
    if len(kept) == len(data) or kept.isascii() or 0 in kept:
        return data
    warnings.warn(_describe_cut(data, len(kept), where), TextCutWarning, stacklevel=2)
    return kept


def _describe_cut(data: bytes, end: int, where: str) -> str:
    """Say which bytes at the end of a file are left out."""
    count, byte = len(data) - end, data[end]
    text = say(
        f"文件末尾残缺:第 {end + 1} 个字节(0x{byte:02X})起的 {count} 个字节不成字,已略去。",
        f"the end of the file is damaged: {count} bytes from byte {end + 1} (0x{byte:02X}) on "
        "are no character and were left out.",
    )
    return f"{where}: {text}"


def _place_error(data: bytes, place: int) -> tuple[str, str]:
    """Say in both languages where the bytes stop being UTF-8."""
    byte = data[place]
    return (
        f"作为 UTF-8,从第 {place + 1} 个字节(0x{byte:02X})起不是文字。",
        f"Read as UTF-8, it breaks at byte {place + 1} (0x{byte:02X}). ",
    )


def _guess(data: bytes, encodings: tuple[str, ...], where: str, place: tuple[str, str]) -> str:
    scores = [(_score(data, encoding), -rank, encoding) for rank, encoding in enumerate(encodings)]
    score, _, encoding = max(scores)
    if score < _LEAST:
        raise binary_error(where, place)
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


def _decode(data: bytes, encoding: str, where: str, *, start: int = 0) -> str:
    """Decode all, or say which byte of the file, whose text begins at `start`, is none of a text."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise binary_error(where, _place_wrong(encoding, start + error.start, data[error.start])) from error
    if "\x00" in text:
        place = len(text[: text.index("\x00")].encode(encoding))
        raise binary_error(where, _place_wrong(encoding, start + place, 0))
    return text


def _place_wrong(encoding: str, place: int, byte: int) -> tuple[str, str]:
    return (
        f"作为 {encoding.upper()},第 {place + 1} 个字节(0x{byte:02X})不对。",
        f"Read as {encoding.upper()}, byte {place + 1} (0x{byte:02X}) is wrong. ",
    )


def binary_error(where: str, place: tuple[str, str] = ("", "")) -> DocumentUnreadableError:
    """Say that the bytes are no text, and at which place that shows."""
    return DocumentUnreadableError(
        "这不是文本文件,或编码不是 UTF-8、GB18030、Big5、UTF-16。"
        f"{place[0]}请另存为 UTF-8 文本、docx、pdf 或 xlsx。",
        "this is no text file, or its encoding is not UTF-8, GB 18030, Big5 or UTF-16. "
        f"{place[1]}Save it as UTF-8 text, docx, pdf or xlsx.",
        where=where,
    )
