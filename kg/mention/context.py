"""Words around numbers, by what they tell (`rules/context.tsv`)."""

from functools import cache

from kg.mention.lexicon import read_table


@cache
def context_words(kind: str) -> tuple[str, ...]:
    """The words of a class, longest first, so that an alternation of them prefers the longer."""
    return tuple(sorted(read_table("context.tsv")[kind][0].split(), key=lambda word: (-len(word), word)))
