"""Samples by UTM zone, and the long tail, as CSV."""

from __future__ import annotations

from app.query.csv_text import Texts, csv_bytes, guarded
from app.query.export import Export, slug
from app.query.geo.zone import NO_BAND
from app.query.longtail import LongTail
from app.query.query import Query
from app.query.zones import Reading, ZoneCount, ZoneCounts
from indexer.catalogue import Catalogue

ZONE_COLUMNS = ("zone", "band", "hemisphere", "samples", "share")
TAIL_COLUMNS = ("rank", "samples", "share", "share_so_far")


def zones_csv(catalogue: Catalogue, query: Query, counts: ZoneCounts) -> Export:
    """A row a part of the UTM grid; the share is of the samples whose zone is known."""
    rows = [_zone(part, counts.located) for part in counts.parts]
    return Export(
        len(rows),
        filename(catalogue, query, named("zones", counts.reading), "csv"),
        csv_bytes(ZONE_COLUMNS, [rows] if rows else []),
    )


def tail_csv(catalogue: Catalogue, query: Query, tail: LongTail, reading: Reading) -> Export:
    """A row a group, the largest first; shares are of the samples that are in a group."""
    rows: list[Texts] = [
        (
            str(rank),
            guarded(group.name),
            str(group.samples),
            share_text(group.samples, tail.grouped),
            share_text(reached, tail.grouped),
        )
        for rank, (group, reached) in enumerate(zip(tail.groups, tail.reached, strict=True), 1)
    ]
    names = (TAIL_COLUMNS[0], tail.by, *TAIL_COLUMNS[1:])
    return Export(
        len(rows),
        filename(catalogue, query, named(f"longtail-{tail.by}", reading), "csv"),
        csv_bytes(names, [rows] if rows else []),
    )


def filename(catalogue: Catalogue, query: Query, what: str, form: str) -> str:
    """A name that tells what the file shows, under which filters, of which catalogue."""
    words = [f"{name}-{value}" for name, value in query.filters.to_params()]
    return f"rs5m-{what}-{slug(words)}-{catalogue.manifest.catalogue_id}.{form}"


def named(what: str, reading: Reading) -> str:
    """What a file shows, and that it is read as upstream reads it, if it is."""
    return f"{what}-upstream" if reading == "upstream" else what


def share_text(part: int, whole: int) -> str:
    """A share from 0 to 1, to a millionth."""
    return f"{part / whole:.6f}" if whole else ""


def _zone(part: ZoneCount, whole: int) -> Texts:
    zone = part.zone
    band = None if zone.band == NO_BAND else zone.band
    hemisphere = ("N" if band >= "N" else "S") if band else zone.hemisphere
    return str(zone.number), band, hemisphere, str(part.samples), share_text(part.samples, whole)
