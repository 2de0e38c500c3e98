"""What can be wrong with what a person gave us: what, where, and the cure.

A `KgError` is a message for a person, never a bug: the command line prints it without
a traceback. A bug raises anything else and shows its traceback.
"""

from collections.abc import Sequence

from kg.language import say


class KgError(Exception):
    """A message in both languages, with the place (`file:line`) it speaks of."""

    exit_code = 2

    def __init__(self, zh: str, en: str, *, where: str = "") -> None:
        super().__init__(en)
        self.zh, self.en, self.where = zh, en, where

    def __str__(self) -> str:
        text = say(self.zh, self.en)
        return f"{self.where}: {text}" if self.where else text


class DocumentUnreadableError(KgError):
    """A document that is missing, empty, binary or in no known encoding."""


class IndexInvalidError(KgError):
    """A record of `data/documents/index.tsv` that does not hold."""


class FolderMissingError(KgError):
    """A command that needs a data folder and was given none."""


class TableInvalidError(KgError):
    """A review or names table that breaks a rule; carries every finding at once."""

    def __init__(self, findings: Sequence[KgError]) -> None:
        first = findings[0]
        super().__init__(first.zh, first.en, where=first.where)
        self.findings = tuple(findings)

    def __str__(self) -> str:
        return "\n".join(str(finding) for finding in self.findings)


class WriteConflictError(KgError):
    """A table that someone else changed since it was read."""

    exit_code = 1


class GraphInvalidError(KgError):
    """A graph that violates a shape or a violation query."""

    exit_code = 1


class QueryInvalidError(KgError):
    """A SPARQL query that cannot be parsed or is not allowed."""


class QueryLimitError(KgError):
    """A query that ran too long or returned too much."""


class NameUnknownError(KgError):
    """A name (of an entity, a question, a document) that nothing has."""


class ModelUnreadableError(KgError):
    """A trained model that is missing or was made for another version."""
