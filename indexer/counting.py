"""What a run that works through one long row of things tells while it goes on."""

from __future__ import annotations


class Counting:
    """Listens to a run; this one stays silent. A command line shows it, a test counts."""

    def began(self, what: str, total: int, done: int, unit: str) -> None:
        """A run begins or goes on.

        Args:
            what: in words for a person.
            total: how much there is to do; about, where that is not known before.
            done: how much an earlier run has done.
            unit: what is counted.
        """

    def reached(self, done: int, note: str = "") -> None:
        """So much of the total is done; `note` says what came of it."""

    def remarked(self, line: str) -> None:
        """Something a person should know of."""
