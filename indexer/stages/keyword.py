"""Keeps web pairs whose caption says remote sensing, by RS5M's keyword list (`indexer/keywords.py`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from indexer.keywords import RS5M
from indexer.records import Fault
from indexer.stages.base import Verdict


def find_keyword(caption: str) -> str | None:
    """The first keyword in `caption`, as `RS5M_KEYWORDS` names it, or None.

    >>> find_keyword("An aerial photograph of the port")
    'aerial photo*'
    """
    return RS5M.find(caption)


class Keyword:
    """Removes PUB11 samples without a keyword; other samples were not gathered by keyword and pass."""

    name = "keyword"

    def judge(self, row: Mapping[str, Any], fault: Fault | None) -> Verdict | None:
        """Look for a keyword; the one that matched is kept with the sample."""
        if row["subset"] != "PUB11":
            return None
        keyword = find_keyword(row["caption"] or "")
        if keyword is None:
            return Verdict(
                removed=True, reason="no_keyword", detail="The caption has no remote-sensing keyword."
            )
        return Verdict(removed=False, keyword=keyword)
