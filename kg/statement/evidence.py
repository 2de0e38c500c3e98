"""Evidence: the words that state a fact, with context, headings and the whole sentence."""

from bisect import bisect_right

from kg.model import Document, Evidence, Span

CONTEXT = 32


class Witness:
    """Makes the evidence of one document, looking sentences and sections up by offset."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._starts = [sentence.start for sentence in document.sentences]

    def cite(self, span: Span) -> Evidence:
        """Make a span of the document evidence."""
        text = self._document.text
        return Evidence(
            start=span.start,
            end=span.end,
            text=span.text,
            document=self._document.id,
            prefix=text[max(0, span.start - CONTEXT) : span.start],
            suffix=text[span.end : span.end + CONTEXT],
            sections=self._headings(span.start),
            sentence=self._sentence(span),
        )

    def _headings(self, position: int) -> tuple[str, ...]:
        return tuple(s.heading.text for s in self._document.sections if s.start <= position < s.end)

    def _sentence(self, span: Span) -> Span:
        """Give the sentence, or the run of sentences, that holds a span."""
        first = max(0, bisect_right(self._starts, span.start) - 1)
        last = max(first, bisect_right(self._starts, max(span.start, span.end - 1)) - 1)
        if not self._starts:
            return span
        start = min(span.start, self._document.sentences[first].start)
        end = max(span.end, self._document.sentences[last].end)
        return Span(start=start, end=end, text=self._document.text[start:end])
