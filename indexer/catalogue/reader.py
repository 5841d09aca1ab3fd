"""Opening a catalogue: everything a reader gets at, loaded when first asked for."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Protocol

import duckdb
import numpy as np

from indexer.catalogue.arrays import open_scores
from indexer.catalogue.captions import CaptionIndex
from indexer.catalogue.cube import Cube
from indexer.catalogue.database import open_locked
from indexer.catalogue.image_index import ImageIndex
from indexer.catalogue.images import ImageFiles
from indexer.catalogue.layout import CAPTIONS, DATABASE, INDEX, VECTORS
from indexer.catalogue.manifest import Manifest
from indexer.catalogue.named_places import NamedPlaces
from indexer.catalogue.orders import open_order
from indexer.catalogue.places import Places
from indexer.catalogue.scores import score_path
from indexer.catalogue.vectors import open_index, open_vectors


class _Identified(Protocol):
    @property
    def weights_sha256(self) -> str: ...


class Catalogue:
    """A finished, read-only catalogue.

    Attributes:
        path: its folder.
        manifest: what it is and how it was built.
    """

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path = path
        self.manifest = manifest
        self._connection = open_locked(path / DATABASE)
        self._orders: dict[str, np.ndarray] = {}
        self._scores: dict[str, np.ndarray | None] = {}

    @classmethod
    def open(cls, path: str | Path) -> Catalogue:
        """Open the catalogue in the folder `path`.

        Raises:
            UserError: it is no catalogue, unfinished, of another format version, or damaged.
        """
        folder = Path(path)
        return cls(folder, Manifest.read(folder))

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A cursor of the one locked, read-only connection; one a thread."""
        return self._connection.cursor()

    def order(self, name: str) -> np.ndarray:
        """Ids in the order of the sort `name`, int32 (samples,), mapped.

        Raises:
            UserError: the file is missing or damaged.
        """
        if name not in self._orders:
            self._orders[name] = open_order(self.path, name, self.manifest.samples)
        return self._orders[name]

    def scores(self, name: str) -> np.ndarray | None:
        """Scores of every sample, float32 (samples,), mapped; NaN where it has none.

        Args:
            name: `vlm` (score s) or `detector` (score c).

        Returns:
            None where the catalogue has no such scores: without vectors, or without a head for its encoder.

        Raises:
            UserError: the file is damaged.
        """
        if name not in self._scores:
            self._scores[name] = open_scores(self.path / score_path(name), self.manifest.samples)
        return self._scores[name]

    @cached_property
    def cube(self) -> Cube:
        """Counts by facet, and the cell of each sample."""
        return Cube(self.path, self.connect(), self.manifest.samples)

    @cached_property
    def places(self) -> Places:
        """Coordinates and UTM zones, read into memory."""
        return Places(self.connect())

    @cached_property
    def named_places(self) -> NamedPlaces:
        """Places named in captions, read into memory; empty where `rs5m places` has not been run."""
        return NamedPlaces(self.path, self.manifest.catalogue_id)

    @cached_property
    def vectors(self) -> np.memmap:
        """Image vectors, float16 (samples, dimension); a zero row where a sample has none."""
        return open_vectors(
            self.path / VECTORS, self.manifest.samples, int(self.manifest.encoder["dimension"])
        )

    @cached_property
    def index(self) -> ImageIndex:
        """The vector index: FAISS over `vectors`."""
        return ImageIndex(open_index(self.path / INDEX), self.vectors)

    @cached_property
    def captions(self) -> CaptionIndex:
        """Full-text index over captions."""
        return CaptionIndex(self.path / CAPTIONS)

    @cached_property
    def images(self) -> ImageFiles:
        """The files the images lie in."""
        return ImageFiles(self.path, self._connection)

    def image_bytes(self, file: int, offset: int, length: int) -> bytes:
        """Encoded bytes of an image, by the three numbers a sample stores.

        Raises:
            ImageUnavailableError: the file is gone or has changed.
        """
        return self.images.read(file, offset, length)

    def encoder_matches(self, encoder: _Identified) -> bool:
        """Whether `encoder` has the weights that made this catalogue's vectors."""
        return encoder.weights_sha256 == str(self.manifest.encoder["weights_sha256"])

    def close(self) -> None:
        """Close the database; the catalogue cannot be used afterwards."""
        self._connection.close()

    def __enter__(self) -> Catalogue:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
