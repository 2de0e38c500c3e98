"""Modal words: those before a number that settle whether it is reached, planned or aimed at."""

from dataclasses import dataclass

from kg.candidate.draft import Draft
from kg.candidate.trigger import read_triggers

# The modalities that a word of a class leaves open, where it decides.
_OPEN = {
    "done": frozenset({"actual"}),
    "plan": frozenset({"planned"}),
    "will": frozenset({"planned", "target"}),
    "aim": frozenset({"target"}),
    "hope": frozenset({"stretch", "target"}),
    "size": frozenset({"planned"}),
}
_LOOKS = "other"
_SIZE_REACH = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Modal:
    """A modal word with its class and how far before the number it ends."""

    word: str
    kind: str
    distance: int


def find_modals(text: str) -> list[Modal]:
    """The modal words of the text before a number, in order."""
    names, matcher = read_triggers("modal")
    found = ((*names[index], len(text) - end) for index, _, end in matcher.find_matches_as_indexes(text))
    return [
        Modal(word=word, kind=kinds[0], distance=distance)
        for word, kinds, distance in found
        if kinds[0] != _LOOKS
    ]


def find_clause_modals(draft: Draft) -> list[Modal]:
    """Those of the clause: between the number and the one before, else those at its beginning."""
    modals = find_modals(draft.clause)
    return [modal for modal in modals if modal.distance < len(draft.gap)] or modals


def limit_modality(draft: Draft) -> frozenset[str]:
    """The modalities that the words of the clause leave open; none where they do not decide."""
    open_: frozenset[str] | None = None
    for modal in find_clause_modals(draft):
        if modal.kind in _OPEN and (modal.kind != "size" or modal.distance <= _SIZE_REACH):
            left = _OPEN[modal.kind]
            open_ = left if open_ is None else open_ & left
    return open_ or frozenset()
