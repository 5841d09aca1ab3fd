"""The numbers of a head: affine maps on unit vectors, and the logistic function at their end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """An affine map.

    Attributes:
        weights: float32 (out, in).
        bias: float32 (out,).
    """

    weights: Floats
    bias: Floats

    def __call__(self, inputs: Floats) -> Floats:
        """Map float32 (n, in) to (n, out)."""
        return inputs @ self.weights.T + self.bias

    def to_lists(self) -> dict[str, list[Any]]:
        """Plain numbers, each the shortest decimal that reads back as the same float32."""
        return {"weights": [_decimals(row) for row in self.weights], "bias": _decimals(self.bias)}

    @classmethod
    def from_lists(cls, content: Any) -> Self:
        """Read what `to_lists` gave.

        Raises:
            KeyError: weights or bias are missing.
            TypeError: `content` is no mapping.
            ValueError: they are not numbers, or not in rows of one length.
        """
        return cls(_array(content["weights"], 2), _array(content["bias"], 1))


def evaluate(layers: Sequence[Layer], vectors: Floats) -> Floats:
    """The probability that layers give to each of float32 (n, d): rectified between, logistic at the end."""
    for layer in layers[:-1]:
        vectors = np.maximum(layer(vectors), 0)
    return logistic(layers[-1](vectors)[:, 0])


def logistic(values: Floats) -> Floats:
    """1 / (1 + exp(-x)), without overflow at either end."""
    small = np.exp(-np.abs(values))
    return np.asarray(np.where(values >= 0, 1, small) / (1 + small), np.float32)


def check_layers(layers: Sequence[Layer], dimension: int) -> None:
    """Check that layers lead from a vector of that length to one number.

    Raises:
        ValueError: they do not.
    """
    if len(layers) not in (1, 2):
        raise ValueError(f"it has {len(layers)} layers, where a head has one or two")
    width = dimension
    for number, layer in enumerate(layers, start=1):
        out = len(layer.bias)
        if layer.weights.shape != (out, width):
            rows, columns = layer.weights.shape
            raise ValueError(
                f"layer {number} has {rows} rows of {columns} weights instead of {out} rows of {width}"
            )
        if not (np.isfinite(layer.weights).all() and np.isfinite(layer.bias).all()):
            raise ValueError(f"layer {number} has a weight that is no finite number")
        width = out
    if width != 1:
        raise ValueError(f"its last layer gives {width} numbers instead of one")


def _decimals(row: Floats) -> list[float]:
    return [float(str(number)) for number in row.astype(np.float32)]


def _array(content: object, levels: int) -> Floats:
    try:
        with np.errstate(over="ignore"):  # becomes infinite, which `check_layers` refuses
            array = np.array(content, np.float64).astype(np.float32)
    except (ValueError, TypeError, OverflowError):
        raise ValueError("a weight is no number, or rows of weights differ in length") from None
    if array.ndim != levels:
        raise ValueError(f"weights or biases are nested {array.ndim} deep instead of {levels}")
    return array
