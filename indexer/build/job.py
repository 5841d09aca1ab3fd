"""The identity of a run: what it reads, with which options and which encoder.

A run that goes on after an interruption must be the same run, or its parts would not fit together.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from indexer.build.options import BuildOptions
from indexer.catalogue.finish import WRITTEN_BY, replace_file
from indexer.catalogue.layout import JOB
from indexer.errors import UserError
from indexer.records import Shard


@dataclass(frozen=True, slots=True)
class Job:
    """What decides the facts that a run gathers.

    Attributes:
        shards: name to fingerprint, in reading order.
        options: the options that decide the result, as JSON values.
        encoder: what `Encoder.describe()` gave.
        written_by: this package and its version; another one may decide otherwise.
    """

    shards: dict[str, str]
    options: dict[str, Any]
    encoder: dict[str, Any]
    written_by: str = WRITTEN_BY

    @property
    def fingerprint(self) -> str:
        """SHA-256 over all of it."""
        return hashlib.sha256(self._json().encode()).hexdigest()

    def _json(self) -> str:
        # Reading order counts: it numbers the samples.
        return json.dumps(asdict(self) | {"order": list(self.shards)}, sort_keys=True, ensure_ascii=False)

    def save(self, folder: Path) -> None:
        """Write the job into `folder`."""
        replace_file(folder / JOB, self._json().encode())

    @classmethod
    def load(cls, folder: Path) -> Job | None:
        """The job that `folder` was started with; None if none was, or if its file is damaged."""
        try:
            content = json.loads((folder / JOB).read_text("utf-8"))
            order = content.pop("order")
            return cls(**(content | {"shards": {name: content["shards"][name] for name in order}}))
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def differences(self, other: Job) -> list[str]:
        """What differs in `other`, in words a person understands."""
        found = []
        for name, value in other.options.items():
            if value != self.options.get(name):
                found.append(f"{name} is {_shown(value)}, was {_shown(self.options.get(name))}")
        if self.encoder != other.encoder:
            found.append(f"the encoder is {other.encoder.get('name')}, was {self.encoder.get('name')}")
        if self.encoder.get("name") == other.encoder.get("name") and self.encoder != other.encoder:
            found[-1] = f"the weights of encoder {other.encoder.get('name')} changed"
        new, gone = other.shards.keys() - self.shards.keys(), self.shards.keys() - other.shards.keys()
        changed = [
            name
            for name in self.shards.keys() & other.shards.keys()
            if self.shards[name] != other.shards[name]
        ]
        for names, what in ((changed, "changed"), (new, "not there before"), (gone, "no longer there")):
            if names:
                found.append(f"{min(names)}{_and_more(len(names))} {what}")
        if not found and list(self.shards) != list(other.shards):
            found.append("the inputs are in another order")
        if self.written_by != other.written_by:
            found.append(f"the program is {other.written_by}, was {self.written_by}")
        return found


def job_of(shards: Sequence[Shard], options: BuildOptions, encoder: dict[str, Any]) -> Job:
    """The job of a run over `shards`.

    Raises:
        UserError: two shards have one name, or a metadata file cannot be read.
    """
    fingerprints: dict[str, str] = {}
    for shard in shards:
        if shard.name in fingerprints:
            raise UserError(f"{shard.name} is given twice.", "Name each input once.")
        fingerprints[shard.name] = shard.fingerprint
    return Job(fingerprints, deciding_options(options), encoder)


def deciding_options(options: BuildOptions) -> dict[str, Any]:
    """The options that decide what is read, as JSON values; the encoder is told by its weights instead.

    Stages are not among them: they decide upon what was read, and may be set otherwise later.

    Raises:
        UserError: a metadata file cannot be read.
    """
    return {
        # By name and content: a folder that was moved as a whole is still the same input.
        "joins": [f"{path.name} {_file_hash(path)[:16]}" for path in options.joins],
        **{f"sources.{name}": value for name, value in asdict(options.sources).items()},
        **{f"limits.{name}": value for name, value in asdict(options.limits).items()},
    }


def _file_hash(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise UserError(
            f"{path} cannot be read: {error.strerror}.", "Give a metadata file of RS5M with --join."
        ) from None


def _shown(value: object) -> str:
    if isinstance(value, list | dict):
        return ", ".join(value) or "none"
    return "not given" if value is None else str(value)


def _and_more(count: int) -> str:
    return f" and {count - 1:,} more" if count > 1 else ""
