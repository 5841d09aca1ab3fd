"""The facet cube: how many samples share the same value of every facet.

It has as many rows as there are combinations, thousands where a catalogue has millions of samples, so that a
count under any picked facets is a sum over few rows.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from indexer.catalogue.facets import FACETS
from indexer.catalogue.schema import Column

# Beside the facets: what the map and the search tell of every answer.
_OTHERS = ("geo_tier", "has_vector")

FACET_COUNT_COLUMNS: tuple[Column, ...] = (
    *(Column(facet.name, pa.string(), f"value of the facet {facet.label}") for facet in FACETS),
    Column("geo_tier", pa.string(), "as in `samples`"),
    Column("has_vector", pa.bool_(), "as in `samples`"),
    Column("count", pa.int64(), "number of samples with these values"),
)


def write_facet_counts(connection: duckdb.DuckDBPyConnection) -> None:
    """Count `samples` into the empty table `facet_counts`."""
    values = [f'{facet.sql} AS "{facet.name}"' for facet in FACETS]
    connection.execute(
        f"""
        INSERT INTO facet_counts
        SELECT {", ".join([*values, *_OTHERS])}, count(*) FROM samples GROUP BY ALL ORDER BY ALL
        """  # noqa: S608 - the facets are this package's own
    )
