"""Looking for places in the captions of a catalogue: what `rs5m places` does."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from indexer.build.output import working_in
from indexer.catalogue import Catalogue
from indexer.catalogue.layout import NAMED_PLACES
from indexer.catalogue.named_places import GAZETTEER, UPSTREAM, schema
from indexer.counting import Counting
from indexer.errors import UserError
from indexer.gazetteer.entities import resolve_entities
from indexer.gazetteer.find import Mention, by_specificity, find_places
from indexer.gazetteer.gazetteer import Gazetteer, open_gazetteer
from indexer.gazetteer.sources import packages
from indexer.joins import Join, JoinReport, load_joins

SMALLEST_CITY = 1_000
"""Inhabitants of the smallest city that is looked for, beside its country or region."""

_STRETCH = 32_768
_JOIN_KIND = "place names"


@dataclass(slots=True)
class PlacesReport:
    """What was found.

    Attributes:
        captions: samples that have a caption.
        named: those among them whose caption names a place.
        kinds: mentions of places by kind.
        entities: entities of RS5M's file, or of the catalogue's column, for samples of the catalogue.
        resolved: those that are a place of the gazetteer.
        added: those of them that were not found in the caption anyway.
        upstream: what became of the rows of that file; None without one.
    """

    captions: int = 0
    named: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    entities: int = 0
    resolved: int = 0
    added: int = 0
    upstream: JoinReport | None = None


def name_places(path: Path, upstream: Path | None = None, counting: Counting | None = None) -> PlacesReport:
    """Find the places that captions of the catalogue in `path` name, and write `derived/places.parquet`.

    The file is written aside and renamed: a run that is stopped leaves the one that was there. Nothing else
    in the catalogue changes.

    Args:
        path: a finished catalogue.
        upstream: RS5M's `pub11_NER_geolocation_info.csv`, joined by image name.
        counting: listens.

    Raises:
        UserError: `path` is no catalogue, `upstream` is no such file, or the disk is full.
    """
    counting = counting or Counting()
    report = PlacesReport()
    with Catalogue.open(path) as catalogue:
        join = _open_upstream(upstream) if upstream else None
        target = path / NAMED_PLACES
        note = {
            "catalogue_id": catalogue.manifest.catalogue_id,
            "gazetteer": packages(),
            "smallest_city": SMALLEST_CITY,
            "upstream": upstream.name if upstream else None,
        }
        with working_in(target.parent):
            aside = target.with_name(target.name + ".tmp")
            try:
                _write(aside, note, _rows(catalogue, join, report, counting))
                aside.replace(target)
            finally:
                aside.unlink(missing_ok=True)
    if join:
        report.upstream = join.report()
    return report


def _open_upstream(path: Path) -> Join:
    [join] = load_joins([path])
    if join.kind.name != _JOIN_KIND:
        raise UserError(
            f"{path} is a file of {join.kind.name}, not of {_JOIN_KIND}.",
            "Give RS5M's pub11_NER_geolocation_info.csv, with the columns img_name and entity.",
        )
    return join


def _write(path: Path, note: dict[str, Any], stretches: Iterable[list[tuple[Any, ...]]]) -> None:
    columns = schema(note)
    with pq.ParquetWriter(path, columns) as writer:
        for rows in stretches:
            values = zip(*rows, strict=True) if rows else ((),) * len(columns)
            arrays = [pa.array(column, kind) for column, kind in zip(values, columns.types, strict=True)]
            writer.write_table(pa.table(arrays, schema=columns))
    with path.open("rb") as written:
        os.fsync(written.fileno())


def _rows(
    catalogue: Catalogue, join: Join | None, report: PlacesReport, counting: Counting
) -> Iterator[list[tuple[Any, ...]]]:
    """Rows of the file, a stretch of ids at a time."""
    gazetteer = open_gazetteer(SMALLEST_CITY)
    connection = catalogue.connect()
    samples = catalogue.manifest.samples
    counting.began("looking for places", samples, 0, "samples")
    for first in range(0, samples, _STRETCH):
        found = connection.execute(
            "SELECT id, name, caption, entities FROM samples WHERE id BETWEEN ? AND ? ORDER BY id",
            [first, first + _STRETCH - 1],
        ).fetchall()
        yield [
            row
            for id_, name, caption, entities in found
            for row in _of_sample(id_, caption or "", _entities(join, name, entities), gazetteer, report)
        ]
        counting.reached(min(first + _STRETCH, samples), f"{report.named:,} name a place")


def _entities(join: Join | None, name: str, known: list[str] | None) -> list[str]:
    """What the file says about an image, else what the catalogue has from one that was joined before."""
    said = join.lookup(name) if join else None
    entities: list[str] = (said or {}).get("entities") or known or []  # type: ignore[assignment]
    return entities


def _of_sample(
    id_: int, caption: str, entities: list[str], gazetteer: Gazetteer, report: PlacesReport
) -> Iterator[tuple[Any, ...]]:
    """Rows of one sample."""
    report.captions += bool(caption)
    own = find_places(caption, gazetteer)
    origins = {mention.place: GAZETTEER for mention in own}
    theirs = resolve_entities(caption, entities, gazetteer) if entities else []
    added = [mention for mention in theirs if mention.place not in origins]
    origins |= {mention.place: UPSTREAM for mention in added}
    report.entities += len(entities)
    report.resolved += len(theirs)
    report.added += len(added)
    report.named += bool(origins)
    for rank, mention in enumerate(by_specificity([*own, *added])):
        report.kinds[mention.place.kind] += 1
        yield _row(id_, mention, rank, origins[mention.place])


def _row(id_: int, mention: Mention, rank: int, origin: str) -> tuple[Any, ...]:
    place = mention.place
    return (
        id_,
        mention.text,
        place.name,
        place.kind,
        place.latitude,
        place.longitude,
        place.country_code,
        mention.ambiguity,
        rank,
        origin,
    )
