"""Example queries that find something in this very catalogue."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from app.query import Query
from app.views.text import words
from indexer.catalogue import Catalogue
from indexer.catalogue.orders import DEFAULT_SORT
from indexer.catalogue.schema import KEPT

SHOWN = 6
_LOOKED_AT = 10_000
_SAYABLE = r"[a-z '-]{3,32}"
# `an aerial photo of a lake` is found by `a lake` as well, and reads better on a button.
_LEAD = re.compile(r"^.{0,40}?\b(?:image|photo|photograph|picture|view)s? (?:of|showing|shows|with) ")
_CAPTIONS = f"""
    SELECT coalesce(generated_caption, caption) AS text
    FROM samples JOIN (
        SELECT unnest(CAST(? AS INTEGER[])) AS id, unnest(range(len(CAST(? AS INTEGER[])))) AS place
    ) USING (id)
    WHERE stage = '{KEPT}' AND length(text) BETWEEN 5 AND 72
    ORDER BY caption_origin NOT IN ('model', 'human'), place LIMIT 400
"""  # noqa: S608
_CLASSES = f"""
    SELECT "class" FROM facet_counts WHERE stage = '{KEPT}' AND "class" IS NOT NULL
    GROUP BY "class" HAVING sum(count) >= 3 ORDER BY sum(count) DESC, "class" LIMIT 24
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Example:
    """Words to look for, and where they lead."""

    words: str
    url: str


def examples(catalogue: Catalogue) -> list[Example]:
    """Up to `SHOWN` queries: what short captions of the catalogue say, then its classes."""
    return [Example(text, Query(q=text).url()) for text in _texts(catalogue)]


@lru_cache(maxsize=4)
def _texts(catalogue: Catalogue) -> tuple[str, ...]:
    connection = catalogue.connect()
    first = catalogue.order(DEFAULT_SORT)[:_LOOKED_AT].tolist()
    captions = connection.execute(_CAPTIONS, [first, first]).fetchall()
    found = [_LEAD.sub("", text.strip(" .").lower()) for (text,) in captions]
    found += [words(name) for (name,) in connection.execute(_CLASSES).fetchall()]
    named = [text for text in dict.fromkeys(found) if re.fullmatch(_SAYABLE, text)]
    if not catalogue.manifest.vectors:
        named = [text for text in named if catalogue.captions.search(text, 0).found]
    return tuple(named[:SHOWN])
