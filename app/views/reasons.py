"""Reason codes of the ledger in words."""

from __future__ import annotations

from app.query.cells import OUTLIERS, REMOVED
from app.query.filters import ANY_STAGE
from indexer.catalogue.schema import KEPT

_REASONS = {
    "no_keyword": "no remote-sensing keyword in the caption",
    "same_bytes": "same bytes as another image",
    "same_url": "published at the same URL as another image",
    "near_duplicate": "nearly the same picture as another",
    "copy_of_copy": "copy of a copy",
    "low_vlm_score": "score s below its threshold",
    "low_detector_score": "score c below its threshold",
    "zero_bytes": "file of zero bytes",
    "truncated_image": "image that breaks off",
    "not_an_image": "not an image",
    "too_many_pixels": "too many pixels",
    "missing_image": "no image",
    "duplicate_key": "key that was there already",
    "archive_cut_off": "archive that breaks off",
}
_STAGES = {
    ANY_STAGE: "Everything read",
    REMOVED: "Removed by any stage",
    KEPT: "Kept",
    OUTLIERS: "Removed as outliers (score s or c)",
    "keyword": "Removed by the keyword filter",
    "download": "Not downloaded",
    "invalid": "Removed as invalid",
    "duplicate": "Removed as duplicates",
    "vlm": "Removed by score s (VLM)",
    "detector": "Removed by score c (detector)",
}
# One hue for what is removed, one shade a step, the same here and in the published funnel.
_TONES = {"keyword": 1, "download": 1, "invalid": 2, "duplicate": 3, "vlm": 4, "detector": 5, "outlier": 4}
SCORE_NAMES = {
    "vlm": "score s",
    "detector": "score c",
    "duplicate": "cosine",
}
"""What the score of a stage's entries is called."""


def reason_words(reason: str | None) -> str:
    """A reason as a person says it."""
    if not reason:
        return "no reason given"
    return _REASONS.get(reason, reason.replace("_", " "))


def tone(stage: str) -> str:
    """CSS class of what `stage` removes, or keeps."""
    return KEPT if stage == KEPT else f"removed-{_TONES.get(stage, 5)}"


def stage_title(stage: str) -> str:
    """Heading over the samples of a stage."""
    return _STAGES.get(stage, f"Removed by {stage}")
