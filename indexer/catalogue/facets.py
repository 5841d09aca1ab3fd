"""The facets of a catalogue: what its samples are counted and filtered by."""

from __future__ import annotations

from dataclasses import dataclass

# How a missing value is written where a value is asked for by name.
MISSING = "(none)"
HAS_POINT = "(latitude IS NOT NULL AND longitude IS NOT NULL)"


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter whose values a person picks from a list.

    Attributes:
        name: URL parameter, and the facet's column in `facet_counts`.
        label: heading on the page.
        sql: text expression over `samples` whose value is compared and counted; null where there is none.
    """

    name: str
    label: str
    sql: str


FACETS: tuple[Facet, ...] = (
    Facet("subset", "Subset", "subset"),
    Facet("source", "Source", "source"),
    Facet("class", "Class", '"class"'),
    Facet("country", "Country", "country"),
    Facet("month", "Month", "CAST(month AS VARCHAR)"),
    Facet("coordinates", "Coordinates", f"CASE WHEN {HAS_POINT} THEN 'yes' ELSE 'no' END"),
    Facet("origin", "Caption by", "caption_origin"),
    Facet("stage", "Stage", "stage"),
)
