"""What a run tells while it goes on."""

from __future__ import annotations


class Progress:
    """Listens to a run; this one stays silent. A command line shows it, a test counts."""

    def started(
        self, shards: int, shards_done: int, samples: int | None, samples_done: int, removed: int
    ) -> None:
        """A run begins or goes on.

        Args:
            shards: number of all shards.
            shards_done: those an earlier run finished.
            samples: number of all samples, if the shards know.
            samples_done: those in finished shards.
            removed: removed ones among them.
        """

    def advanced(self, samples: int, removed: int, shards: float) -> None:
        """More is encoded.

        Args:
            samples: number of further samples.
            removed: removed ones among them.
            shards: shards done so far, with the fraction of the one that is being read as far as it is known.
        """

    def already_complete(self) -> None:
        """The catalogue was finished before, by the same command; nothing is done."""

    def phase(self, what: str) -> None:
        """Putting the catalogue together has come to `what`."""
