"""The detector's head: from an encoder's image vectors to score c, the probability of remote sensing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from indexer.catalogue.blocks import read_blocks
from indexer.detector import head_file
from indexer.detector.facts import MadeFor, TrainedOn, read_facts
from indexer.detector.layers import Layer, check_layers, evaluate
from indexer.detector.measure import Measured
from indexer.errors import UserError


@dataclass(frozen=True, slots=True, eq=False)
class DetectorHead:
    """Logistic regression on unit vectors, with or without one hidden layer of rectified units.

    Attributes:
        name: what manifests and pages call it.
        encoder: the encoder it was made for.
        layers: one affine map, or two with max(0, x) between; the last gives one number, whose logistic is
            the probability.
        trained_on: what it learned from.
        unseen: how well it does on samples it did not learn from.
    """

    name: str
    encoder: MadeFor
    layers: tuple[Layer, ...]
    trained_on: TrainedOn
    unseen: Measured

    @classmethod
    def load(cls, path: Path, encoder: Mapping[str, Any] | None = None) -> Self:
        """Read a head that `save` wrote.

        Args:
            path: its JSON file.
            encoder: what `Encoder.describe()` gave, where the head must fit it.

        Raises:
            UserError: the file is missing, no head, damaged or of another version, or the head was trained
                on another encoder.
        """
        content = head_file.read(path)
        try:
            made_for = read_facts(MadeFor, content["encoder"])
            layers = tuple(Layer.from_lists(one) for one in content["layers"])
            check_layers(layers, made_for.dimension)
            trained_on = read_facts(TrainedOn, content["trained_on"])
            unseen = Measured.from_dict(content["unseen"])
            head = cls(str(content["name"]), made_for, layers, trained_on, unseen)
        except KeyError as error:
            raise head_file.damaged(path, f"{error.args[0]} is missing") from None
        except (TypeError, ValueError) as error:
            raise head_file.damaged(path, str(error)) from None
        if encoder is not None and not head.fits(encoder):
            raise UserError(
                f"The head {path} was trained on vectors of {_named(asdict(made_for))}, "
                f"these are of {_named(encoder)}.",
                "Train one with `rs5m train-detector` on a catalogue of this encoder.",
            )
        return head

    def save(self, path: Path) -> None:
        """Write the head as readable JSON, whole or not at all.

        Raises:
            UserError: `path` cannot be written.
        """
        head_file.write(path, self._json())

    @property
    def sha256(self) -> str:
        """Hex SHA-256 of the file that `save` writes."""
        return hashlib.sha256(self._json().encode()).hexdigest()

    def fits(self, encoder: Mapping[str, Any]) -> bool:
        """Whether it reads the vectors of an encoder, given as `Encoder.describe()` or a manifest has it."""
        return (
            encoder.get("weights_sha256") == self.encoder.weights_sha256
            and encoder.get("dimension") == self.encoder.dimension
        )

    def probabilities(self, vectors: NDArray[np.float16] | NDArray[np.float32]) -> NDArray[np.float32]:
        """Score c of each vector.

        Args:
            vectors: (n, dimension), of length 1, or all zeros where a sample has none. They are read in
                blocks, so that a memory map of any length will do.

        Returns:
            float32 (n,) from 0 to 1; NaN for rows that are all zeros.

        Raises:
            UserError: the vectors are of another length.
        """
        if vectors.ndim != 2 or vectors.shape[1] != self.encoder.dimension:
            raise UserError(
                f"The head {self.name} reads vectors of {self.encoder.dimension:,} numbers, "
                f"these have {vectors.shape[-1]:,}.",
                "Use a head that was trained on this encoder.",
            )
        found = np.empty(len(vectors), np.float32)
        for start, block in read_blocks(vectors):  # type: ignore[arg-type]
            scores = evaluate(self.layers, block.astype(np.float32))
            found[start : start + len(block)] = np.where(block.any(axis=1), scores, np.nan)
        return found

    def describe(self) -> dict[str, Any]:
        """What a manifest keeps of the head, in JSON's own types.

        `accuracy`, `precision`, `recall`, `specificity` and `auc` are of the `unseen` samples; `intervals`
        has the two ends of the 95 % interval of each.
        """
        intervals = self.unseen.intervals
        return {
            "name": self.name,
            "sha256": self.sha256,
            "encoder": asdict(self.encoder),
            "trained_on": asdict(self.trained_on),
            "unseen": {
                "remote_sensing": self.unseen.remote_sensing,
                "other": self.unseen.other,
                "what": self.trained_on.unseen_what,
            },
            **{name: getattr(self.unseen, name) for name in intervals},
            "intervals": {name: list(ends) for name, ends in intervals.items()},
        }

    def _json(self) -> str:
        return head_file.to_json(
            {
                "name": self.name,
                "encoder": asdict(self.encoder),
                "trained_on": asdict(self.trained_on),
                "unseen": asdict(self.unseen),
                "layers": [layer.to_lists() for layer in self.layers],
            }
        )


def _named(encoder: Mapping[str, Any]) -> str:
    return f"{encoder.get('name')} (weights {str(encoder.get('weights_sha256'))[:12]})"
