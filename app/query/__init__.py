"""The query planner: a URL as one frozen `Query`, and everything a page can ask a catalogue with it."""

from app.query.answer import Answer, Hit
from app.query.captions import CaptionList, highlight, list_captions
from app.query.facets import FacetCounts, FacetValue, facets
from app.query.filters import ANY_STAGE, FACETS, MISSING, BBox, Filters
from app.query.map import MapAnswer, MapCell, MapPoint, MapZone, map_cells
from app.query.neighbours import neighbours
from app.query.passing import count
from app.query.query import MODES, SORTS, Chip, Query
from app.query.ranking import kind_of, mode_of
from app.query.samples import Row, Sample, fetch_rows, fetch_sample
from app.query.search import Loosened, loosen, search
from app.query.stages import StageRow, StageTable, stage_table
from app.query.vectors import QueryVectors

__all__ = [
    "ANY_STAGE",
    "FACETS",
    "MISSING",
    "MODES",
    "SORTS",
    "Answer",
    "BBox",
    "CaptionList",
    "Chip",
    "FacetCounts",
    "FacetValue",
    "Filters",
    "Hit",
    "Loosened",
    "MapAnswer",
    "MapCell",
    "MapPoint",
    "MapZone",
    "Query",
    "QueryVectors",
    "Row",
    "Sample",
    "StageRow",
    "StageTable",
    "count",
    "facets",
    "fetch_rows",
    "fetch_sample",
    "highlight",
    "kind_of",
    "list_captions",
    "loosen",
    "map_cells",
    "mode_of",
    "neighbours",
    "search",
    "stage_table",
]
