"""What pictures of the scale catalogue show: public class names of RS3, and scenes of the demo world."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from indexer.demo.vocabulary import VOCABULARY

_WORD = re.compile(r"[^\W\d_]+")
_SAYS_NOTHING = re.compile(
    # of any text
    "an?|and|at|by|for|from|in|into|near|next|of|on|onto|or|other|over|the|to|under|with|without"
    # of any picture from above
    "|aerial|earth|google|image|imagery|map|overhead|photo|photograph|picture|satellite|scene|sensing|view"
)


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing to see from above.

    Attributes:
        name: in plain words: `golf course`.
        kind: scene of the demo world whose vocabulary fits, or None.
    """

    name: str
    kind: str | None

    @property
    def words(self) -> dict[str, int]:
        """Telling words, in singular, and how much each tells: most in the name, then tags, then prose."""
        found = dict.fromkeys(telling_words(self.name), 4)
        if self.kind is not None:
            known = VOCABULARY[self.kind]
            for texts, weight in ((known.tags, 2), (known.names, 1), (known.details, 1)):
                for text in texts:
                    for word in telling_words(text):
                        found[word] = found.get(word, 0) + weight
        return found


@dataclass(frozen=True, slots=True)
class Topics:
    """All topics, and which of them each set's classes are.

    Attributes:
        all: in an order of no meaning.
        fmow: class label to place in `all`, the most frequent class first.
        bigearthnet: the same for BigEarthNet's labels.
        millionaid: the same for Million-AID's classes.
    """

    all: tuple[Topic, ...]
    fmow: dict[str, int]
    bigearthnet: dict[str, int]
    millionaid: dict[str, int]


@cache
def topics() -> Topics:
    """Read the tables; a class that two sets name alike is one topic."""
    table = tomllib.loads(files("indexer.synth").joinpath("topics.toml").read_text(encoding="utf-8"))
    kinds: dict[str, str | None] = {_plain(kind): kind for kind in VOCABULARY}
    of_label = {label: kind for kind in reversed(VOCABULARY) for label in VOCABULARY[kind].fmow}
    of_label |= {label: kind for kind in reversed(VOCABULARY) for label in VOCABULARY[kind].ben}
    for label in (*table["fmow"], *table["bigearthnet"]):
        kinds.setdefault(_plain(label), of_label.get(label))
    for label, kind in table["millionaid"].items():
        kinds.setdefault(_plain(label), kind or None)
    places = {name: place for place, name in enumerate(kinds)}
    return Topics(
        tuple(Topic(name, kind) for name, kind in kinds.items()),
        *(
            {label: places[_plain(label)] for label in table[name]}
            for name in ("fmow", "bigearthnet", "millionaid")
        ),
    )


def telling_words(text: str) -> list[str]:
    """Words of `text` that tell what is seen, in lower case and singular.

    >>> telling_words("Aerial view of ships in harbours")
    ['ship', 'harbour']
    """
    words = map(_singular, _WORD.findall(text.lower()))
    return [word for word in words if not _SAYS_NOTHING.fullmatch(word)]


def _plain(label: str) -> str:
    return label.replace("_", " ")


def _singular(word: str) -> str:
    """By spelling alone; what matters is that texts and topics are treated alike."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
