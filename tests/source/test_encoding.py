"""Damaged text: which byte breaks it, and what is read all the same."""

import warnings

import pytest

from kg.errors import DocumentUnreadableError
from kg.source.encoding import TextCutWarning, decode_bytes

TEXT = "甲市东河区2024年工作要点\n一、推进重大项目建设,完成投资25.5亿元。\n二、新材料产业园开工。"


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_LANG", "en")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("cut", [1, 2])
def test_a_text_cut_inside_its_last_character_is_read_without_it_and_told(mark: bytes, cut: int) -> None:
    data = TEXT.encode()[:-cut]
    with pytest.warns(TextCutWarning, match=rf"^a\.txt: .*{3 - cut} bytes from byte {len(data) + cut - 2} "):
        assert decode_bytes(mark + data, where="a.txt") == TEXT[:-1]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 4096])
def test_bytes_of_zero_after_a_text_are_left_out_and_told(count: int) -> None:
    with pytest.warns(TextCutWarning, match=rf"{count} bytes from byte {len(TEXT.encode()) + 1} \(0x00\)"):
        assert decode_bytes(TEXT.encode() + b"\0" * count, where="a.txt") == TEXT


def test_a_cut_text_with_zeros_after_it_is_read_too() -> None:
    with pytest.warns(TextCutWarning, match="6 bytes"):
        assert decode_bytes(TEXT.encode()[:-1] + b"\0" * 4, where="a.txt") == TEXT[:-1]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "big5", "utf-16", "utf-16-le", "utf-16-be", "utf-32-le"]
)
def test_a_whole_text_is_read_without_a_warning(encoding: str) -> None:
    text = "本市推動產業發展。\n年產100萬噸\n" * 3 if encoding == "big5" else TEXT + "abc\n"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert decode_bytes(text.encode(encoding), where="a.txt") == text


def test_ascii_in_a_wide_encoding_is_never_taken_for_a_text_with_zeros_after_it() -> None:
    assert decode_bytes("ab\n".encode("utf-16-le"), where="a.txt") == "ab\n"


def test_what_breaks_a_text_inside_is_named_by_byte_in_both_languages() -> None:
    head = "甲市" * 50
    data = head.encode() + b"\xff\xfe\x01\x02\x03" * 40 + TEXT.encode()
    with pytest.raises(DocumentUnreadableError) as caught:
        decode_bytes(data, where="a.txt")
    place = len(head.encode()) + 1
    assert f"byte {place} (0xFF)" in caught.value.en and f"第 {place} 个字节(0xFF)" in caught.value.zh


def test_a_zero_inside_a_text_is_named_by_byte() -> None:
    head, tail = TEXT[:8].encode(), TEXT[8:].encode()
    with pytest.raises(DocumentUnreadableError) as caught:
        decode_bytes(head + b"\0" + tail, where="a.txt")
    assert f"byte {len(head) + 1} (0x00)" in caught.value.en


def test_a_wrong_byte_after_a_mark_is_counted_from_the_start_of_the_file() -> None:
    with pytest.raises(DocumentUnreadableError) as caught:
        decode_bytes(b"\xef\xbb\xbf" + "甲".encode() + b"\xffabc", where="a.txt")
    assert "Read as UTF-8, byte 7 (0xFF)" in caught.value.en
