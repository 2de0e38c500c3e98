"""Files → documents: formats, encodings, normal form, sections, sentences, records."""

from kg.source.document import make_document
from kg.source.folder import add_document, make_folder, read_documents, read_index, write_index
from kg.source.reader import read_text

__all__ = [
    "add_document",
    "make_document",
    "make_folder",
    "read_documents",
    "read_index",
    "read_text",
    "write_index",
]
