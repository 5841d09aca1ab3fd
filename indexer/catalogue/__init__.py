"""The catalogue format: schema, manifest, and how to open one; see `docs/catalogue.md`."""

from indexer.catalogue.images import ImageUnavailableError
from indexer.catalogue.manifest import Manifest, SourceCount
from indexer.catalogue.reader import Catalogue
from indexer.catalogue.schema import FORMAT_VERSION, KEPT, LEDGER_COLUMNS, SAMPLE_COLUMNS

__all__ = [
    "FORMAT_VERSION",
    "KEPT",
    "LEDGER_COLUMNS",
    "SAMPLE_COLUMNS",
    "Catalogue",
    "ImageUnavailableError",
    "Manifest",
    "SourceCount",
]
