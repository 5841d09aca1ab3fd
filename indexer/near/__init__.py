"""Near-duplicates: pairs of image vectors with a high cosine, found without comparing all with all."""

from indexer.near.components import components
from indexer.near.pairs import NearPairs, NearQuery
from indexer.near.search import find_near_pairs

__all__ = ["NearPairs", "NearQuery", "components", "find_near_pairs"]
