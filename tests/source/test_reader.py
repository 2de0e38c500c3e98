"""Any file becomes text or one clear message."""

import time
from pathlib import Path

import docx
import openpyxl
import pytest

from kg.errors import DocumentUnreadableError
from kg.source import read_text

TEXT = "甲市东河区2024年工作要点\n一、推进重大项目建设,完成投资25.5亿元。\n二、堃山治理工程开工。\n"
TRADITIONAL = (
    "本市今年實現生產總值三千億元,與去年相比增長百分之五。\n"
    "各區要推動產業發展,擴大對外開放,辦好學校和醫院。\n"
)


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"],
)
def test_every_usual_encoding_is_told_with_or_without_a_mark(tmp_path: Path, encoding: str) -> None:
    assert read_text(write(tmp_path / "a.txt", TEXT.encode(encoding))) == TEXT


@pytest.mark.parametrize("encoding", ["gb2312", "gbk"])
def test_the_older_national_encodings_are_read_as_gb18030(tmp_path: Path, encoding: str) -> None:
    text = TEXT.replace("堃山", "青山")
    assert read_text(write(tmp_path / "a.txt", text.encode(encoding))) == text


def test_big5_is_told_from_gb18030(tmp_path: Path) -> None:
    assert read_text(write(tmp_path / "a.txt", TRADITIONAL.encode("big5"))) == TRADITIONAL


def test_plain_text_keeps_every_character_but_line_ends(tmp_path: Path) -> None:
    text = "  第一行 \r\n\r\n\t<html>不是网页</html>　\r末行"
    read = read_text(write(tmp_path / "a.txt", text.encode()))
    assert read == "  第一行 \n\n\t<html>不是网页</html>　\n末行"


def test_a_page_gives_its_main_text_without_scripts(tmp_path: Path) -> None:
    body = "".join(f"<p>第{n}段说明园区建设的进展,总投资{n}亿元,入驻企业{n}家。</p>" for n in range(1, 9))
    head = "<head><title>园区</title><script>var x=1;</script></head>"
    page = f"<html>{head}<body><article>{body}</article></body></html>"
    read = read_text(write(tmp_path / "a.html", page.encode("gb18030")))
    assert "总投资3亿元" in read and "var x" not in read


def test_a_word_file_gives_paragraphs_and_table_rows(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("项目清单")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "新材料厂", "3亿元"
    document.add_paragraph("以上项目年内开工。")
    document.save(str(tmp_path / "a.docx"))
    assert read_text(tmp_path / "a.docx") == "项目清单\n新材料厂\t3亿元\n以上项目年内开工。"


def test_a_workbook_and_a_csv_give_rows_with_tabs(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["项目", "总投资(亿元)"])
    sheet.append(["新材料厂", 3.0])
    sheet.append(["物流园", 2.5])
    book.save(tmp_path / "a.xlsx")
    assert read_text(tmp_path / "a.xlsx") == "项目\t总投资(亿元)\n新材料厂\t3\n物流园\t2.5"
    rows = '项目,说明\r\n物流园,"占地,200亩"\r\n'
    assert read_text(write(tmp_path / "a.csv", rows.encode("gb18030"))) == "项目\t说明\n物流园\t占地,200亩"


def test_a_pdf_gives_its_text_layer_and_a_scan_a_message(tmp_path: Path) -> None:
    content = b"BT /F1 12 Tf 20 100 Td (Total investment 25 million) Tj ET"
    assert "Total investment 25 million" in read_text(write(tmp_path / "a.pdf", make_pdf(content)))
    with pytest.raises(DocumentUnreadableError):
        read_text(write(tmp_path / "scan.pdf", make_pdf(b"")))


def make_pdf(content: bytes) -> bytes:
    """The smallest PDF with one page and one font."""
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        data
        + b"xref\n0 5\n0000000000 65535 f \n%strailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (
            table,
            len(data),
        )
    )


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.txt", b""),
        ("blank.txt", b" \n\t\n"),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40),
        ("zeros.txt", b"\x00" * 4000),
        ("broken.docx", b"PK\x03\x04 no archive"),
        ("broken.pdf", b"%PDF-1.7 nothing"),
        ("broken.xlsx", b"\x00\x01\x02"),
        ("empty.html", b"<html><body></body></html>"),
    ],
)
def test_what_is_no_text_is_one_clear_message_with_its_file(tmp_path: Path, name: str, data: bytes) -> None:
    with pytest.raises(DocumentUnreadableError) as caught:
        read_text(write(tmp_path / name, data))
    assert caught.value.where == str(tmp_path / name)
    assert "。" in caught.value.zh and "." in caught.value.en


def test_a_missing_file_and_a_folder_are_messages(tmp_path: Path) -> None:
    for path in (tmp_path / "none.txt", tmp_path):
        with pytest.raises(DocumentUnreadableError):
            read_text(path)


def test_ten_megabytes_in_an_old_encoding_are_read_at_once(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", TEXT.encode("gb18030") * 100_000)
    begin = time.process_time()
    assert len(read_text(path)) == len(TEXT) * 100_000
    assert time.process_time() - begin < 5
