"""Samples as GeoJSON (RFC 7946): one feature a sample, its columns as properties."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

import pyarrow as pa

from app.licence import LICENCE_NOTE
from app.query.batches import ASKED, COLUMNS, Batch
from app.query.samples import Row, rows_of
from indexer.catalogue import Catalogue
from indexer.catalogue.schema import Column

_PLACE = ("latitude", "longitude")


def geojson(catalogue: Catalogue, batches: Iterator[Batch], ranked: bool) -> Iterator[bytes]:
    """The file, a piece a batch; with the properties `rank` and `score` where samples are `ranked`.

    Properties are those columns that say something; catalogue and licence stand at the top.
    """
    about = {"catalogue_id": catalogue.manifest.catalogue_id, "licence": LICENCE_NOTE}
    yield f'{{"type": "FeatureCollection", {_json(about)[1:-1]}, "features": ['.encode()
    first = True
    for batch in batches:
        text = ",\n".join(_features(catalogue, batch, ranked))
        if text:
            yield f"{'' if first else ','}\n{text}".encode()
            first = False
    yield b"\n]}\n"


def _features(catalogue: Catalogue, batch: Batch, ranked: bool) -> Iterator[str]:
    select = ", ".join(map(_value, COLUMNS))
    query = f"SELECT {select} FROM {ASKED}"  # noqa: S608 - the schema's own names
    rows = rows_of(catalogue.connect().execute(query, {"ids": batch.ids.tolist()}))
    for place, row in enumerate(rows):
        facts: Row = {}
        if ranked and batch.first is not None:
            facts = {"rank": batch.first + place, "score": batch.scores[place]}
        facts |= {name: value for name, value in row.items() if name not in _PLACE and value is not None}
        feature = {
            "type": "Feature",
            "id": row["id"],
            "geometry": {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]},
            "properties": facts,
        }
        yield _json(feature)


def _value(column: Column) -> str:
    """SQL for a column's value; a float of 32 bits as the shortest number that reads back the same."""
    name = f'samples."{column.name}"'
    if pa.types.is_float32(column.type):
        return f'CAST(CAST({name} AS VARCHAR) AS DOUBLE) AS "{column.name}"'
    return name


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=_written)


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
