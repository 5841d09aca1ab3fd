"""A head in words: what a person reads who has just trained one."""

from __future__ import annotations

from indexer.detector.head import DetectorHead

_LABELS = {
    "accuracy": "on their own side of 0.5",
    "precision": "of those with c >= 0.5, remote sensing",
    "recall": "of remote sensing, with c >= 0.5",
    "specificity": "of the others, with c < 0.5",
    "auc": "area under the ROC curve",
}


def report(head: DetectorHead) -> str:
    """What the head learned from and how well it does on unseen samples, with 95 % intervals, as Markdown."""
    learned, unseen = head.trained_on, head.unseen
    described = head.describe()
    shape = f"one hidden layer of {learned.hidden:,}" if learned.hidden else "logistic regression"
    lines = [
        f"{head.name}: {shape} on the vectors of {head.encoder.name} ({head.encoder.weights_sha256[:12]})",
        f"learned from {_counts(learned.remote_sensing, learned.other)}: {learned.what}",
        f"measured on {_counts(unseen.remote_sensing, unseen.other)}, unseen: {learned.unseen_what}",
        "",
        "| | | 95 % interval | |",
        "|---|---|---|---|",
    ]
    for measure, meaning in _LABELS.items():
        low, high = described["intervals"][measure]
        lines.append(f"| {measure} | {described[measure]:.4f} | {low:.4f} to {high:.4f} | {meaning} |")
    missed = unseen.remote_sensing - unseen.true_positives
    rejected = unseen.other - unseen.false_positives
    lines += [
        "",
        "| | c >= 0.5 | c < 0.5 |",
        "|---|---|---|",
        f"| remote sensing | {unseen.true_positives:,} | {missed:,} |",
        f"| other | {unseen.false_positives:,} | {rejected:,} |",
    ]
    return "\n".join(lines)


def _counts(remote_sensing: int, other: int) -> str:
    return f"{remote_sensing:,} samples of remote sensing and {other:,} others"
