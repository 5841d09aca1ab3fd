"""A run from inputs to catalogue: plan, go on where an earlier run stopped, encode, put together."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from indexer.build.assemble import Material, assemble
from indexer.build.encode import encode_shards
from indexer.build.job import Job, job_of
from indexer.build.options import BuildOptions
from indexer.build.output import building_folder, check_output, clear_results, swap, working_in
from indexer.build.part import Parts
from indexer.build.progress import Progress
from indexer.build.score import open_detector
from indexer.catalogue import Catalogue, Manifest
from indexer.catalogue.layout import JOB, MANIFEST, PARTS, STEPS
from indexer.encoders import Encoder, open_encoder
from indexer.errors import UserError
from indexer.joins import load_joins
from indexer.records import Shard
from indexer.sources import find_shards
from indexer.stages import Pipeline


def index(
    paths: Sequence[str],
    out: str | Path,
    options: BuildOptions | None = None,
    progress: Progress | None = None,
) -> Catalogue:
    """Make a catalogue of what `paths` name, or go on with one that was begun.

    Args:
        paths: shards, brace patterns, folders or tables, as `find_shards` takes them.
        out: folder for the catalogue.
        options: defaults to `BuildOptions()`.
        progress: listens.

    Raises:
        UserError: an input, an option or `out` cannot be used; the disk is full; `out` holds another
            catalogue.
        KeyboardInterrupt: passed on; the same call goes on where it stopped.
    """
    options = options or BuildOptions()
    check_output(Path(out).absolute())
    shards = find_shards(paths, options.sources)
    encoder = open_encoder(options.encoder, options.checkpoint)
    return build(shards, encoder, out, options, progress, paths=paths)


def build(
    shards: Sequence[Shard],
    encoder: Encoder,
    out: str | Path,
    options: BuildOptions | None = None,
    progress: Progress | None = None,
    *,
    paths: Sequence[str] = (),
) -> Catalogue:
    """`index` with shards and encoder already opened; `paths` is what the manifest says was read."""
    options, progress = options or BuildOptions(), progress or Progress()
    out = Path(out).absolute()
    check_output(out)
    detecting = open_detector(options.stages, encoder.describe())
    job = job_of(shards, options, encoder.describe())
    if (out / MANIFEST).exists() and not options.overwrite:
        _check_same(out, job, options.stages)
        if (out / STEPS).exists():
            with working_in(out):
                _tidy(out, options)
        progress.already_complete()
        return Catalogue.open(out)

    joins = load_joins(options.joins)
    target = _target(out, options)
    with working_in(target):
        if not _is_complete(target, job):
            _begin(target, job, options)
            parts = Parts(target / PARTS)
            parts.prepare()
            started = datetime.now(UTC)
            encoded = encode_shards(shards, parts, encoder, options, progress)
            facts = {
                "started": started.isoformat(timespec="seconds"),
                "encoding_seconds": round((datetime.now(UTC) - started).total_seconds(), 1),
                "samples_encoded": encoded,
                "workers": options.workers,
                "batch_size": options.batch_size,
            }
            material = Material(
                paths, shards, parts, joins, options.stages, detecting, job, encoder, target, out
            )
            assemble(material, facts, progress)
        _tidy(target, options)
    if target != out:
        swap(target, out)
    return Catalogue.open(out)


def _target(out: Path, options: BuildOptions) -> Path:
    """Where to build: aside if something is, or before an interruption was, to be overwritten."""
    aside = building_folder(out)
    if options.overwrite and (aside.exists() or (out.exists() and any(out.iterdir()))):
        return aside
    return out


def _is_complete(folder: Path, job: Job) -> bool:
    return (folder / MANIFEST).exists() and Manifest.read(folder).job == job.fingerprint


def _check_same(out: Path, job: Job, stages: Pipeline) -> None:
    manifest = Manifest.read(out)
    if manifest.job == job.fingerprint:
        if manifest.settings == stages.settings:
            return
        raise UserError(
            f"{out} is already a catalogue of these samples, with other settings of its stages.",
            "Change them with rs5m stages, add --overwrite to build it anew, or give another --out.",
        )
    before = Job(job.shards, manifest.options, manifest.encoder, manifest.written_by)
    differences = before.differences(job) or ["the inputs are others, or changed"]
    raise UserError(
        f"{out} is already a catalogue, made otherwise: {'; '.join(differences)}.",
        "Add --overwrite to build it anew, or give another --out.",
    )


def _begin(folder: Path, job: Job, options: BuildOptions) -> None:
    """Start afresh, or make sure that what is there was begun by the same job."""
    before = Job.load(folder)
    if before is not None and before.fingerprint == job.fingerprint:
        return
    if before is not None and not options.overwrite:
        raise UserError(
            f"{folder} was begun otherwise: {'; '.join(before.differences(job))}.",
            "Run the command as it was, add --overwrite to start anew, or give another --out.",
        )
    (folder / JOB).unlink(missing_ok=True)
    clear_results(folder)
    shutil.rmtree(folder / PARTS, ignore_errors=True)
    job.save(folder)


def _tidy(folder: Path, options: BuildOptions) -> None:
    """Delete what only an unfinished run needs, last the record of its steps, by which this is known."""
    if not options.keep_parts:
        shutil.rmtree(folder / PARTS, ignore_errors=True)
        (folder / JOB).unlink(missing_ok=True)
    (folder / STEPS).unlink(missing_ok=True)
