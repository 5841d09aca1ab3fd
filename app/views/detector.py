"""How good the detector is on samples it has not seen, in words."""

from __future__ import annotations

from app.views.text import counted
from indexer.catalogue import Catalogue

_PER_CENT = (("accuracy", "Accuracy"), ("precision", "Precision"), ("recall", "Recall"))


def detector_facts(catalogue: Catalogue) -> list[tuple[str, str]]:
    """Label and value of what the head's training measured; empty where no detector ran."""
    head = catalogue.manifest.reports.get("detector", {}).get("head") or {}
    facts = [(label, f"{100 * head[name]:.1f} %") for name, label in _PER_CENT if head.get(name) is not None]
    if head.get("auc") is not None:
        facts.append(("Area under the ROC curve", f"{head['auc']:.4f}"))
    if head.get("unseen") is not None:
        facts.append(("Measured on", f"{counted(int(head['unseen']), 'sample')} it was not trained on"))
    if head.get("trained_on") is not None:
        facts.append(("Trained on", str(head["trained_on"])))
    return facts


def detector_sentence(catalogue: Catalogue) -> str:
    """The same in one sentence; empty where nothing was measured."""
    head = catalogue.manifest.reports.get("detector", {}).get("head") or {}
    if head.get("accuracy") is None:
        return ""
    unseen = f" of {counted(int(head['unseen']), 'unseen sample')}" if head.get("unseen") else ""
    return f"The detector is right about {100 * head['accuracy']:.1f} %{unseen}."


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
