"""Labels joined to the samples of a catalogue, some of them set aside to measure with."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.catalogue import Catalogue
from indexer.detector.labels import Labels
from indexer.errors import UserError

_BATCH = 50_000


@dataclass(frozen=True, slots=True)
class Labelled:
    """Samples that have a vector and a label.

    Attributes:
        ids: int64 (n,), ascending.
        is_remote_sensing: bool (n,).
        pictures: what identifies each sample's picture: exact copies share it.
        rows: rows of the table of labels.
        unknown: labels that name no sample.
        ambiguous: labels that name several samples, so that none can be meant.
        without_vector: labels of a sample that has no vector.
    """

    ids: NDArray[np.int64]
    is_remote_sensing: NDArray[np.bool_]
    pictures: tuple[str, ...]
    rows: int
    unknown: int
    ambiguous: int
    without_vector: int

    def unseen(self, share: float, seed: int) -> NDArray[np.bool_]:
        """Which samples are set aside to measure with, bool (n,): about that share, by a hash of the picture.

        Whether a sample is among them does not depend on which others are labelled, and exact copies of one
        picture are on one side.
        """
        marks = [hashlib.sha256(f"{seed}:{picture}".encode()).digest()[:8] for picture in self.pictures]
        return (
            np.array([int.from_bytes(mark, "big") for mark in marks], np.uint64)
            < np.uint64(share * 2**63) * 2
        )


def join_labels(catalogue: Catalogue, labels: Labels) -> Labelled:
    """Find the labelled samples of a catalogue.

    Raises:
        UserError: the labels name no sample that has a vector.
    """
    wanted = labels.is_remote_sensing
    seen: Counter[str] = Counter()
    found: dict[str, tuple[int, str, bool]] = {}
    rows = catalogue.connect().execute(
        f"SELECT CAST({labels.naming} AS VARCHAR), id, coalesce(sha256, 'id ' || id), has_vector "  # noqa: S608
        "FROM samples ORDER BY id"
    )
    while batch := rows.fetchmany(_BATCH):
        for name, number, picture, has_vector in batch:
            if name in wanted:
                seen[name] += 1
                found[name] = number, picture, has_vector
    ambiguous = {name for name, count in seen.items() if count > 1}
    certain = sorted((found[name], wanted[name]) for name in found.keys() - ambiguous)
    usable = [(number, picture, label) for (number, picture, has_vector), label in certain if has_vector]
    if not usable:
        raise UserError(
            f"No row of {labels.path} names a sample of {catalogue.path} that has an image vector; "
            f"the column {labels.naming} was compared.",
            "Check that the labels are of this catalogue.",
        )
    ids, pictures, marks = zip(*usable, strict=True)
    return Labelled(
        np.array(ids, np.int64),
        np.array(marks, np.bool_),
        pictures,
        labels.rows,
        len(wanted) - len(found),
        len(ambiguous),
        len(certain) - len(usable),
    )
