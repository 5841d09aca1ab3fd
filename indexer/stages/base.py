"""What a stage is: a pure decision over facts that were measured before, and its own settings.

Nothing is measured here, so the same facts can be decided upon as often as a person likes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, Protocol

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator

from indexer.near import NearPairs, NearQuery

Subsets = tuple[str, ...] | Literal["all"]
WEB: Subsets = ("PUB11",)
"""What RS5M filtered; its RS3 was taken whole."""


class StageSettings(BaseModel):
    """Settings of one stage: what its table in a TOML file may hold."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _lists_are_tuples(cls, value: object, info: ValidationInfo) -> object:
        return tuple(value) if isinstance(value, list) else value

    def changed(self, changes: Mapping[str, object]) -> dict[str, object]:
        """What the table holds after `changes`, before it is checked; only what differs from the defaults."""
        return self.model_dump(exclude_unset=True) | dict(changes)


class Near(Protocol):
    """Finds near-duplicates among some samples; remembers what it found before."""

    def __call__(self, query: NearQuery) -> NearPairs:
        """The pairs that `query` asks for."""
        ...


@dataclass(frozen=True, slots=True)
class Facts:
    """What stages decide from.

    Attributes:
        connection: has the view `remaining`: of every sample that no earlier stage removed the columns `id`,
            `key`, `source`, `subset`, `caption`, `url`, `sha256`, `has_vector`, and `fault_stage`,
            `fault` and `fault_detail`, null where reading found no fault. For stages that judge by score it
            also has the table `population` (`id`, `subset`): all samples with a vector that were there when
            the first such stage ran, and `removed` (`id`, ...). Temporary tables may be made.
        samples: how many were read.
        scores: by name, float32 (samples,), NaN where a sample has none.
        vectors: float16 (samples, d), of length 1 or all zeros.
        near: finds near-duplicates.
        notes: by score, why there is none.
    """

    connection: duckdb.DuckDBPyConnection
    samples: int
    scores: Mapping[str, NDArray[np.float32]]
    vectors: NDArray[np.float16]
    near: Near
    notes: Mapping[str, str] = field(default_factory=dict)


JUDGED = pa.schema(
    [
        ("id", pa.int64()),
        ("removed", pa.bool_()),
        ("reason", pa.string()),
        ("detail", pa.string()),
        ("score", pa.float64()),
        ("threshold", pa.float64()),
        ("keyword", pa.string()),
        ("keeper", pa.int64()),
        ("cluster", pa.int64()),
    ]
)
"""What a stage says about a sample; what it has nothing to say about it leaves out.

`removed` says whether the sample goes; `reason` is a short code, the same for every sample removed for this
reason; `detail` a sentence that names file, row or field. The others are as in the ledger.
"""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a stage decided.

    Attributes:
        judged: rows with the columns of `JUDGED`, each sample at most once; absent columns are null.
        report: what is to be known of the decision as a whole, as JSON values.
    """

    judged: duckdb.DuckDBPyRelation | pa.Table
    report: dict[str, Any] = field(default_factory=dict)


class Stage(Protocol):
    """One step of the filter pipeline.

    Attributes:
        name: what a TOML file, the ledger and the pages call it.
        Settings: its settings, all with defaults, which are RS5M's.
        by_score: whether it judges by score; such stages share the population that the first of them found.
    """

    name: ClassVar[str]
    Settings: ClassVar[type[StageSettings]]
    by_score: ClassVar[bool]

    def __init__(self, settings: Any) -> None: ...

    def judge(self, facts: Facts) -> Judgement:
        """Decide upon the remaining samples."""
        ...


def among(subsets: Subsets) -> str:
    """SQL condition: the sample is of one of `subsets`."""
    if subsets == "all":
        return "true"
    return f"subset IN ({', '.join(quoted(name) for name in subsets) or 'NULL'})"


def quoted(text: str) -> str:
    """`text` as a literal, for where SQL takes no parameter."""
    return "'" + text.replace("'", "''") + "'"
