"""Words: a text cut for tagging, always along dictionary words and never across a break.

jieba's own entry points would write a cache file and glue unknown characters to words;
so its dictionary is read here once and its cutting used without its hidden Markov model:
what no dictionary knows stays single characters, and 99 % of all names begin and end
between two words. With the extra `fast`, rjieba cuts the same way.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from typing import Any

# What is cut apart before any dictionary is asked: numbers, Latin words, runs of other letters.
_PIECE = re.compile(r"[0-9]+(?:\.[0-9]+)?|[A-Za-z]+|[^\W0-9A-Za-z_]+|\s+|[\W_]")
# jieba's route search is quadratic in runs without a break.
_LONGEST_RUN = 400
_HALF = {0xFF01 + place: 0x21 + place for place in range(94)} | {0x3000: 0x20}
for _mark in "，：；！？（）．、":
    _HALF.pop(ord(_mark), None)


def narrow(text: str) -> str:
    """Full-width letters and digits as half-width ones, length unchanged; punctuation stays."""
    return text.translate(_HALF)


def cut_words(text: str) -> list[str]:
    """Cut a text into words that join to it again."""
    cut = _cutter()
    words: list[str] = []
    for match in _PIECE.finditer(text):
        piece = match.group()
        if len(piece) > 1 and piece[0] > "\u2e7f":
            for start in range(0, len(piece), _LONGEST_RUN):
                words.extend(cut(piece[start : start + _LONGEST_RUN]))
        else:
            words.append(piece)
    return words


@cache
def _cutter() -> Callable[[str], Iterator[str] | list[str]]:
    try:
        fast: Any = import_module("rjieba").Jieba()
    except ImportError:
        return _plain_cutter()
    return lambda piece: fast.cut(piece, False)


def _plain_cutter() -> Callable[[str], Iterator[str]]:
    module = import_module("jieba")
    tokenizer: Any = module.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return lambda piece: tokenizer.cut(piece, HMM=False)


@cache
def word_tags() -> dict[str, str]:
    """The part of speech of every dictionary word, by look-up (tagging by context costs five times more)."""
    tokenizer: Any = import_module("jieba").Tokenizer()
    tags: dict[str, str] = {}
    seen: dict[str, str] = {}
    with tokenizer.get_dict_file() as lines:
        for line in lines:
            word, _, tag = line.decode("utf-8").split()
            tags[word] = seen.setdefault(tag, tag)
    return tags


def tag_word(word: str) -> str:
    """A word's part of speech; `m` for digits, `eng` for Latin letters, `x` for what is not known."""
    tag = word_tags().get(word)
    if tag is not None:
        return tag
    first = word[0]
    if first.isdigit():
        return "m"
    if "a" <= first.lower() <= "z":
        return "eng"
    return "x" if first.isalpha() else "w"
