"""The query planner: a URL as one frozen `Query`, and everything a page can ask a catalogue with it."""

from app.query.answer import Answer, Hit
from app.query.facets import FacetCounts, FacetValue, facets
from app.query.filters import ANY_STAGE, FACETS, MISSING, BBox, Filters
from app.query.passing import count
from app.query.query import MODES, SORTS, Chip, Query
from app.query.ranking import kind_of, mode_of
from app.query.samples import Row, Sample, fetch_rows, fetch_sample
from app.query.search import Loosened, loosen, search
from app.query.vectors import QueryVectors

__all__ = [
    "ANY_STAGE",
    "FACETS",
    "MISSING",
    "MODES",
    "SORTS",
    "Answer",
    "BBox",
    "Chip",
    "FacetCounts",
    "FacetValue",
    "Filters",
    "Hit",
    "Loosened",
    "Query",
    "QueryVectors",
    "Row",
    "Sample",
    "count",
    "facets",
    "fetch_rows",
    "fetch_sample",
    "kind_of",
    "loosen",
    "mode_of",
    "search",
]
