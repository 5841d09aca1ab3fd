"""Near-duplicates: pairs of image vectors with a high cosine, found without comparing all with all.

Such pairs are candidates; whether their pictures agree is measured on the pictures themselves.
"""

from indexer.near.components import components
from indexer.near.pairs import NearPairs, NearQuery
from indexer.near.pictures import Pictures
from indexer.near.search import find_near_pairs

__all__ = ["NearPairs", "NearQuery", "Pictures", "components", "find_near_pairs"]
