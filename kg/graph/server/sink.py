"""Where an answer's bytes go while they are written, counted so that none grows without end."""

_MARKS = {"json": b'}},{"', "xml": b"</result>", "tsv": b"\n", "csv": b"\n"}


class TooLargeError(Exception):
    """An answer with more rows or bytes than allowed; stops its serialisation."""


class LimitedSink:
    """A binary file that counts bytes and rows.

    Rows are counted by what ends one in each format and cannot stand inside a value: a tag
    in XML, a line end in TSV, an object's end in JSON, and in CSV a line end outside quotes.
    (JSON rows without any value are not seen as rows; the limit of bytes holds for them.)
    """

    def __init__(self, form: str, *, max_rows: int, max_bytes: int) -> None:
        self.data = bytearray()
        self._mark = _MARKS[form]
        self._is_csv = form == "csv"
        self._max_rows, self._max_bytes = max_rows, max_bytes
        self._rows = -1 if form in ("csv", "tsv") else 1 if form == "json" else 0  # header; last object
        self._quotes = 0

    def write(self, chunk: bytes) -> int:
        tail = len(self._mark) - 1
        joined = bytes(self.data[-tail:] if tail else b"") + chunk
        self._rows += self._count_lines(chunk) if self._is_csv else joined.count(self._mark)
        self.data += chunk
        if self._rows > self._max_rows or len(self.data) > self._max_bytes:
            raise TooLargeError
        return len(chunk)

    def flush(self) -> None:
        """Do nothing: the bytes are there."""

    def _count_lines(self, chunk: bytes) -> int:
        lines = 0
        *ended, rest = chunk.split(b"\n")
        for piece in ended:
            self._quotes += piece.count(b'"')
            lines += self._quotes % 2 == 0
        self._quotes += rest.count(b'"')
        return lines
