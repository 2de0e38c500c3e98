"""Texts that no person writes, of any length: what makes patterns and searches slow, if anything does."""

PIECES = {
    "digits and commas in one line": "1,",
    "an enumeration without end": "甲、",
    "nothing but the ending of a firm": "有限公司",
    "brackets that open": "(",
    "brackets that open and close": "()()",
    "quotation marks": "“”",
    "quotes that open": "“",
    "的 without end": "的",
    "digits in one line": "1234567890",
    "spaces": " ",
    "characters beyond the basic plane": "𠮷𠀀",
    "empty lines": "\n",
    "ordinals": "第一,",
    "numerals in characters": "一二三四",
    "an amount after the other": "3.5亿元",
    "years without end": "2024年",
    "names that begin and never end": "以龙头企业为",
}


def make_text(piece: str, size: int) -> str:
    """Repeat a piece up to so many bytes of UTF-8."""
    return piece * (size // len(piece.encode("utf-8")))


def time_proposal(piece: str, size: int) -> float:
    """Give the CPU seconds that proposing takes on a document of one piece, repeated."""
    import time

    from kg.model import Record
    from kg.pipeline import propose
    from kg.source import make_document

    text = make_text(piece, size)
    start = time.process_time()
    propose(make_document(Record(id="endless", issued="2024-01-01", anchors="2024"), text))
    return time.process_time() - start
