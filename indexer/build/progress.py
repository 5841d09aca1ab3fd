"""What a run tells while it goes on."""

from __future__ import annotations

from collections.abc import Sequence


class Progress:
    """Listens to a run; this one stays silent. A command line shows it, a test counts."""

    def started(
        self, shards: int, shards_done: int, samples: int | None, samples_done: int, faulty: int
    ) -> None:
        """A run begins or goes on.

        Args:
            shards: number of all shards.
            shards_done: those an earlier run finished.
            samples: number of all samples, if the shards know.
            samples_done: those in finished shards.
            faulty: those among them that cannot be used.
        """

    def advanced(self, samples: int, faulty: int, shards: float) -> None:
        """More is encoded.

        Args:
            samples: number of further samples.
            faulty: those among them that cannot be used.
            shards: shards done so far, with the fraction of the one that is being read as far as it is known.
        """

    def already_complete(self) -> None:
        """The catalogue was finished before, by the same command; nothing is done."""

    def resumed(self, done: Sequence[str], left: Sequence[str]) -> None:
        """Putting the catalogue together goes on: steps that an earlier run did, and those left to do."""

    def phase(self, what: str, total: int | None = None, unit: str = "samples") -> None:
        """Putting the catalogue together has come to `what`.

        Args:
            what: in words for a person.
            total: how much there is to do, if `reached` will tell how much of it is done.
            unit: what is counted.
        """

    def reached(self, done: int) -> None:
        """So much of the current phase's total is done."""
