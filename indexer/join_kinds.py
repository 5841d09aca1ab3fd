"""RS5M's metadata files: how each is recognised by its header, and what its rows say in catalogue columns."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from indexer.captions import repair_degrees, split_caption, utm_columns
from indexer.values import coordinates, is_empty, month, number

Cells = Mapping[str, object]
# Columns of one image from its rows, and what was left out and why.
Said = tuple[dict[str, object], list[str]]

_UTM = re.compile(r"\s*(\d{1,2})\s*([A-Za-z])\s*")
_STRING = r"(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_LIST_OF_STRINGS = re.compile(rf"\s*\[\s*(?:{_STRING}(?:\s*,\s*{_STRING})*\s*,?)?\s*\]\s*")
_MAX_LIST_CHARS = 20_000
_SCORES = {"relevance_detail": "relevance", "hallucination": "hallucination", "fluency": "fluency"}


@dataclass(frozen=True, slots=True)
class JoinKind:
    """One kind of metadata file.

    Attributes:
        name: what messages call it.
        key: column that names the image.
        required: columns that its header must have.
        one_of: columns of which its header must have at least one.
        source: dataset that all rows belong to, where the kind tells.
        columns: what the rows of one image say.
        combines: whether several rows of one image count together; else the first counts.
    """

    name: str
    key: str
    required: frozenset[str]
    one_of: frozenset[str]
    source: str | None
    columns: Callable[[Sequence[Cells]], Said]
    combines: bool = False

    def matches(self, header: Sequence[str]) -> bool:
        """Whether a file with this header is of this kind."""
        present = set(header)
        return (
            self.key in present
            and self.required <= present
            and bool(not self.one_of or self.one_of & present)
        )


def _fmow(rows: Sequence[Cells]) -> Said:
    return _geometa(rows[0], is_band=True)


def _bigearthnet(rows: Sequence[Cells]) -> Said:
    return _geometa(rows[0], is_band=False)


def _geometa(row: Cells, *, is_band: bool) -> Said:
    """FMoW's `utm` is a zone with its latitude band (`18T`), BigEarthNet's with its hemisphere (`34N`)."""
    found, problems = _label([row])
    text = row.get("geometa_cap")
    if not is_empty(text):
        meta = repair_degrees(str(text).strip())
        found = split_caption(meta).columns | found | {"meta_caption": meta}
    utm = row.get("utm")
    if is_empty(utm):
        return found, problems
    match = _UTM.fullmatch(str(utm))
    zone, letter = (int(match[1]), match[2].upper()) if match else (0, "")
    columns = utm_columns(zone, band=letter) if is_band else utm_columns(zone, hemisphere=letter)
    if not columns:
        problems.append("utm names no zone")
    return found | columns, problems


def _label(rows: Sequence[Cells]) -> Said:
    row = rows[0]
    found: dict[str, object] = {
        column: str(row[column]).strip()
        for column in ("url", "meta_caption", "country", "download_status")
        if not is_empty(row.get(column))
    }
    problems: list[str] = []
    if not is_empty(row.get("month")):
        try:
            found["month"] = month(row["month"])
        except ValueError:
            problems.append("month is no month")
    place = row.get("latitude"), row.get("longitude")
    if not all(map(is_empty, place)):
        try:
            found["latitude"], found["longitude"] = coordinates(*place)
        except ValueError:
            problems.append("latitude and longitude are no place on Earth")
    return found, problems


def _ratings(rows: Sequence[Cells]) -> Said:
    found: dict[str, object] = {}
    problems: list[str] = []
    for cell, column in _SCORES.items():
        scores: list[float] = []
        for row in rows:
            if is_empty(row.get(cell)):
                continue
            try:
                score = number(row[cell])
            except ValueError:
                score = 0.0
            if 1 <= score <= 5:
                scores.append(score)
            else:
                problems.append(f"{cell} is no score from 1 to 5")
        if scores:
            found[column] = sum(scores) / len(scores)
    return found, problems


def _entities(rows: Sequence[Cells]) -> Said:
    cell = rows[0].get("entity")
    if isinstance(cell, list):  # from Parquet or JSON
        return {"entities": [str(item) for item in cell]}, []
    text = "" if cell is None else str(cell)
    if is_empty(text):
        return {}, []
    # Only lists of plain strings get as far as Python's own parser, which nested input could exhaust.
    if len(text) > _MAX_LIST_CHARS or not _LIST_OF_STRINGS.fullmatch(text):
        return {}, ["entity is no list of names"]
    try:
        names = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError):
        return {}, ["entity is no list of names"]
    return {"entities": list(dict.fromkeys(names))}, []


_PLACE = frozenset({"latitude", "longitude"})
_LABELS = frozenset({"url", "download_status", "meta_caption", "country", "month", "latitude"})
# The first that matches counts, so the most particular stand first.
KINDS = (
    JoinKind("FMoW geometa", "img_name", frozenset({"geometa_cap"}) | _PLACE, frozenset(), "FMoW", _fmow),
    JoinKind(
        "BigEarthNet geometa",
        "img_name",
        frozenset({"geometa_cap"}),
        frozenset(),
        "BigEarthNet",
        _bigearthnet,
    ),
    JoinKind("ratings", "image_path", frozenset(), frozenset(_SCORES), None, _ratings, combines=True),
    JoinKind("place names", "img_name", frozenset({"entity"}), frozenset(), None, _entities),
    JoinKind("labels", "img_name", frozenset(), _LABELS, None, _label),
)
