"""Finished parts into a finished catalogue: the short phase of a run, begun anew after an interruption."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from indexer.build.job import Job
from indexer.build.output import clear_results
from indexer.build.part import Parts
from indexer.build.progress import Progress
from indexer.build.table import Assembly
from indexer.catalogue.finish import replace_file, write_indexes, write_manifest
from indexer.catalogue.layout import BUILD, DATABASE, INDEX, VECTORS
from indexer.errors import UserError
from indexer.joins import Join
from indexer.records import Shard
from indexer.stages import Pipeline


def assemble(
    paths: Sequence[str],
    shards: Sequence[Shard],
    parts: Parts,
    joins: Sequence[Join],
    stages: Pipeline,
    job: Job,
    folder: Path,
    out: Path,
    facts: dict[str, Any],
    progress: Progress,
) -> None:
    """Put the parts of `shards` together in `folder`; its manifest comes last.

    Args:
        paths: what the person named, for the manifest.
        shards: in the order of their parts.
        parts: one of each shard.
        joins: metadata files to add columns from.
        stages: the pipeline; its catalogue stages run here.
        job: identity of the run.
        folder: where the catalogue is made.
        out: where it will finally lie.
        facts: what may differ from run to run, and so stays out of the manifest; goes into `build.json`.
        progress: listens.

    Raises:
        UserError: there is no sample at all.
    """
    clear_results(folder)
    assembly = Assembly(parts, shards)
    try:
        if assembly.samples == 0:
            raise UserError("The inputs hold no samples.", "Check the paths given to `rs5m index`.")
        assembly.make_keys_unique()
        if joins:
            progress.phase("joining metadata")
        assembly.join(joins)
        for stage in stages.catalogue:
            progress.phase(f"stage {stage.name}")
            assembly.judge(stage)
        progress.phase("writing tables")
        assembly.write(folder / DATABASE, out)
        samples = assembly.samples
    finally:
        assembly.close()

    progress.phase("writing vectors")
    _write_vectors(parts, len(shards), samples, int(job.encoder["dimension"]), folder / VECTORS)
    progress.phase("building search indexes")
    with duckdb.connect(folder / DATABASE, read_only=True) as connection:
        write_indexes(folder, connection)
        replace_file(folder / BUILD, (json.dumps(facts, indent=2) + "\n").encode())
        for name in (DATABASE, VECTORS, INDEX):
            _sync(folder / name)
        progress.phase("hashing")
        write_manifest(
            folder,
            connection,
            encoder=job.encoder,
            inputs=tuple(paths),
            options=job.options,
            stages=stages.names,
            joins=tuple(asdict(join.report()) for join in joins),
            job=job.fingerprint,
        )


def _write_vectors(parts: Parts, shards: int, samples: int, dimension: int, path: Path) -> None:
    """Lay the parts' vectors one after the other: float16 (samples, dimension)."""
    # Not through a memory map: on a full disk that ends the process instead of raising an error.
    header = {"descr": "<f2", "fortran_order": False, "shape": (samples, dimension)}
    with path.open("wb") as stream:
        np.lib.format.write_array_header_1_0(stream, header)
        for number in range(shards):
            part = np.load(parts.vectors(number), allow_pickle=False)
            stream.write(part.astype("<f2", copy=False).tobytes())


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
