"""Do the stages find what the demo planted? `python -m benchmarks.faults`.

Two demo worlds are drawn and indexed. On the first the thresholds of `vlm` and `detector` are chosen: the
pair at which removing samples with a lower s or a lower c has the highest F1 measure for planted off-topic
pictures. The second, which had no part in it, goes through the demo's own stages at those thresholds and is
held against its `truth.csv`.

What counts: a planted copy is found if it, or the original in its place, was removed as a copy of the other.
An off-topic picture is found if any stage removed it (`whole pipeline`: half of their captions have no
keyword), or, among those that no stage before had removed, if a score did (`that reach the scores`).
Precision of both is that of what `vlm` and `detector` removed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.command import WORK, parser, run, say, show
from benchmarks.planted import Outcome, Tally, outcomes, tallies
from benchmarks.thresholds import Thresholds, choose
from indexer.build import BuildOptions, index
from indexer.catalogue import Catalogue
from indexer.demo.faults import OFF_TOPIC
from indexer.demo.write import DemoWorld, write_demo
from indexer.detector.measure import area_under_curve
from indexer.errors import UserError
from indexer.stages import Pipeline

SAMPLES = 6_000
CHOOSE_SEED, JUDGE_SEED = 11, 12

# Below any score: everything is measured and nothing removed.
_NOTHING_REMOVED = Thresholds(vlm=-1.0, detector=0.0, f1=0.0)


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw, index, choose, judge and print."""
    made = parser(__doc__, catalogue=False)
    made.add_argument("--samples", type=int, default=SAMPLES, help=f"of each world (default {SAMPLES:,})")
    made.add_argument("--choose-seed", type=int, default=CHOOSE_SEED, help="of the world to choose on")
    made.add_argument("--judge-seed", type=int, default=JUDGE_SEED, help="of the world to judge")
    made.add_argument(
        "--set", dest="changes", action="append", default=[], help="change a setting, as rs5m index takes it"
    )
    asked = made.parse_args(arguments)
    if asked.choose_seed == asked.judge_seed:
        raise UserError("Both worlds have the same seed.", "Thresholds are judged on another seed.")
    work = WORK / "faults"
    world = _draw(work, asked.samples, asked.choose_seed)
    with _indexed(work, world, asked.choose_seed, _NOTHING_REMOVED, asked.changes) as catalogue:
        thresholds = _choose(catalogue, world)
    say(f"Chosen on seed {asked.choose_seed} with F1 {thresholds.f1:.4f}:")
    say(f"vlm.least = {thresholds.vlm:.4f}, detector.least = {thresholds.detector:.4f}")
    world = _draw(work, asked.samples, asked.judge_seed)
    with _indexed(work, world, asked.judge_seed, thresholds, asked.changes) as catalogue:
        found = tallies(outcomes(catalogue, world.truth))
    _print(found, f"Planted faults, {asked.samples:,} samples of seed {asked.judge_seed}")


def _draw(work: Path, samples: int, seed: int) -> DemoWorld:
    """The world of that seed; what an earlier run drew is kept."""
    world = write_demo(work / f"world-{seed}", samples, seed)
    if world.drawn:
        say(f"seed {seed}: {world.drawn:,} samples drawn")
    return world


def _indexed(work: Path, world: DemoWorld, seed: int, least: Thresholds, changes: Sequence[str]) -> Catalogue:
    """The world through the demo's own stages, cut at these thresholds."""
    own = Pipeline.read(work / f"world-{seed}" / "stages.toml")
    stages = own.changed([f"vlm.least={least.vlm!r}", f"detector.least={least.detector!r}", *changes])
    options = BuildOptions(stages=stages, overwrite=True)
    return index([str(path) for path in world.shards], work / f"catalogue-{seed}", options)


def _choose(catalogue: Catalogue, world: DemoWorld) -> Thresholds:
    """Thresholds by the samples that both stages judge: those of PUB11 that no earlier stage removed."""
    samples = outcomes(catalogue, world.truth)
    off_topic = {one.name for one in samples if one.fault == OFF_TOPIC}
    judged = catalogue.connect().execute(
        "SELECT id, name FROM samples WHERE subset = 'PUB11' AND stage = 'kept' AND has_vector ORDER BY id"
    )
    ids, names = zip(*judged.fetchall(), strict=True)
    marks = np.array([name in off_topic for name in names])
    s, c = (_scores(catalogue, name)[np.array(ids)] for name in ("vlm", "detector"))
    say(f"{len(marks):,} samples reach the scores, {marks.sum():,} of them off-topic")
    for name, values in (("s", s), ("c", c)):
        area, (low, high) = area_under_curve(values[~marks], values[marks])
        say(f"{name} alone: AUC {area:.4f} ({low:.4f} to {high:.4f})")
    return choose(s, c, marks)


def _scores(catalogue: Catalogue, name: str) -> np.ndarray:
    found = catalogue.scores(name)
    if found is None:
        raise UserError(
            f"{catalogue.path} has no scores {name}.", "Give a head with --set detector.head=FILE."
        )
    return found


def _print(found: Sequence[Tally], title: str) -> None:
    headings = ["fault", "planted", "found", "recall", "removed for it", "rightly", "precision", "goal"]
    rows = [
        (
            one.what,
            f"{one.planted:,}",
            f"{one.planted - len(one.missed):,}",
            f"{one.recall:.4f}",
            f"{one.removed:,}",
            f"{one.removed - len(one.wrong):,}",
            f"{one.precision:.4f}",
            "" if one.goal is None else f"{one.goal:g}: {'holds' if one.holds else 'MISSED'}",
        )
        for one in found
    ]
    show(title, headings, rows)
    for one in found:
        for what, samples in (("missed", one.missed), ("wrongly removed", one.wrong)):
            if samples:
                say(f"{one.what}, {what}: {_kinds(samples)}")


def _kinds(samples: Sequence[Outcome]) -> str:
    """What the pictures show, the commonest first, with an example of each."""
    counts = Counter(one.kind for one in samples)
    example = {one.kind: one.name for one in samples}
    return ", ".join(f"{count} {kind} ({example[kind]})" for kind, count in counts.most_common())


if __name__ == "__main__":
    run(main)
