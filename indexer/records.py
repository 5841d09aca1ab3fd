"""What flows from a source to the catalogue: one record per image-text pair."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Where an image's bytes lie; the catalogue keeps this instead of a copy of the image.

    Attributes:
        path: a plain file or an uncompressed tar.
        offset: first byte of the image.
        length: number of bytes.
    """

    path: Path
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a sample cannot be used.

    Attributes:
        reason: short code, `snake_case`, the same for every sample with this fault (`zero_bytes`).
        detail: a sentence a person understands, naming file, row or field.
        stage: stage that the fault belongs to: `download` or `invalid`.
    """

    reason: str
    detail: str
    stage: str = "invalid"


@dataclass(slots=True)
class RawSample:
    """One image-text pair as its source gives it, before anything is decided about it.

    Attributes:
        key: unique within the run's sources (tar key, relative path, row name).
        name: the image name the dataset itself uses; metadata is joined by it.
        caption: text, or None where there is none.
        image: encoded image bytes, or None for a caption-only sample.
        location: where `image` was read from; None for a caption-only sample.
        columns: further values by catalogue column name (`latitude`, `class`, `url`, ...); names that are no
            catalogue column end up in the sample's `extra` JSON.
        notes: remarks that do not remove the sample ("caption is not UTF-8; ...").
        fault: set when the source itself could not read the sample; the `invalid` stage records it.
        vector: the image's vector where it is known already, float16 (d,) of length 1 in the run's encoder's
            space; the image, if there is one, is then not encoded.
    """

    key: str
    name: str
    caption: str | None = None
    image: bytes | None = None
    location: ByteRange | None = None
    columns: dict[str, object] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    fault: Fault | None = None
    vector: NDArray[np.float16] | None = None


class Shard(Protocol):
    """The unit of indexing work: one tar, or one slice of a folder or table.

    `name` stands in progress, errors and `rs5m info`; `kind` is `rs5m`, `webdataset`, `downloads`
    (failed ones), `folder`, `table` or `synth`;
    `fingerprint` keeps a resumed run from mixing old input with new.
    """

    @property
    def name(self) -> str:
        """Stable and unique within a run."""
        ...

    @property
    def kind(self) -> str:
        """The source kind that made it."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes when the input changes."""
        ...

    @property
    def samples(self) -> int | None:
        """Number of samples, where it is known without reading."""
        ...

    def read(self) -> Iterator[RawSample]:
        """Yield every sample once, in a fixed order; a damaged one has `fault` set and never raises."""
        ...


class ReadyShard(Shard, Protocol):
    """A shard whose samples bring their vectors and no pictures, so that nothing of it has to be encoded.

    Worker processes make its part, so it must be picklable.
    """

    @property
    def brings_vectors(self) -> Literal[True]:
        """Tells it from other shards."""
        ...
