"""What a head says of itself: the encoder it was made for, and what it learned from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar


@dataclass(frozen=True, slots=True)
class MadeFor:
    """The encoder whose vectors a head reads.

    Attributes:
        name: what `--encoder` called it.
        weights_sha256: SHA-256 of its weights; the head fits no other.
        dimension: length of a vector.
    """

    name: str
    weights_sha256: str
    dimension: int


@dataclass(frozen=True, slots=True)
class TrainedOn:
    """What a head learned from, and how.

    Attributes:
        what: where the labelled samples are from, in words.
        remote_sensing: samples of that class.
        other: samples of the other class.
        unseen_what: where the samples are from that it was measured on.
        l2: strength of the penalty on the squared weights.
        balanced: whether both classes weighed the same, however many samples they have.
        hidden: width of the hidden layer; 0 for none.
        seed: of the split, and of the first weights of a hidden layer.
    """

    what: str
    remote_sensing: int
    other: int
    unseen_what: str
    l2: float
    balanced: bool
    hidden: int
    seed: int


Facts = TypeVar("Facts", MadeFor, TrainedOn)

_TYPES: Mapping[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (int, float),
    "bool": (bool,),
}


def read_facts(kind: type[Facts], content: Any) -> Facts:
    """Make one of these dataclasses of what JSON gave.

    Raises:
        KeyError: a field is missing.
        TypeError: `content` is no mapping.
        ValueError: a value is of another type than its field.
    """
    values = {one.name: content[one.name] for one in fields(kind)}
    for one in fields(kind):
        # Not isinstance: true is an int to Python.
        if type(values[one.name]) not in _TYPES[str(one.type)]:
            raise ValueError(f"{one.name} is {values[one.name]!r}, where a value of type {one.type} belongs")
    return kind(**values)
