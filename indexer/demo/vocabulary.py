"""What people call each kind of scene: the wordings captions draw from, and query wordings kept out of them.

The embedded encoder learns what it knows of language from these words, so every kind has several nouns and
several ways to say what is seen in it. `HELD_OUT_QUERIES` are how the trained encoder is examined: they put
the words of a kind into sentences that no generated caption contains.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Words:
    """The vocabulary of one kind of scene.

    Attributes:
        names: noun phrases for the scene as a whole, article included.
        details: what is seen in it; reads on after "with" or "showing".
        tags: single words, used as hashtags and in keyword-style alt text.
        titles: proper names of such a place, `{place}` standing for the town or region.
        fmow: class labels of the FMoW taxonomy that fit, or none.
        ben: land cover labels, as BigEarthNet writes them, that fit, or none.
        held_out: query wordings that never occur in a caption.
    """

    names: tuple[str, ...]
    details: tuple[str, ...]
    tags: tuple[str, ...]
    titles: tuple[str, ...]
    fmow: tuple[str, ...] = ()
    ben: tuple[str, ...] = ()
    held_out: tuple[str, ...] = ()


def _read() -> dict[str, Words]:
    table = tomllib.loads(files("indexer.demo").joinpath("vocabulary.toml").read_text(encoding="utf-8"))
    return {
        kind: Words(**{field: tuple(values) for field, values in words.items()})
        for kind, words in table.items()
    }


VOCABULARY: dict[str, Words] = _read()
HELD_OUT_QUERIES: dict[str, tuple[str, ...]] = {kind: words.held_out for kind, words in VOCABULARY.items()}
