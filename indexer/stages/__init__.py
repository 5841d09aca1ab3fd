"""Filter stages: one class and one file each, registered here by one line.

Stages that judge a sample by itself run while shards are read, in the order given; those that need the whole
table run after them, in the order given. The first stage that removes a sample is the one the ledger names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.errors import UserError
from indexer.stages.base import CatalogueStage, SampleStage, Verdict
from indexer.stages.duplicate import Duplicate
from indexer.stages.invalid import Invalid
from indexer.stages.keyword import Keyword

SAMPLE_STAGES: dict[str, type[SampleStage]] = {
    "keyword": Keyword,
    "invalid": Invalid,
}
CATALOGUE_STAGES: dict[str, type[CatalogueStage]] = {
    "duplicate": Duplicate,
}

DEFAULT_STAGES = ("invalid", "duplicate")


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The stages of one run, in the order they run."""

    samples: tuple[SampleStage, ...]
    catalogue: tuple[CatalogueStage, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all stages, in the order they run."""
        return (*(stage.name for stage in self.samples), *(stage.name for stage in self.catalogue))


def open_stages(names: Sequence[str]) -> Pipeline:
    """Make the stages called `names`.

    `invalid` is added where it is missing: an image that cannot be read has no vector and nothing to show.

    Raises:
        UserError: a name is unknown or given twice.
    """
    known = (*SAMPLE_STAGES, *CATALOGUE_STAGES)
    for name in names:
        if name not in known:
            raise UserError(f"There is no stage '{name}'.", f"Stages are: {', '.join(known)}.")
        if names.count(name) > 1:
            raise UserError(f"Stage '{name}' is given twice.", "Name each stage once.")
    if Invalid.name not in names:
        names = (*names, Invalid.name)
    return Pipeline(
        samples=tuple(SAMPLE_STAGES[name]() for name in names if name in SAMPLE_STAGES),
        catalogue=tuple(CATALOGUE_STAGES[name]() for name in names if name in CATALOGUE_STAGES),
    )


__all__ = ["DEFAULT_STAGES", "CatalogueStage", "Pipeline", "SampleStage", "Verdict", "open_stages"]
