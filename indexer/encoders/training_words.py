"""The texts the embedded encoder learns from: captions, queries for a kind, and loose words of it.

People search with words in orders and company that no caption has. So a part of the texts is made of a few of
a kind's words, shuffled, in singular or plural, among common words that say nothing about any kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from indexer.demo.chance import pick
from indexer.demo.off_topic import WORDS
from indexer.demo.vocabulary import VOCABULARY

_LEADS = (
    "", "", "", "a satellite image of ", "an aerial photo of ", "satellite view of ", "aerial view of ",
    "an image of ", "a photo of ", "overhead view of ", "remote sensing image of ", "find ", "show me ",
)  # fmt: skip
# They describe no kind, even where the phrases of only one happen to use them.
_FUNCTION_WORDS = """
    a about above across after all along among an and any are around as at away be because been before
    behind being below beneath beside between beyond both but by can down during each every for from has
    have he her his how in inside into is it its near next no nor not of off on onto or other our out
    outside over own she so some such than that the their them then there these they this those through
    to toward towards under until up upon us very was we were what when where which while who whose why
    will with within without you your
"""
_STOP_WORDS = frozenset(_FUNCTION_WORDS.split())
_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS = 6
_MOST_FILLERS = 4
_ENDINGS = ("", "s", "ed", "ing")


class Wording:
    """Draws texts that are true of a picture.

    Args:
        common_words: words of the language; those that describe some kind are left out as fillers.
    """

    def __init__(self, common_words: Iterable[str]) -> None:
        self._phrases = {kind: (*known.names, *known.details) for kind, known in VOCABULARY.items()} | WORDS
        self._tags = {kind: known.tags for kind, known in VOCABULARY.items()}
        self._words = {kind: self._telling_words(kind) for kind in self._phrases}
        telling = {form for words in self._words.values() for word in words for form in _forms(word)}
        self._fillers = [word for word in common_words if word not in telling]

    def draw(self, kind: str, caption: str, rng: np.random.Generator) -> str:
        """Return one of many texts: the picture's own caption, a query, tags, or loose words."""
        form = rng.random()
        if form < 0.25:
            return caption
        lead = pick(rng, _LEADS)
        if form < 0.5:
            return lead + pick(rng, self._phrases[kind])
        if form < 0.6:
            tags = self._tags.get(kind, self._phrases[kind])
            return lead + " ".join(rng.permutation(tags)[: rng.integers(1, 4)])
        return self._loose_words(kind, rng)

    def _telling_words(self, kind: str) -> list[str]:
        texts = (*self._phrases[kind], *self._tags.get(kind, ()))
        return [word for text in texts for word in _WORD.findall(text.lower()) if word not in _STOP_WORDS]

    def _loose_words(self, kind: str, rng: np.random.Generator) -> str:
        """Join some words of the kind, in any form, with fillers and at times a word of another kind."""
        words = self._some_words(kind, rng)
        words = [pick(rng, _forms(word)) if rng.random() < 0.25 else word for word in words]
        if len(words) > 2 and rng.random() < 0.3:
            stray = pick(rng, self._words[pick(rng, list(self._words))])
            words.insert(int(rng.integers(len(words) + 1)), stray)
        for _ in range(int(rng.integers(_MOST_FILLERS + 1))):
            # Cubed, so that the commonest words come most.
            filler = self._fillers[int(len(self._fillers) * rng.random() ** 3)]
            words.insert(int(rng.integers(len(words) + 1)), filler)
        return " ".join(words)

    def _some_words(self, kind: str, rng: np.random.Generator) -> list[str]:
        one_phrase = rng.random() < 0.5
        source = _WORD.findall(pick(rng, self._phrases[kind])) if one_phrase else self._words[kind]
        count = int(rng.integers(1, min(_MOST_WORDS, len(source)) + 1))
        places = rng.choice(len(source), count, replace=False)
        return [source[place] for place in (np.sort(places) if rng.random() < 0.5 else places)]


def _forms(word: str) -> tuple[str, ...]:
    """Return a word with the regular endings of number and tense, by spelling alone: boat, boats, boated."""
    stem = next((word[: -len(ending)] for ending in ("ing", "ed", "s") if word.endswith(ending)), word)
    if len(stem) < 3:
        return (word,)
    if stem.endswith("y"):
        return (word, stem, f"{stem[:-1]}ies", f"{stem[:-1]}ied", f"{stem}ing")
    return (word, *(stem + ending for ending in _ENDINGS))
