"""The vector that a query ranks by."""

from __future__ import annotations

import numpy as np

from app.errors import UnavailableError
from app.query.filters import Filters
from app.query.geo import BBox
from app.query.passing import passing_vectors
from app.query.query import Query
from app.query.vectors import QueryVectors, Vector
from indexer.catalogue import Catalogue
from indexer.errors import UserError

AROUND = 10_000


def query_vector(catalogue: Catalogue, query: Query, vectors: QueryVectors | None) -> Vector | None:
    """The vector of a query that ranks by cosine, float32 (d,), of length 1.

    Only a text or an uploaded image needs `vectors`; a sample's own vector is in the catalogue.

    Returns:
        None where all that is asked for is likeness to one sample that has no vector.

    Raises:
        UserError: there is nothing to be like, or no encoder.
    """
    if query.like:
        return _of_samples(catalogue, query.like)
    if not catalogue.manifest.vectors:
        raise UnavailableError(
            "this catalogue has no image vectors.", "Search its captions with mode=caption."
        )
    if query.around:
        return _around(catalogue, query.around, query.filters.stage)
    if vectors is None:
        raise UnavailableError(
            "there is no encoder to read this query.", "Search captions with mode=caption."
        )
    return vectors.of_image(query.image) if query.image else vectors.of_text(query.q)


def _of_samples(catalogue: Catalogue, ids: tuple[int, ...]) -> Vector | None:
    mean = _mean(np.asarray(catalogue.vectors[list(ids)], np.float32))
    if mean is None and len(ids) > 1:
        raise UserError("none of these samples has an image vector.", "Give one of them alone.")
    return mean


def _around(catalogue: Catalogue, box: BBox, stage: str) -> Vector:
    """The mean of what lies in `box`, of at most `AROUND` samples, evenly drawn."""
    there = passing_vectors(catalogue, Filters(stage=stage, bbox=box)).ids()
    if not len(there):
        raise UserError("no sample with an image vector lies in that box.", "Give a larger one.")
    drawn = there[np.linspace(0, len(there) - 1, min(len(there), AROUND)).astype(np.int64)]
    mean = _mean(np.asarray(catalogue.vectors[drawn], np.float32))
    if mean is None:
        raise UserError("the samples in that box are like nothing together.", "Give a smaller one.")
    return mean


def _mean(vectors: Vector) -> Vector | None:
    """The mean of `vectors`, (n, d), with length 1; None where it points nowhere."""
    mean = vectors.sum(axis=0)
    length = np.float32(np.linalg.norm(mean))
    return mean / length if length else None
