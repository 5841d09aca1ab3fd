"""Catalogues with scores s and c whose stages were decided sample by sample, as RS5M's text says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from indexer.catalogue import Catalogue
from tests.catalogues import make_catalogue

SOURCES = (("LAION2B", "PUB11"), ("YFCC15M", "PUB11"), (None, "PUB11"), ("FMoW", "RS3"))
BEFORE = ("keyword", "invalid", "duplicate")
COUNT = 240


def scored_rows(seed: int = 3, count: int = COUNT) -> tuple[list[dict[str, Any]], dict[str, np.ndarray]]:
    """Samples before the score stages, and their scores, float32 (count,); some have none, some are equal."""
    random = np.random.default_rng(seed)
    rows = []
    for number in range(count):
        source, subset = SOURCES[random.choice(4, p=(0.5, 0.2, 0.1, 0.2))]
        stage = str(random.choice(("kept", *BEFORE), p=(0.85, 0.05, 0.05, 0.05)))
        caption = f"an aerial photo, number {number}"
        rows.append({"source": source, "subset": subset, "stage": stage, "caption": caption})
    scores = {
        "vlm": np.round(random.normal(0.25, 0.05, count), 3).astype(np.float32),
        "detector": np.round(random.beta(4, 1, count), 2).astype(np.float32),
    }
    for values in scores.values():
        values[7::40] = np.nan
    return rows, scores


def threshold_of(values: Sequence[float], keep: float) -> float:
    """The score of the last one kept, when the best `keep` of `values` are."""
    return sorted(values, reverse=True)[math.ceil(round(keep * len(values), 9)) - 1]


def judged(row: dict[str, Any], place: int, scores: dict[str, np.ndarray]) -> bool:
    """Whether the score stages look at a sample."""
    scored = not any(math.isnan(values[place]) for values in scores.values())
    return row["subset"] == "PUB11" and row["stage"] not in BEFORE and scored


def make_scored_catalogue(folder: Path, keep_vlm: float = 0.9, keep_detector: float = 0.8) -> Catalogue:
    """A catalogue that keeps the best `keep_vlm` by score s that are also the best `keep_detector` by c."""
    rows, scores = scored_rows()
    of = {
        name: [float(values[place]) for place, row in enumerate(rows) if judged(row, place, scores)]
        for name, values in scores.items()
    }
    cuts = {
        "vlm": threshold_of(of["vlm"], keep_vlm),
        "detector": threshold_of(of["detector"], keep_detector),
    }
    ledger: list[dict[str, Any]] = []
    population = len(of["vlm"])
    for place, row in enumerate(rows):
        entry: dict[str, Any] = {"id": place}
        if judged(row, place, scores):
            for name in ("vlm", "detector"):
                if scores[name][place] < np.float32(cuts[name]):
                    row["stage"] = name
                    entry |= {"reason": f"low_{name}_score", "score": float(scores[name][place])}
                    entry["threshold"] = cuts[name]
                    break
        if row["stage"] == "duplicate":
            keeper = next(other for other, kept in enumerate(rows) if kept["stage"] == "kept")
            entry |= {
                "reason": ("same_url", "near_duplicate")[place % 2],
                "keeper": keeper,
                "cluster": keeper,
            }
            entry |= {"score": 0.96 + place / 10_000, "threshold": 0.96} if place % 2 else {}
        entry["stage"] = row["stage"]
        ledger.append(entry)
    removed = {name: sum(row["stage"] == name for row in rows) for name in ("vlm", "detector")}
    head = {
        "name": "test",
        "accuracy": 0.981,
        "auc": 0.9971,
        "intervals": {"accuracy": [0.963, 0.99], "auc": [0.99, 1.0]},
        "unseen": {"remote_sensing": 212, "other": 200, "what": "another seed"},
        "trained_on": {"what": "one seed", "remote_sensing": 900, "other": 1100},
    }
    return make_catalogue(
        folder,
        rows,
        np.random.default_rng(0).standard_normal((len(rows), 4)),
        ledger=ledger,
        scores=scores,
        settings={
            "keyword": {},
            "invalid": {},
            "duplicate": {},
            "vlm": {"keep": keep_vlm, "subsets": ["PUB11"]},
            "detector": {"keep": keep_detector, "subsets": ["PUB11"]},
        },
        reports={
            name: {"population": population, "threshold": cuts[name], "removed": removed[name]}
            | ({"head": head} if name == "detector" else {})
            for name in ("vlm", "detector")
        },
    )
