"""Stages of a finished catalogue set otherwise: the same facts decided upon anew, no image read again.

What does not follow from the stages is linked, not copied, into a new folder beside the catalogue. The rest
is made there, and the new folder takes the place of the old one; a server goes on with what it has open.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from indexer.build.decision import LISTS, Decision, Known, with_lists
from indexer.build.output import building_folder, swap, working_in
from indexer.build.progress import Progress
from indexer.build.score import DETECTOR, Detecting, measure_detector, open_detector
from indexer.build.write_tables import connect
from indexer.catalogue import Catalogue, Manifest
from indexer.catalogue.cube import write_facet_cells, write_facet_counts
from indexer.catalogue.database import fill_stage_counts
from indexer.catalogue.finish import write_caption_index, write_manifest
from indexer.catalogue.hashes import hash_file, hash_tables
from indexer.catalogue.layout import (
    CAPTIONS,
    DATABASE,
    DERIVED,
    FACET_CELLS,
    MANIFEST,
    NEAR_PAIRS,
    ORDERS,
    VECTORS,
)
from indexer.catalogue.named_places import carry_named_places
from indexer.catalogue.orders import DEFAULT_SORT, order_path, write_order
from indexer.catalogue.scores import SCORE_COLUMNS, read_scores, score_path, score_table, write_scores
from indexer.catalogue.vectors import open_vectors
from indexer.stages import Pipeline

_ASIDE = "parts"
_STRETCH = 2 * 122_880


def restage(path: Path, pipeline: Pipeline, progress: Progress | None = None) -> Catalogue:
    """Decide upon the samples of the catalogue in `path` by the stages of `pipeline`.

    The result is what `rs5m index` would have made with these stages. A run that is stopped changes nothing.

    Args:
        path: a finished catalogue, which is replaced.
        pipeline: the stages.
        progress: listens.

    Raises:
        UserError: `path` is no catalogue, its settings name a detector that is none, or the disk is full.
    """
    progress = progress or Progress()
    path = path.absolute()
    manifest = Manifest.read(path)
    if manifest.settings == pipeline.settings:
        progress.already_complete()
        return Catalogue.open(path)
    detecting = open_detector(pipeline, manifest.encoder)
    building = building_folder(path)
    shutil.rmtree(building, ignore_errors=True)
    with working_in(building):
        (building / _ASIDE).mkdir()
        _Restaging(path, building, manifest, pipeline, detecting, progress).run()
        shutil.rmtree(building / _ASIDE)
    swap(building, path)
    return Catalogue.open(path)


class _Restaging:
    """One catalogue on its way from `old` to `new`."""

    def __init__(
        self,
        old: Path,
        new: Path,
        manifest: Manifest,
        pipeline: Pipeline,
        detecting: Detecting,
        progress: Progress,
    ) -> None:
        self._old, self._new, self._manifest = old, new, manifest
        self._pipeline, self._detecting, self._progress = pipeline, detecting, progress
        dimension = int(manifest.encoder["dimension"])
        self._vectors = open_vectors(old / VECTORS, manifest.samples, dimension)

    def run(self) -> None:
        manifest, progress = self._manifest, self._progress
        self._link()
        hashes = dict(manifest.hashes) | self._measure()
        progress.phase("copying tables")
        shutil.copyfile(self._old / DATABASE, self._new / DATABASE)
        scores = read_scores(self._new, manifest.samples)
        with connect(self._new / DATABASE, self._new / _ASIDE / "spill") as connection:
            reports = self._decide(connection, scores)
            progress.phase("writing tables", manifest.samples)
            connection.execute("BEGIN")
            if scores.get(DETECTOR) is not None:
                _note_scores(connection, scores[DETECTOR], manifest.samples)
            _note_stages(connection)
            _write_ledger(connection, manifest.samples, progress)
            connection.execute("DELETE FROM stage_counts; DELETE FROM facet_counts")
            fill_stage_counts(connection)
            write_facet_counts(connection)
            connection.execute("COMMIT; CHECKPOINT")
            progress.phase("hashing tables")
            hashes |= hash_tables(connection)
            progress.phase("sorting")
            write_order(self._new, DEFAULT_SORT, connection)
            write_facet_cells(self._new, connection)
            progress.phase("indexing captions", manifest.samples)
            write_caption_index(self._new, self._new, connection, progress.reached)
            made = write_manifest(
                self._new,
                connection,
                encoder=manifest.encoder,
                hashes=hashes,
                inputs=manifest.inputs,
                options=manifest.options,
                stages=self._pipeline.names,
                settings=self._pipeline.settings,
                reports=with_lists(reports, manifest.reports.get("keyword", {}).get(LISTS, {})),
                joins=manifest.joins,
                job=manifest.job,
                search=manifest.search,
            )
        carry_named_places(self._old, manifest.catalogue_id, self._new, made.catalogue_id)

    def _link(self) -> None:
        """Link every file that stays as it is."""
        own = {MANIFEST, DATABASE, CAPTIONS, FACET_CELLS, NEAR_PAIRS, DERIVED}
        for path in sorted(self._old.rglob("*")):
            inside = path.relative_to(self._old)
            if inside.parts[0] in own or inside == order_path(DEFAULT_SORT) or not path.is_file():
                continue
            (self._new / inside).parent.mkdir(parents=True, exist_ok=True)
            _link(path, self._new / inside)
        (self._new / ORDERS).mkdir(exist_ok=True)

    def _measure(self) -> dict[str, str]:
        """Measure score c anew where the detector is another one; returns the hash of what was written."""
        head = self._detecting.head
        before = self._manifest.reports.get(DETECTOR, {}).get("head")
        file = self._new / score_path(DETECTOR)
        if head is None or (file.exists() and (before is None or before == head.describe())):
            return {}
        self._progress.phase("measuring score c", self._manifest.samples)
        file.unlink(missing_ok=True)  # it is a link to the old catalogue's
        write_scores(self._new, {DETECTOR: measure_detector(self._vectors, head, self._progress.reached)})
        return {score_path(DETECTOR): hash_file(file)}

    def _decide(
        self, connection: duckdb.DuckDBPyConnection, scores: dict[str, NDArray[np.float32]]
    ) -> dict[str, dict[str, Any]]:
        _locate(connection, self._old)
        connection.execute(
            """
            CREATE TEMP VIEW facts AS
            SELECT samples.*, located.image_path, faults.stage AS fault_stage, faults.reason AS fault,
                faults.detail AS fault_detail
            FROM samples LEFT JOIN faults USING (id) LEFT JOIN located USING (file)
            """
        )
        search = self._manifest.reports.get("duplicate", {}).get("search")
        decision = Decision(
            self._pipeline,
            scores,
            self._vectors,
            self._detecting,
            self._new / _ASIDE / "near",
            self._new / NEAR_PAIRS,
            Known(self._old / NEAR_PAIRS, search) if search else None,
        )
        return decision.take(connection, self._manifest.samples, self._progress)


def _locate(connection: duckdb.DuckDBPyConnection, catalogue: Path) -> None:
    """Table `located`: where each image file is, looked for as a reader of the catalogue does."""
    connection.execute("CREATE TEMP TABLE located (file INTEGER, image_path VARCHAR)")
    for file, path, relative in connection.execute("SELECT file, path, relative_path FROM files").fetchall():
        near = catalogue / relative
        connection.execute("INSERT INTO located VALUES (?, ?)", [file, str(near if near.exists() else path)])


def _note_stages(connection: duckdb.DuckDBPyConnection) -> None:
    """Bring `samples.stage` and `shards.kept` up to date with `removed`; only what changes is written."""
    connection.execute(
        """
        UPDATE samples SET stage = changed.stage
        FROM (
            SELECT samples.id, coalesce(removed.stage, 'kept') AS stage
            FROM samples LEFT JOIN removed USING (id)
            WHERE samples.stage <> coalesce(removed.stage, 'kept')
        ) AS changed
        WHERE samples.id = changed.id;

        UPDATE shards SET kept = counted.kept
        FROM (SELECT shard, count(*) FILTER (stage = 'kept') AS kept FROM samples GROUP BY shard) AS counted
        WHERE shards.shard = counted.shard
        """
    )


def _note_scores(connection: duckdb.DuckDBPyConnection, scores: NDArray[np.float32], samples: int) -> None:
    column = SCORE_COLUMNS[DETECTOR]
    connection.register("scored", score_table({DETECTOR: scores}, 0, samples))
    connection.execute(
        f"""
        UPDATE samples SET {column} = scored.{column} FROM scored
        WHERE samples.id = scored.id AND samples.{column} IS DISTINCT FROM scored.{column}
        """  # noqa: S608 - own column
    )
    connection.unregister("scored")


def _write_ledger(connection: duckdb.DuckDBPyConnection, samples: int, progress: Progress) -> None:
    """Write `ledger` anew from `removed` and `matched`; what stays of the old one is its notes."""
    connection.execute("ALTER TABLE ledger RENAME TO ledger_before")
    connection.execute("CREATE TABLE ledger AS FROM ledger_before LIMIT 0")
    for first in range(0, samples, _STRETCH):
        among = f"id BETWEEN {first} AND {first + _STRETCH - 1}"
        connection.execute(
            f"""
            INSERT INTO ledger
            SELECT id, coalesce(removed.stage, 'kept'), removed.reason, removed.detail, removed.score,
                removed.threshold, matched.keyword, removed.keeper, removed.cluster, before.notes
            FROM (SELECT id, notes FROM ledger_before WHERE {among}) AS before
            LEFT JOIN (FROM removed WHERE {among}) AS removed USING (id)
            LEFT JOIN (FROM matched WHERE {among}) AS matched USING (id)
            ORDER BY id
            """  # noqa: S608 - numbers
        )
        progress.reached(min(first + _STRETCH, samples))
    connection.execute("DROP TABLE ledger_before")


def _link(path: Path, to: Path) -> None:
    try:
        os.link(path, to)
    except OSError:  # a file system without links
        shutil.copyfile(path, to)
