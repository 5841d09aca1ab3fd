"""Downloads images into shards: politely, within limits, and with a reason for every one that is missing."""

from indexer.fetch.run import FetchOptions, FetchReport, fetch
from indexer.fetch.settings import FetchSettings

__all__ = ["FetchOptions", "FetchReport", "FetchSettings", "fetch"]
