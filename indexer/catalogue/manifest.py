"""The manifest: the last file a run writes, and what makes a folder a catalogue."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from indexer.catalogue.layout import JOB, MANIFEST
from indexer.catalogue.schema import FORMAT_VERSION
from indexer.catalogue.search_settings import SearchSettings
from indexer.errors import UserError

FORMAT = "rs5m-catalogue"
_GIVE_A_FOLDER = "Give the folder that `rs5m index --out` made."


class OtherFormatError(UserError):
    """The catalogue is of a format that this version does not read."""


@dataclass(frozen=True, slots=True)
class SourceCount:
    """How many samples of one source a catalogue holds."""

    source: str
    subset: str
    samples: int
    kept: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a catalogue is and how it was built.

    It holds no time and no machine name, so that equal runs write equal bytes.

    Attributes:
        encoder: what `Encoder.describe()` gave; `name`, `weights_sha256` and `dimension` at least.
        samples: rows, kept and removed.
        kept: rows no stage removed.
        vectors: rows that have an image vector.
        sources: counts by source and subset, largest first.
        inputs: paths as the command named them.
        options: every option that decides the result.
        stages: stages in the order they ran.
        settings: settings of each of them, by stage, as in a TOML file of stages.
        reports: what each of them found out, by stage: of `vlm` and `detector` the samples judged
            (`population`) and the `threshold`; of `keyword` the rows `read` and `kept` of raw lists, by
            source (`lists`).
        joins: one report a metadata file (`file`, `rows`, `joined`, `not_joined`).
        hashes: SHA-256 by part: files by name, tables by `samples`, `ledger` and `shards`.
        job: fingerprint of inputs, options and encoder; the same command gives the same one.
        written_by: package name and version.
        search: how hard the vector index is searched; `rs5m tune` may change it, so it is no part of the
            identity.
        format: always `rs5m-catalogue`.
        version: format version.
        catalogue_id: first 12 hexadecimal digits of the SHA-256 of all of the above but `search`.
    """

    encoder: dict[str, Any]
    samples: int
    kept: int
    vectors: int
    sources: tuple[SourceCount, ...]
    inputs: tuple[str, ...]
    options: dict[str, Any]
    stages: tuple[str, ...]
    settings: dict[str, dict[str, Any]]
    reports: dict[str, dict[str, Any]]
    joins: tuple[dict[str, Any], ...]
    hashes: dict[str, str]
    job: str
    written_by: str
    search: SearchSettings = field(default_factory=SearchSettings)
    format: str = FORMAT
    version: int = FORMAT_VERSION
    catalogue_id: str = ""

    def identified(self) -> Manifest:
        """The same manifest with its `catalogue_id` filled in."""
        return replace(self, catalogue_id=_identity(self))

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, UTF-8, one trailing newline."""
        return json.dumps(asdict(self), indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read and check the manifest of `folder`.

        Raises:
            UserError: `folder` is no catalogue, is unfinished, is of another format version, or its
                manifest is damaged.
        """
        if not folder.exists():
            raise UserError(f"{folder} does not exist.", _GIVE_A_FOLDER)
        if not folder.is_dir():
            raise UserError(f"{folder} is a file, not a catalogue.", _GIVE_A_FOLDER)
        path = folder / MANIFEST
        try:
            content = json.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            raise _not_a_catalogue(folder) from None
        except OSError as error:
            raise UserError(f"{path} cannot be read: {error.strerror}.", "Check its permissions.") from None
        except ValueError as error:
            raise _damaged(path, str(error)) from None
        return cls._from_dict(content, path)

    @classmethod
    def _from_dict(cls, content: object, path: Path) -> Manifest:
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise UserError(f"{path} does not describe a catalogue.", _GIVE_A_FOLDER)
        if content.get("version") != FORMAT_VERSION:
            raise OtherFormatError(
                f"{path.parent} is a catalogue of format {content.get('version')}; "
                f"this version reads format {FORMAT_VERSION}.",
                "Build it again with `rs5m index ... --overwrite`.",
            )
        missing = [known.name for known in fields(cls) if known.name not in content]
        if missing:
            raise _damaged(path, f"{', '.join(missing)} missing")
        try:
            known = {one.name: content[one.name] for one in fields(cls)}
            known["sources"] = tuple(SourceCount(**count) for count in known["sources"])
            known["search"] = SearchSettings.from_dict(known["search"])
            for name in ("inputs", "stages", "joins"):
                known[name] = tuple(known[name])
            manifest = cls(**known)
        except (TypeError, KeyError) as error:
            raise _damaged(path, str(error)) from None
        if manifest.catalogue_id != _identity(manifest):
            raise _damaged(path, "its content does not match its catalogue_id")
        return manifest


def _identity(manifest: Manifest) -> str:
    return hashlib.sha256(
        replace(manifest, catalogue_id="", search=SearchSettings()).to_json().encode()
    ).hexdigest()[:12]


def _damaged(path: Path, detail: str) -> UserError:
    return UserError(f"{path} is damaged: {detail}.", "Build the catalogue again with --overwrite.")


def _not_a_catalogue(folder: Path) -> UserError:
    if (folder / JOB).exists():
        return UserError(
            f"{folder} is an unfinished catalogue.", "Run the same `rs5m index` command again to finish it."
        )
    return UserError(f"{folder} is not a catalogue: it has no {MANIFEST}.", _GIVE_A_FOLDER)
