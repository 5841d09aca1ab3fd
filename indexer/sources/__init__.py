"""Where samples come from: every kind of source is a file of its own, named here once."""

from indexer.sources.discover import find_shards
from indexer.sources.options import SourceOptions

__all__ = ["SourceOptions", "find_shards"]
