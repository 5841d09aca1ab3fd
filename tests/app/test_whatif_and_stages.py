"""What the page says other thresholds would remove is what `rs5m stages` then removes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.query import stage_table
from app.query.funnel import funnel
from app.query.thresholds import parse_thresholds
from app.query.whatif import what_if
from indexer.build import BuildOptions, build
from indexer.build.restage import restage
from indexer.catalogue import Catalogue
from indexer.detector import DetectorHead
from indexer.detector.facts import MadeFor, TrainedOn
from indexer.detector.layers import Layer
from indexer.detector.measure import Measured
from indexer.stages import Pipeline
from tests.indexer.build.test_restage import shard
from tests.indexer.build.world import ColourEncoder


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue that went through every stage, with a detector's head of its own."""
    folder = tmp_path_factory.mktemp("staged")
    described = ColourEncoder().describe()
    weights = np.random.default_rng(2).normal(0, 3, (1, int(described["dimension"]))).astype(np.float32)
    head = DetectorHead(
        "test",
        MadeFor(described["name"], described["weights_sha256"], int(described["dimension"])),
        (Layer(weights, np.zeros(1, np.float32)),),
        TrainedOn("a test", 10, 10, "the same test", 1e-3, True, 0, 0),
        Measured(10, 10, 9, 1, 0.9, (0.8, 1.0)),
    )
    head.save(folder / "head.json")
    pipeline = Pipeline.of(
        {
            "keyword": {"subsets": ["RS3"]},
            "download": {},
            "duplicate": {"near": "all", "cosine": 0.99},
            "vlm": {"keep": 0.9},
            "detector": {"keep": 0.8, "subsets": "all", "head": str(folder / "head.json")},
        }
    )
    build([shard(300)], ColourEncoder(), folder / "catalogue", BuildOptions(stages=pipeline)).close()
    return folder / "catalogue"


def removed(catalogue: Catalogue) -> dict[str | None, tuple[int, int]]:
    """By source, removed by score s and by score c."""
    rows = funnel(stage_table(catalogue)).rows
    return {row.source: (row.vlm or 0, row.detector or 0) for row in rows}


def test_a_new_catalogue_is_as_its_thresholds_say(staged: Path) -> None:
    with Catalogue.open(staged) as catalogue:
        answer = what_if(catalogue, {})
        report = catalogue.manifest.reports

        assert answer.total.judged > 100
        assert (answer.total.vlm, answer.total.detector) == (
            report["vlm"]["removed"],
            report["detector"]["removed"],
        )
        for row in answer.rows:
            assert (row.vlm, row.detector, row.remain) == row.decided


@pytest.mark.parametrize(
    "changes",
    [
        {"vlm_keep": "0.7", "detector_keep": "0.55"},
        {"vlm": "0.1", "detector_keep": "0.9"},
        {"vlm_keep": "1", "detector": "0.5"},
        {"vlm": "-2", "detector": "1.5"},
    ],
    ids=str,
)
def test_what_it_says_is_what_the_stages_do(staged: Path, changes: dict[str, str]) -> None:
    with Catalogue.open(staged) as before:
        said = what_if(before, parse_thresholds(changes.items()))
        pipeline = Pipeline.of(before.manifest.settings, "the manifest")
    sets = [
        f"{name.removesuffix('_keep')}.{'keep' if name.endswith('_keep') else 'least'}={value}"
        for name, value in changes.items()
    ]

    with restage(staged, pipeline.changed(sets)) as after:
        found = removed(after)
        for row in said.rows:
            assert (row.vlm, row.detector) == found[row.source or None]
        assert said.total.vlm == sum(vlm for vlm, _ in found.values())
        assert said.total.detector == sum(detector for _, detector in found.values())
        for name, threshold in said.thresholds.items():
            assert after.manifest.reports[name]["threshold"] == pytest.approx(threshold)
