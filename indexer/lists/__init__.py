"""Raw lists of address and caption, of any length: keyword filtering, and the report of what it removed."""

from indexer.lists.behind import lists_behind
from indexer.lists.report import Report, read_report
from indexer.lists.run import FilterOptions, filter_lists

__all__ = ["FilterOptions", "Report", "filter_lists", "lists_behind", "read_report"]
