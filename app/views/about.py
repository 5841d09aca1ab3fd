"""View model of `/about`: the manifest in tables."""

from __future__ import annotations

import json

from app.query import MISSING, Query
from app.views.detector import detector_facts
from app.views.recall import RecallView
from app.views.text import counted
from indexer.catalogue import Catalogue
from indexer.catalogue.index_choice import explain
from indexer.catalogue.manifest import SourceCount

_UNSET: tuple[object, ...] = (None, "", [], {})
_ENCODER_LABELS = {
    "name": "Name",
    "architecture": "Architecture",
    "checkpoint": "Checkpoint",
    "dimension": "Dimension",
    "image_size": "Picture side, px",
    "weights_sha256": "SHA-256 of its weights",
}


class AboutView:
    """What `about/page.html` shows.

    Args:
        catalogue: the catalogue described.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.manifest = catalogue.manifest
        self.path = str(catalogue.path.resolve())

    @property
    def summary(self) -> str:
        """What it is, in one sentence."""
        manifest = self.manifest
        removed = manifest.samples - manifest.kept
        return (
            f"{counted(manifest.samples, 'image-text pair')}, {manifest.kept:,} kept and {removed:,} removed "
            f"by the filter pipeline; {counted(manifest.vectors, 'picture')} can be searched by meaning."
        )

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Identity and making of the catalogue."""
        manifest = self.manifest
        return [
            ("Catalogue id", manifest.catalogue_id),
            ("Folder", self.path),
            ("Format", f"{manifest.format}, version {manifest.version}"),
            ("Written by", manifest.written_by),
            ("Read from", ", ".join(manifest.inputs)),
            ("Stages, in order", ", ".join(manifest.stages) or "none"),
        ]

    @property
    def encoder(self) -> list[tuple[str, str]]:
        """The encoder whose space the vectors are of."""
        return [
            (_ENCODER_LABELS.get(name, name), _plain(value)) for name, value in self.manifest.encoder.items()
        ]

    @property
    def options(self) -> list[tuple[str, str]]:
        """Options of the run that decide its result, those left unset aside."""
        given = {name: value for name, value in self.manifest.options.items() if value not in _UNSET}
        return [(name.replace("_", " "), _plain(value)) for name, value in given.items()]

    @property
    def searching(self) -> list[tuple[str, str]]:
        """How a search by meaning or likeness is answered."""
        manifest, search = self.manifest, self.manifest.search
        if not manifest.vectors:
            return []
        index = explain(manifest.vectors, int(manifest.encoder["dimension"]))
        chosen = search.chosen
        if chosen is None:
            return [("Vector index", index), ("Answers", "exact: recall 1")]
        return [
            ("Vector index", index),
            (
                "A search",
                f"begins with the {counted(chosen.probes, 'likeliest list')} that hold a match, and doubles "
                "them until that brings next to nothing new; few matches are all compared",
            ),
            (
                "On average",
                f"{100 * chosen.scanned:.2g} % of the vectors scanned, "
                f"{chosen.rescored:,.0f} compared exactly",
            ),
            (
                "Measured recall",
                f"{chosen.recall_10:.3f} of the true first 10, {chosen.recall_100:.3f} of the first 100, "
                f"over {counted(search.queries, 'query', 'queries')}",
            ),
            ("Aimed at", f"{search.target_10:g} of the first 10, {search.target_100:g} of the first 100"),
        ]

    @property
    def recall(self) -> RecallView | None:
        """The curve that tuning measured; None where every answer is exact."""
        return RecallView(self.manifest.search) if self.manifest.search.chosen else None

    @property
    def detector(self) -> list[tuple[str, str]]:
        """How good the detector is on samples it has not seen; empty where none ran."""
        return detector_facts(self._catalogue)

    def url_of(self, count: SourceCount) -> str:
        """The samples of one source."""
        return Query().with_(source=(count.source or MISSING,), subset=(count.subset or MISSING,)).url()


def _plain(value: object) -> str:
    if value in _UNSET:
        return "-"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
