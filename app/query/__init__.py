"""The query planner: a URL as one frozen `Query`, and everything a page can ask a catalogue with it."""

from app.query.answer import Answer, Hit
from app.query.captions import CaptionList, highlight, list_captions
from app.query.facets import FacetCounts, FacetValue, facets
from app.query.filters import ANY_STAGE, Filters
from app.query.geo import BBox, Near, Polygon, Zone
from app.query.map import MapAnswer, MapCell, MapPoint, MapZone, map_cells
from app.query.neighbours import neighbours
from app.query.passing import Passing, count, passing, passing_vectors
from app.query.query import MODES, Chip, Query
from app.query.ranking import kind_of, mode_of
from app.query.samples import Row, Sample, fetch_rows, fetch_sample
from app.query.search import Loosened, loosen, search
from app.query.stages import StageRow, StageTable, stage_table
from app.query.vectors import QueryVectors
from indexer.catalogue.facets import FACETS, MISSING
from indexer.catalogue.orders import SORTS

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
    "Near",
    "Passing",
    "Polygon",
    "Query",
    "QueryVectors",
    "Row",
    "Sample",
    "StageRow",
    "StageTable",
    "Zone",
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
    "passing",
    "passing_vectors",
    "search",
    "stage_table",
]
