"""Removes what cannot be used: unreadable images, missing images, repeated keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from indexer.records import Fault
from indexer.stages.base import Verdict


class Invalid:
    """Turns a fault that reading or decoding found into the sample's removal; it always runs."""

    name = "invalid"

    def judge(self, row: Mapping[str, Any], fault: Fault | None) -> Verdict | None:
        """Remove a sample with a fault, for the fault's reason."""
        if fault is None:
            return None
        return Verdict(removed=True, reason=fault.reason, detail=fault.detail)
