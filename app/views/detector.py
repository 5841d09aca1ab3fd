"""How good the detector is on samples it has not seen, and where the catalogue cuts its scores, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.views.text import counted
from indexer.catalogue import Catalogue

_MEASURES = {
    "accuracy": "Right about",
    "precision": "Right where it says remote sensing",
    "recall": "Remote sensing that it finds",
    "specificity": "Others that it rejects",
}


def detector_facts(catalogue: Catalogue) -> list[tuple[str, str]]:
    """Label and value of what was measured of the detector; empty where none ran."""
    head = _head(catalogue)
    if not head:
        return []
    intervals = head.get("intervals", {})
    facts = [("Name", str(head["name"]))] if head.get("name") else []
    facts += [
        (label, f"{100 * head[name]:.1f} %{_interval(intervals.get(name))}")
        for name, label in _MEASURES.items()
        if head.get(name) is not None
    ]
    if head.get("auc") is not None:
        facts.append(("Area under the ROC curve", f"{head['auc']:.4f}"))
    for name, label in (("unseen", "Measured on unseen"), ("trained_on", "Learned from")):
        if head.get(name):
            facts.append((label, _samples(head[name])))
    return facts


def detector_sentence(catalogue: Catalogue) -> str:
    """The same in one sentence; empty where nothing was measured."""
    head = _head(catalogue)
    if head.get("accuracy") is None:
        return ""
    unseen = head.get("unseen") or {}
    number = int(unseen.get("remote_sensing", 0)) + int(unseen.get("other", 0))
    return (
        f"The detector is right about {100 * head['accuracy']:.1f} % of {counted(number, 'unseen sample')}."
    )


def thresholds_sentence(catalogue: Catalogue) -> str:
    """Where the catalogue cuts its scores; empty where it has none."""
    parts = []
    for name, letter in (("vlm", "s"), ("detector", "c")):
        if catalogue.scores(name) is not None:
            threshold = catalogue.manifest.reports.get(name, {}).get("threshold")
            kept = "not cut" if threshold is None else f"kept from {threshold:.4f}"
            parts.append(f"score {letter} is {kept}")
    words = " and ".join(parts)
    return f"{words[0].upper()}{words[1:]}. {detector_sentence(catalogue)}".strip() if words else ""


def _head(catalogue: Catalogue) -> Mapping[str, Any]:
    return catalogue.manifest.reports.get("detector", {}).get("head") or {}


def _interval(ends: list[float] | None) -> str:
    return "" if ends is None else f" (95 % interval {100 * ends[0]:.1f} to {100 * ends[1]:.1f} %)"


def _samples(told: Mapping[str, Any]) -> str:
    what = f": {told['what']}" if told.get("what") else ""
    return (
        f"{counted(int(told['remote_sensing']), 'sample')} of remote sensing and {int(told['other']):,} "
        f"others{what}"
    )
