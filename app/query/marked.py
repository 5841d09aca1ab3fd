"""The marks of a workspace held against the catalogue as it is now.

A mark says whether a sample belongs in the set, whatever the pipeline decided about it. Whether the pipeline
was wrong follows from where the sample is now. Marks of another catalogue, such as this one before its stages
decided anew, are found again by source and key.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from app.query.audit import Draw
from app.query.samples import Row, fetch_rows, fetch_sample, rows_of
from app.workspace import Mark, Verdict
from indexer.catalogue import KEPT, Catalogue

_COLUMNS = ("key", "source", "sha256", "stage")


@dataclass(frozen=True, slots=True)
class Marked:
    """A mark and the sample it is about.

    Attributes:
        mark: what was said.
        id: the sample in this catalogue; None where it has none of that source and key.
        stage: its stage now; None likewise.
        changed: whether its picture is another one now, so that the mark says nothing of it.
    """

    mark: Mark
    id: int | None
    stage: str | None
    changed: bool = False

    @property
    def kept(self) -> bool:
        """Whether the sample is in the set now."""
        return self.stage == KEPT

    @property
    def moved(self) -> bool:
        """Whether the sample was kept and is removed now, or the other way about."""
        return self.stage is not None and self.kept != (self.mark.stage == KEPT)

    @property
    def error(self) -> bool | None:
        """Whether the pipeline decided otherwise than the person; None where one of them did not decide."""
        if self.stage is None or self.changed or self.mark.verdict == "skip":
            return None
        return self.kept != (self.mark.verdict == "keep")


def matched(catalogue: Catalogue, marks: Sequence[Mark]) -> list[Marked]:
    """`marks`, in their order, each with its sample in `catalogue`."""
    elsewhere = [mark for mark in marks if mark.catalogue != catalogue.manifest.catalogue_id]
    rows = _found_again(catalogue, elsewhere) if elsewhere else {}
    return [
        Marked(mark, mark.id, mark.stage)
        if mark.catalogue == catalogue.manifest.catalogue_id
        else _marked(mark, rows.get((mark.source, mark.key)))
        for mark in marks
    ]


def _marked(mark: Mark, row: Row | None) -> Marked:
    if row is None:
        return Marked(mark, None, None)
    pictures = {mark.sha256, row["sha256"]} - {None}
    return Marked(mark, int(row["id"]), row["stage"], changed=len(pictures) > 1)


def _found_again(catalogue: Catalogue, marks: Sequence[Mark]) -> dict[tuple[str | None, str], Row]:
    """The rows of this catalogue that `marks` are about, by source and key."""
    wanted = {(mark.source, mark.key) for mark in marks}
    # Stages that decide anew leave the ids alone, and a few rows by id are read without reading the table.
    same = fetch_rows(catalogue, sorted({mark.id for mark in marks}), _COLUMNS)
    found = {(row["source"], row["key"]): row for row in same if (row["source"], row["key"]) in wanted}
    rest = sorted(wanted - set(found), key=lambda pair: (pair[0] or "", pair[1]))
    if rest:
        cursor = catalogue.connect().execute(
            """
            SELECT id, samples.key, samples.source, sha256, stage FROM samples JOIN (
                SELECT unnest(CAST($sources AS VARCHAR[])) AS source, unnest(CAST($keys AS VARCHAR[])) AS key
            ) AS wanted ON samples.key = wanted.key AND samples.source IS NOT DISTINCT FROM wanted.source
            """,
            {"sources": [source for source, _ in rest], "keys": [key for _, key in rest]},
        )
        found |= {(row["source"], row["key"]): row for row in rows_of(cursor)}
    return found


def mark_of(catalogue: Catalogue, draw: Draw, id_: int, verdict: Verdict) -> Mark:
    """What is kept when a person says `verdict` of the sample `id_` that `draw` brought up.

    Raises:
        NotFoundError: the catalogue has no such id.
    """
    sample = fetch_sample(catalogue, id_)
    row, (kind, seed, of_source, of_stage) = sample.row, draw.drawn_by
    return Mark(
        catalogue=catalogue.manifest.catalogue_id,
        id=id_,
        key=row["key"],
        source=row["source"],
        sha256=row["sha256"],
        name=row["name"],
        stage=row["stage"],
        reason=sample.ledger.get("reason"),
        verdict=verdict,
        draw=kind,
        seed=seed,
        of_source=of_source,
        of_stage=of_stage,
        marked_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def marks_in(draw: Draw, found: Iterable[Marked]) -> dict[int, Mark]:
    """What was said in `draw` of the samples of this catalogue, by sample, the last said last.

    Marks from before stages decided anew are among them, so that going through the same draw again asks only
    for what moved to the other side or is new: then the draw is a random one of what there is now.
    """
    usable = (one for one in found if not one.changed and not one.moved and draw.has(one.mark))
    return {one.id: one.mark for one in usable if one.id is not None}
