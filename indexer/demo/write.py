"""Write the demo world as RS5M would publish it: shards, metadata files, and a note of what was planted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from indexer.demo.pairs import describe
from indexer.demo.plan import plan_world
from indexer.demo.shards import lay_out, write_shard
from indexer.demo.tables import metadata_tables, truth_table
from indexer.demo.workers import draw_all
from indexer.errors import UserError

SHARD_SAMPLES = 500
MIN_SAMPLES = 14
MAX_SAMPLES = 1_000_000
_NOTE = "world.json"
_STAGES = "stages.toml"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class DemoWorld:
    """What `write_demo` left on disk.

    Attributes:
        shards: the tars, PUB11 before RS3.
        metadata: csv files to join.
        truth: csv of what was planted (`name,kind,fault,of`).
        stages: TOML file of the filter stages that suit the world.
        drawn: samples drawn by this call; fewer than there are if finished shards were found.
    """

    shards: tuple[Path, ...]
    metadata: tuple[Path, ...]
    truth: Path
    stages: Path
    drawn: int


def write_demo(
    out: Path,
    samples: int = 6000,
    seed: int = 0,
    workers: int | None = None,
    progress: Progress | None = None,
    shard_samples: int = SHARD_SAMPLES,
) -> DemoWorld:
    """Draw the demo world into `out/shards` and `out/metadata`; `truth.csv` and `stages.toml` lie beside them.

    A shard appears under its name only when it is whole. Shards that an earlier call with the same arguments
    finished are kept, so an interrupted run goes on where it stopped and ends with the same bytes.

    Args:
        out: folder to write to; made if need be.
        samples: number of image-text pairs.
        seed: the world follows from it.
        workers: drawing processes; None for one per usable core.
        progress: called with the samples done and in all.
        shard_samples: samples per shard.

    Raises:
        UserError: the arguments are out of range, `out` cannot be written or holds something else, or a
            drawing process was killed.
    """
    if not MIN_SAMPLES <= samples <= MAX_SAMPLES or seed < 0:
        raise UserError(
            f"A demo world of {samples:,} samples with seed {seed} cannot be drawn.",
            f"Ask for {MIN_SAMPLES} to {MAX_SAMPLES:,} samples and a seed of 0 or more.",
        )
    try:
        return _write(out, samples, seed, workers, progress, shard_samples)
    except BrokenProcessPool as error:
        raise UserError(
            "A process that draws was killed, perhaps for want of memory.",
            "Run the same command again: finished shards are kept.",
        ) from error
    except OSError as error:
        raise UserError(
            f"The demo world cannot be written to {out}: {error.strerror or error}.",
            "Choose a folder that can be written to with --out, or make room.",
        ) from error


def is_demo(out: Path) -> bool:
    """Whether `write_demo` has written to `out` before."""
    return _read_note(out / _NOTE) is not None


def _write(
    out: Path, samples: int, seed: int, workers: int | None, progress: Progress | None, shard_samples: int
) -> DemoWorld:
    world = [describe(planned, seed) for planned in plan_world(samples, seed)]
    parts = lay_out(world, shard_samples)
    note = {"samples": samples, "seed": seed, "shard_samples": shard_samples, "recipe": _recipe()}
    _prepare(out, {**note, "shards": list(parts)})

    shards = {out / "shards" / name: part for name, part in parts.items()}
    missing = {path: part for path, part in shards.items() if not path.exists()}
    to_draw = [sample.planned for part in missing.values() for _, sample in part]
    done = samples - len(to_draw)
    with closing(draw_all(to_draw, seed, workers)) as images:
        for path, part in missing.items():
            for written in write_shard(path, part, images):
                done += written
                if progress:
                    progress(done, samples)

    tables = {out / "metadata" / name: text for name, text in metadata_tables(world, seed).items()}
    truth = out / "truth.csv"
    stages = out / _STAGES
    own = (files("indexer.demo") / _STAGES).read_text("utf-8")
    for path, text in {**tables, truth: truth_table(world), stages: own}.items():
        _replace(path, text)
    return DemoWorld(tuple(shards), tuple(tables), truth, stages, len(to_draw))


def _prepare(out: Path, note: dict[str, object]) -> None:
    """Make the folders; shards of another demo world are removed, anything else is left alone."""
    path = out / _NOTE
    (out / "shards").mkdir(parents=True, exist_ok=True)
    (out / "metadata").mkdir(exist_ok=True)
    before = _read_note(path)
    if before == note:
        return
    if before is None and any((out / "shards").glob("*.tar")):
        raise UserError(
            f"{out / 'shards'} holds tars that `rs5m demo` did not write.",
            "Choose another folder with --out.",
        )
    for name in (before or {}).get("shards", []):
        (out / "shards" / Path(str(name)).name).unlink(missing_ok=True)
    _replace(path, json.dumps(note, indent=1) + "\n")


def _read_note(path: Path) -> dict[str, list[str]] | None:
    try:
        note = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return note if isinstance(note, dict) else None


def _recipe() -> str:
    """Hash of what the drawing follows: with another version of it, shards are drawn anew."""
    digest = hashlib.sha256()
    with as_file(files("indexer.demo")) as package:
        for path in sorted(package.rglob("*")):
            if path.suffix in (".py", ".csv", ".toml") and path.name != _STAGES:
                digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _replace(path: Path, text: str) -> None:
    """Write a small file whole or not at all; one that is the same already keeps its time of change."""
    content = text.encode()
    if path.exists() and path.read_bytes() == content:
        return
    aside = path.with_name(path.name + ".partial")
    aside.write_bytes(content)
    aside.replace(path)
