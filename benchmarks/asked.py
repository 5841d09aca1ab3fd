"""What benchmarks ask a catalogue for, drawn from the catalogue itself, the same on every run."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import numpy as np

from app.query import BBox, Filters
from indexer.catalogue import Catalogue
from indexer.errors import UserError

_SEED = 5_070_186
_CAPTIONS_READ = 20_000
_VALUES = 40
_WORD = re.compile(r"[a-z]{4,}")
# Long enough to be a word, and nothing that every caption holds.
_COMMONPLACE = frozenset(
    {
        "been",
        "from",
        "have",
        "into",
        "near",
        "over",
        "some",
        "that",
        "their",
        "there",
        "this",
        "which",
        "with",
    }
)


def picked_filters(catalogue: Catalogue) -> list[Filters]:
    """Filters as people pick them, in random order: in turns one facet, and a source with one more facet.

    There are many different ones, so that caches help no more than they would help visitors.

    Raises:
        UserError: no sample of the catalogue has a source and a class, country or month.
    """
    singles = [
        Filters.from_params({facet: [value]})
        for facet in ("subset", "source", "country", "month")
        for value in commonest(catalogue, facet)[:_VALUES]
    ]
    pairs: list[Filters] = []
    for facet in ("class", "country", "month"):
        rows = (
            catalogue.connect()
            .execute(
                f"""
                SELECT DISTINCT source, "{facet}" FROM facet_counts
                WHERE stage = 'kept' AND source IS NOT NULL AND "{facet}" IS NOT NULL ORDER BY ALL
                """  # noqa: S608
            )
            .fetchall()
        )
        pairs += [Filters.from_params({"source": [source], facet: [value]}) for source, value in rows]
    if not pairs:
        raise UserError("this catalogue has no facets to filter by.", "Measure one that has.")
    random = np.random.default_rng(_SEED)
    shuffled = [[of[place] for place in random.permutation(len(of))] for of in (singles, pairs)]
    return [filters for turn in zip(*shuffled, strict=False) for filters in turn]


def commonest(catalogue: Catalogue, facet: str) -> list[str]:
    """Values of a facet, most kept samples first."""
    rows = (
        catalogue.connect()
        .execute(
            f"""
            SELECT "{facet}", sum(count) FROM facet_counts
            WHERE stage = 'kept' AND "{facet}" IS NOT NULL GROUP BY ALL ORDER BY 2 DESC, 1
            """  # noqa: S608
        )
        .fetchall()
    )
    return [str(value) for value, _ in rows]


def city(catalogue: Catalogue, degrees: float = 1.0) -> BBox:
    """The box of `degrees` by `degrees` of a grid over the Earth that holds most samples.

    Raises:
        UserError: no sample has coordinates.
    """
    row = (
        catalogue.connect()
        .execute(
            """
            SELECT floor(longitude / $1) * $1 AS west, floor(latitude / $1) * $1 AS south
            FROM samples WHERE latitude IS NOT NULL AND longitude IS NOT NULL
            GROUP BY ALL ORDER BY count(*) DESC, 1, 2 LIMIT 1
            """,
            [degrees],
        )
        .fetchone()
    )
    if row is None:
        raise UserError("no sample of this catalogue has coordinates.", "Measure one that has.")
    west, south = row
    return BBox(west, south, west + degrees, south + degrees)


class Captions:
    """Words of a random sample of captions, by how many of those captions hold them.

    Attributes:
        read: captions in the sample.
        words: captions that hold each word.
        phrases: captions that hold each pair of neighbouring words.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        ids = np.random.default_rng(_SEED).integers(0, catalogue.manifest.samples, _CAPTIONS_READ)
        rows = (
            catalogue.connect()
            .execute(
                """
                SELECT caption FROM samples
                WHERE caption <> '' AND id IN (SELECT unnest(CAST(? AS BIGINT[]))) ORDER BY id
                """,
                [np.unique(ids).tolist()],
            )
            .fetchall()
        )
        if not rows:
            raise UserError("this catalogue has no captions.", "Measure one that has.")
        self.read = len(rows)
        self.words: Counter[str] = Counter()
        self.phrases: Counter[str] = Counter()
        for (caption,) in rows:
            words = re.findall(r"[a-z]+", caption.lower())
            self.words.update({word for word in words if _says_something(word)})
            self.phrases.update(
                {f"{a} {b}" for a, b in pairwise(words) if _says_something(a) and _says_something(b)}
            )

    def common(self, count: int) -> list[str]:
        """The `count` commonest words."""
        return [word for word, _ in self.words.most_common(count)]

    def rare(self, count: int) -> list[str]:
        """`count` of the rarest words, spread over all of them."""
        held = min(self.words.values())
        rarest = sorted(word for word, number in self.words.items() if number == held)
        return rarest[:: max(1, len(rarest) // count)][:count]

    def common_phrases(self, count: int) -> list[str]:
        """The `count` commonest pairs of neighbouring words."""
        return [phrase for phrase, _ in self.phrases.most_common(count)]


def _says_something(word: str) -> bool:
    return bool(_WORD.fullmatch(word)) and word not in _COMMONPLACE
