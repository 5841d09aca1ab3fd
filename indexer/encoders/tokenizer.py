"""CLIP's byte-pair tokenizer without importing torch or open_clip.

The merges come from the vocabulary file that the installed open_clip package carries (OpenAI CLIP, MIT
licence); a small model uses only the first of them, so its embedding table stays small. The ids equal those
of `open_clip.tokenizer.SimpleTokenizer` over the same merges; a test holds this.
"""

from __future__ import annotations

import gzip
import html
import importlib.util
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import ftfy
import numpy as np
import regex
from numpy.typing import NDArray

VOCABULARY_FILE = "bpe_simple_vocab_16e6.txt.gz"
WORD_END = "</w>"
START, END = "<start_of_text>", "<end_of_text>"
# 256 bytes, the same at the end of a word, and the two special tokens.
TOKENS_BESIDE_MERGES = 514

Pair = tuple[str, str]

_WORDS = regex.compile(
    rf"{START}|{END}|'s|'t|'re|'ve|'m|'ll|'d|\p{{L}}+|\p{{N}}|[^\s\p{{L}}\p{{N}}]+", regex.IGNORECASE
)


def vocabulary_path() -> Path:
    """Return the vocabulary file inside the installed open_clip package, which is not imported.

    Raises:
        ModuleNotFoundError: open_clip is not installed.
    """
    spec = importlib.util.find_spec("open_clip")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("open_clip", name="open_clip")
    return Path(spec.origin).parent / VOCABULARY_FILE


def read_merges(count: int) -> list[Pair]:
    """Return the first `count` merges of CLIP's vocabulary, the most frequent first."""
    with gzip.open(vocabulary_path(), "rt", encoding="utf-8") as lines:
        next(lines)
        merges = [line.split() for line, _ in zip(lines, range(count), strict=False)]
    return [(first, second) for first, second in merges]


def byte_symbols() -> dict[int, str]:
    """Return a printable symbol for each byte: itself where printable in Latin-1, else one from U+0100 on."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    symbols = {byte: chr(byte) for byte in printable}
    return symbols | {byte: chr(0x100 + place) for place, byte in enumerate(others)}


class Tokenizer:
    """Turns texts into the token ids of a CLIP text tower.

    Args:
        vocabulary_size: number of tokens the model knows, merges + 514.
        context_length: number of ids in a row; longer texts are cut, and still close with the end token.
    """

    def __init__(self, vocabulary_size: int, context_length: int) -> None:
        merges = read_merges(vocabulary_size - TOKENS_BESIDE_MERGES)
        self.context_length = context_length
        self._symbols = byte_symbols()
        self._ranks = {pair: rank for rank, pair in enumerate(merges)}
        singles = list(self._symbols.values())
        tokens = [*singles, *(symbol + WORD_END for symbol in singles), *("".join(pair) for pair in merges)]
        self._ids = {token: place for place, token in enumerate([*tokens, START, END])}
        # No character beyond this can reach the context, however the words are split.
        self._longest_text = context_length * max(map(len, tokens))
        self._word_ids = lru_cache(maxsize=16_384)(self._encode_word)

    def __call__(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Return ids, int64 (len(texts), context_length), padded with 0 after the end token."""
        rows = np.zeros((len(texts), self.context_length), np.int64)
        for row, text in zip(rows, texts, strict=True):
            ids = self.encode(text)
            row[: len(ids)] = ids
        return rows

    def encode(self, text: str) -> list[int]:
        """Return start token, the ids of a text's words, end token: at most `context_length` ids."""
        room = self.context_length - 2
        ids: list[int] = []
        for word in _WORDS.findall(_clean(text)[: self._longest_text]):
            ids.extend(self._word_ids(word))
            if len(ids) >= room:
                break
        return [self._ids[START], *ids[:room], self._ids[END]]

    @property
    def whole_words(self) -> list[str]:
        """Plain words that are one token each, the most frequent of the language first."""
        words = (token.removesuffix(WORD_END) for token in self._ids if token.endswith(WORD_END))
        return [word for word in words if len(word) > 1 and word.isascii() and word.isalpha()]

    def _encode_word(self, word: str) -> tuple[int, ...]:
        if word in (START, END):
            return (self._ids[word],)
        symbols = [self._symbols[byte] for byte in word.encode("utf-8")]
        symbols[-1] += WORD_END
        while len(symbols) > 1:
            pair = min(pairwise(symbols), key=lambda pair: self._ranks.get(pair, len(self._ranks)))
            if pair not in self._ranks:
                break
            symbols = _join_pair(symbols, pair)
        return tuple(self._ids[symbol] for symbol in symbols)


def _clean(text: str) -> str:
    unescaped = html.unescape(html.unescape(ftfy.fix_text(text)))
    return " ".join(unescaped.split()).lower()


def _join_pair(symbols: list[str], pair: Pair) -> list[str]:
    joined: list[str] = []
    place = 0
    while place < len(symbols):
        if tuple(symbols[place : place + 2]) == pair:
            joined.append("".join(pair))
            place += 2
        else:
            joined.append(symbols[place])
            place += 1
    return joined
