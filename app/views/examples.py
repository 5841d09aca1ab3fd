"""Example queries that find something in this very catalogue."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from app.query import Query
from app.views.text import words
from indexer.catalogue import Catalogue
from indexer.catalogue.schema import KEPT

SHOWN = 6
_SAYABLE = r"[a-z '-]{3,32}"
# `an aerial photo of a lake` is found by `a lake` as well, and reads better on a button.
_LEAD = re.compile(r"^.{0,40}?\b(?:image|photo|photograph|picture|view)s? (?:of|showing|shows|with) ")
_CAPTIONS = f"""
    SELECT coalesce(generated_caption, caption) AS text FROM samples
    WHERE stage = '{KEPT}' AND length(text) BETWEEN 5 AND 72
    ORDER BY caption_origin NOT IN ('model', 'human'), coalesce(spread, id) LIMIT 400
"""  # noqa: S608
_CLASSES = f"""
    SELECT "class" FROM samples WHERE stage = '{KEPT}' AND "class" IS NOT NULL
    GROUP BY "class" HAVING count(*) >= 3 ORDER BY min(coalesce(spread, id)) LIMIT 24
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
    found = [_LEAD.sub("", text.strip(" .").lower()) for (text,) in connection.execute(_CAPTIONS).fetchall()]
    found += [words(name) for (name,) in connection.execute(_CLASSES).fetchall()]
    named = [text for text in dict.fromkeys(found) if re.fullmatch(_SAYABLE, text)]
    if not catalogue.manifest.vectors:
        named = [text for text in named if catalogue.captions.search(text, 1)]
    return tuple(named[:SHOWN])
