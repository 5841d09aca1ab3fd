"""View model of one sample of an audit: what to look at, what to say, and how far the draw is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.query import Query, Sample, fetch_sample
from app.query.audit import MAX_N, Draw
from app.query.boundary import judged_by, threshold_of
from app.query.samples import fetch_rows
from app.templates import image_url
from app.views.ledger import Sentence, ledger_sentences
from app.views.sample import SCREEN_PIXELS
from app.views.text import counted, sentence
from app.workspace import Mark, Verdict
from indexer.catalogue import Catalogue
from indexer.catalogue.schema import KEPT
from indexer.catalogue.scores import SCORE_COLUMNS

SAID: dict[Verdict, str] = {"keep": "belongs", "remove": "does not belong", "skip": "skipped"}
_SCORES = {"vlm": "Score s, likeness to remote sensing", "detector": "Score c, probability of remote sensing"}


@dataclass(frozen=True, slots=True)
class Button:
    """One thing to say of a sample.

    Attributes:
        verdict: what the form sends.
        key: the key that presses it.
        label: what it says.
        said: whether it is what was said already.
    """

    verdict: Verdict
    key: str
    label: str
    said: bool


@dataclass(frozen=True, slots=True)
class Score:
    """A score of the sample, and what it was held against."""

    label: str
    value: str
    threshold: str


@dataclass(frozen=True, slots=True)
class Looked:
    """A sample with its picture, as large as the page has room for."""

    id: int
    url: str
    image: str | None
    caption: str
    width: int
    height: int


class MarkingView:
    """What `audit/marking/page.html` shows.

    Args:
        catalogue: the catalogue that is audited.
        draw: the draw, with the place that is looked at.
        ids: the samples of the draw.
        marks: what was said of them already, by sample.
        problem: why nothing can be marked; None where it can.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        draw: Draw,
        ids: NDArray[np.int64],
        marks: Mapping[int, Mark],
        problem: str | None,
    ) -> None:
        self._catalogue = catalogue
        self.draw = draw
        self.problem = problem
        self.number = len(ids)
        self.place = min(draw.at or 1, self.number + 1)
        said = [marks[id_] for id_ in ids.tolist() if id_ in marks]
        identity = catalogue.manifest.catalogue_id
        self.marked = len(said)
        self.skipped = sum(mark.verdict == "skip" for mark in said)
        self.can_undo = problem is None and any(mark.catalogue == identity for mark in said)
        self.finished = self.place > self.number
        self.sample = None if self.finished else fetch_sample(catalogue, int(ids[self.place - 1]))
        self._said = marks[self.sample.id].verdict if self.sample and self.sample.id in marks else None
        self._next = None if self.place >= self.number else int(ids[self.place])
        self._open = next((place for place, id_ in enumerate(ids.tolist(), 1) if id_ not in marks), None)

    @property
    def title(self) -> str:
        """Where in the draw the page is."""
        if self.number == 0:
            return "Nothing to draw"
        return "End of the draw" if self.finished else f"Sample {self.place:,} of {self.number:,}"

    @property
    def what(self) -> str:
        """What is drawn, in one line."""
        of = {"both": "kept and removed", "kept": "kept", "removed": "removed"}[self.draw.of]
        how = f"at random, seed {self.draw.seed}" if self.draw.kind == "random" else "nearest to a threshold"
        return sentence(
            [
                f"{counted(self.number, 'sample')} of the {of}, {how}",
                f"source {self.draw.source}" if self.draw.source else None,
                f"stage {self.draw.stage}" if self.draw.stage else None,
            ]
        )

    @property
    def why_nothing(self) -> str:
        """Why the draw is empty."""
        if self.draw.kind == "boundary":
            return "No sample of this part of the catalogue has a score and a threshold it was held against."
        return "No sample of this catalogue is in this source and stage."

    @property
    def progress(self) -> str:
        """How many are marked."""
        skipped = f", {self.skipped:,} of them skipped" if self.skipped else ""
        return f"{self.marked:,} of {self.number:,} marked{skipped}"

    @property
    def said(self) -> str | None:
        """What was said of this sample in this draw."""
        return SAID[self._said] if self._said else None

    @property
    def buttons(self) -> list[Button]:
        """What can be said of it."""
        choices: list[tuple[Verdict, str, str]] = [
            ("keep", "k", "Belongs"),
            ("remove", "r", "Does not belong"),
            ("skip", "s", "Skip"),
        ]
        return [Button(verdict, key, label, verdict == self._said) for verdict, key, label in choices]

    @property
    def mark_url(self) -> str:
        """Where a mark is posted to."""
        return self.draw.looking_at(self.place).url("/audit/marks")

    @property
    def undo_url(self) -> str:
        """Where the last mark is taken back."""
        return self.draw.looking_at(self.place).url("/audit/undo")

    @property
    def previous_url(self) -> str | None:
        """The place before."""
        return self.draw.looking_at(self.place - 1).url() if self.place > 1 else None

    @property
    def next_url(self) -> str | None:
        """The place after, marked or not."""
        return None if self.finished else self.draw.looking_at(self.place + 1).url()

    @property
    def estimates_url(self) -> str:
        """The estimates, with this draw in the form."""
        return replace(self.draw, at=None).url()

    @property
    def open_url(self) -> str | None:
        """The first place that nothing was said of."""
        return self.draw.looking_at(self._open).url() if self._open else None

    @property
    def more_url(self) -> str | None:
        """The same draw with twice as many, behind the last of this one; None where there are no more."""
        twice = min(2 * self.draw.n, MAX_N)
        if self.number < self.draw.n or twice == self.draw.n:
            return None
        return replace(self.draw, n=twice, at=self.number + 1).url()

    @property
    def looked(self) -> Looked:
        """The sample itself."""
        return self._looked(self._drawn.row)

    @property
    def decided(self) -> str:
        """What the pipeline decided."""
        return "kept" if self._drawn.row["stage"] == KEPT else f"removed: {self._drawn.row['stage']}"

    @property
    def is_kept(self) -> bool:
        """Whether the pipeline kept it."""
        return bool(self._drawn.row["stage"] == KEPT)

    @property
    def subtitle(self) -> str:
        """Source and class."""
        return sentence([self._drawn.row["source"], self._drawn.row["class"]])

    @property
    def ledger(self) -> list[Sentence]:
        """What became of it and why."""
        return ledger_sentences(self._drawn)

    @property
    def scores(self) -> list[Score]:
        """Its scores, and the thresholds they were held against."""
        found = []
        for stage, column in SCORE_COLUMNS.items():
            value, threshold = self._drawn.row[column], threshold_of(self._catalogue, stage)
            if value is None:
                continue
            held = "no threshold" if threshold is None else f"threshold {threshold:.4f}"
            subsets = judged_by(self._catalogue, stage).subset
            if threshold is not None and subsets and self._drawn.row["subset"] not in subsets:
                held = "its subset is not judged"
            found.append(Score(_SCORES[stage], f"{value:.4f}", held))
        return found

    @property
    def keeper(self) -> Looked | None:
        """For a duplicate, the copy it lost to."""
        keeper = self._drawn.ledger.get("keeper")
        rows = [] if keeper is None else fetch_rows(self._catalogue, [int(keeper)])
        return self._looked(rows[0]) if rows else None

    @property
    def next_picture(self) -> str | None:
        """Address of the picture that comes next, to be fetched while this one is looked at."""
        rows = [] if self._next is None else fetch_rows(self._catalogue, [self._next], ("file",))
        return (
            image_url(self._catalogue, rows[0]["id"], SCREEN_PIXELS)
            if rows and rows[0]["file"] is not None
            else None
        )

    @property
    def like_url(self) -> str | None:
        """Samples like it, where it has a picture."""
        return Query(like=(self._drawn.id,)).url("/") if self._drawn.row["has_vector"] else None

    @property
    def _drawn(self) -> Sample:
        if self.sample is None:
            raise ValueError("the draw has ended")
        return self.sample

    def _looked(self, row: Mapping[str, Any]) -> Looked:
        id_ = int(row["id"])
        return Looked(
            id=id_,
            url=f"/samples/{id_}",
            image=image_url(self._catalogue, id_, SCREEN_PIXELS) if row["file"] is not None else None,
            caption=row["generated_caption"] or row["caption"] or "",
            width=row["width"] or 256,
            height=row["height"] or 256,
        )
