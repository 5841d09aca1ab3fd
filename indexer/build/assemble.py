"""Finished parts into a finished catalogue: the short phase of a run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from indexer.build.decision import Decision, with_lists
from indexer.build.job import Job
from indexer.build.part import Parts
from indexer.build.progress import Progress
from indexer.build.score import DETECTOR, VLM, Detecting, measure_detector, measure_vlm
from indexer.build.steps import Step, Steps, peak_mb
from indexer.build.write_tables import connect, write_tables
from indexer.build.write_vectors import write_vectors
from indexer.catalogue.cube import write_facet_cells
from indexer.catalogue.finish import replace_file, write_caption_index, write_manifest, write_vector_index
from indexer.catalogue.hashes import hash_file
from indexer.catalogue.layout import (
    BUILD,
    CAPTIONS,
    DATABASE,
    FACET_CELLS,
    INDEX,
    MANIFEST,
    NEAR_PAIRS,
    ORDERS,
    SCORES,
    VECTORS,
)
from indexer.catalogue.orders import write_orders
from indexer.catalogue.scores import read_scores, score_path, write_scores
from indexer.catalogue.search_settings import SearchSettings
from indexer.catalogue.tuning import tune_index
from indexer.catalogue.vectors import count_vectors, open_vectors
from indexer.encoders import Encoder
from indexer.errors import UserError
from indexer.joins import Join
from indexer.lists import lists_behind
from indexer.records import Shard
from indexer.stages import Pipeline


@dataclass(frozen=True, slots=True)
class Material:
    """What a catalogue is put together from.

    Attributes:
        paths: what the person named, for the manifest.
        shards: in the order of their parts.
        parts: one of each shard.
        joins: metadata files to add columns from.
        stages: the pipeline that decides upon the samples.
        detecting: what score c is measured with.
        job: identity of the run.
        encoder: the one that made the vectors.
        folder: where the catalogue is made.
        out: where it will finally lie.
    """

    paths: Sequence[str]
    shards: Sequence[Shard]
    parts: Parts
    joins: Sequence[Join]
    stages: Pipeline
    detecting: Detecting
    job: Job
    encoder: Encoder
    folder: Path
    out: Path


def assemble(material: Material, facts: dict[str, Any], progress: Progress) -> None:
    """Put parts together, going on behind the last step an earlier run finished; the manifest comes last.

    Args:
        material: what there is.
        facts: what may differ from run to run, and so stays out of the manifest; goes into `build.json`.
        progress: listens.

    Raises:
        UserError: there is no sample at all.
    """
    folder, job = material.folder, material.job
    (folder / MANIFEST).unlink(missing_ok=True)
    samples = sum(material.parts.samples_of(len(material.shards)))
    if samples == 0:
        raise UserError("The inputs hold no samples.", "Check the paths given to `rs5m index`.")
    # The tables hold paths relative to where the catalogue will lie.
    told = [material.stages.settings, material.detecting.facts]
    identity = f"{job.fingerprint} {material.out} {json.dumps(told, sort_keys=True)}"
    steps = Steps(_steps(material, samples, progress), folder, material.parts.folder, identity)
    steps.run(progress)

    known = steps.facts
    seconds = [{"step": done.name, "seconds": done.seconds, "peak_mb": done.peak_mb} for done in steps.done]
    facts = facts | {"steps": seconds, "peak_mb": peak_mb()}
    replace_file(folder / BUILD, (json.dumps(facts, indent=2) + "\n").encode())
    with connect(folder / DATABASE, material.parts.folder / "spill", read_only=True) as connection:
        write_manifest(
            folder,
            connection,
            encoder=job.encoder,
            hashes={name: hash_ for fact in known.values() for name, hash_ in fact.get("hashes", {}).items()},
            inputs=tuple(material.paths),
            options=job.options,
            stages=material.stages.names,
            settings=material.stages.settings,
            reports=with_lists(known["tables"]["reports"], lists_behind(material.paths)),
            joins=tuple(known["tables"]["joins"]),
            job=job.fingerprint,
            search=SearchSettings.from_dict(known["search settings"]["search"]),
        )


def _steps(material: Material, samples: int, progress: Progress) -> tuple[Step, ...]:
    """What is to be done, in order; each step may read what those before it put into the catalogue."""
    folder, parts = material.folder, material.parts
    dimension = int(material.job.encoder["dimension"])

    def vectors(into: Path) -> dict[str, Any]:
        progress.phase("writing vectors", samples)
        shards = len(material.shards)
        hash_ = write_vectors(into / VECTORS, parts, shards, samples, dimension, progress.reached)
        return {"hashes": {VECTORS: hash_}}

    def scores(into: Path) -> dict[str, Any]:
        mapped = open_vectors(folder / VECTORS, samples, dimension)
        found = {}
        if count_vectors(mapped):
            progress.phase("measuring score s", samples)
            found[VLM] = measure_vlm(mapped, material.encoder, progress.reached)
            if material.detecting.head is not None:
                progress.phase("measuring score c", samples)
                found[DETECTOR] = measure_detector(mapped, material.detecting.head, progress.reached)
        write_scores(into, found)
        return {"hashes": {path: hash_file(into / path) for path in map(score_path, found)}}

    def tables(into: Path) -> dict[str, Any]:
        decision = Decision(
            material.stages,
            read_scores(folder, samples),
            open_vectors(folder / VECTORS, samples, dimension),
            material.detecting,
            parts.folder / "near",
            into / NEAR_PAIRS,
        )
        return write_tables(
            into / DATABASE, material.out, parts, material.shards, material.joins, decision, progress
        )

    def orders(into: Path) -> dict[str, Any]:
        progress.phase("sorting")
        with connect(folder / DATABASE, into / "spill", read_only=True) as connection:
            write_orders(into, connection)
            write_facet_cells(into, connection)
        return {}

    def captions(into: Path) -> dict[str, Any]:
        progress.phase("indexing captions", samples)
        with connect(folder / DATABASE, into / "spill", read_only=True) as connection:
            write_caption_index(folder, into, connection, progress.reached)
        return {}

    def vector_index(into: Path) -> dict[str, Any]:
        progress.phase("indexing vectors", samples)
        write_vector_index(folder, into, progress.reached)
        return {"hashes": {INDEX: hash_file(into / INDEX)}}

    def tuning(into: Path) -> dict[str, Any]:
        progress.phase("measuring recall", samples)
        with connect(folder / DATABASE, into / "spill", read_only=True) as connection:
            settings = tune_index(folder, connection, material.encoder, progress.reached)
        return {"search": asdict(settings)}

    return (
        Step("vectors", (VECTORS,), vectors),
        Step("scores", (SCORES,), scores),
        Step("tables", (DATABASE, NEAR_PAIRS), tables),
        Step("orders", (ORDERS, FACET_CELLS), orders),
        Step("caption index", (CAPTIONS,), captions),
        Step("vector index", (INDEX,), vector_index),
        Step("search settings", (), tuning),
    )
