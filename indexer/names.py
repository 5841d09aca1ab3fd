"""What an image's name tells: the dataset it came from, and the keys metadata rows may call it by.

RS5M publishes a PUB11 sample's source nowhere but in its name (`laion2b_...`, `redcaps_...`), and its
metadata files leave the prefix out that the shards carry (`ben_258884.jpg` is `258884` there).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from indexer.captions import utm_columns

IMAGE_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".gif", ".bmp", ".jp2", ".j2k", ".jpe", ".jfif"}
)

PUB11 = "PUB11"
RS3 = "RS3"

# (source, subset, who writes its captions, prefixes as a pattern). Longer names stand before those they begin
# with.
_DATASETS: tuple[tuple[str, str, str, str], ...] = (
    ("FMoW", RS3, "model", r"fmow"),
    ("BigEarthNet", RS3, "model", r"ben|bigearthnet"),
    ("MillionAID", RS3, "model", r"millionaid|million[-_]aid"),
    ("LAIONCOCO", PUB11, "model", r"laion[-_]?coco"),
    ("LAION400M", PUB11, "web", r"laion[-_]?400m"),
    ("LAION2B", PUB11, "web", r"laion[-_]?2b(?:[-_]?en)?"),
    ("COYO700M", PUB11, "web", r"coyo(?:[-_]?700m)?"),
    ("CC12M", PUB11, "web", r"cc[-_]?12m"),
    ("CC3M", PUB11, "web", r"cc[-_]?3m"),
    ("YFCC15M", PUB11, "web", r"yfcc(?:[-_]?1[45]m|[-_]?100m)?"),
    ("Redcaps", PUB11, "web", r"redcaps"),
    ("SBU", PUB11, "web", r"sbu(?:captions)?"),
    ("WIT", PUB11, "web", r"wit"),
    ("VG", PUB11, "human", r"vg|visual[-_]?genome"),
)
# A prefix counts only before a separator and something with a digit: `wit_and_humour.jpg` is not of WIT.
_PREFIXES = tuple(
    (
        re.compile(rf"(?:{pattern})[-_](?=.*\d)", re.IGNORECASE),
        re.compile(pattern, re.IGNORECASE),
        source,
        subset,
    )
    for source, subset, _, pattern in _DATASETS
)
_SUBSETS = {source: subset for source, subset, _, _ in _DATASETS}
_ORIGINS = {source: origin for source, _, origin, _ in _DATASETS}


TEMPLATED = frozenset({"FMoW", "BigEarthNet"})
"""Sources whose captions begin with template sentences."""
# BigEarthNet's patches: `S2A_MSIL2A_20170717T113321_28_87`, and from version 2 on with orbit and tile,
# `S2B_MSIL2A_20180204T094161_N9999_R036_T35VNL_24_34`.
_PATCH = re.compile(
    r"S2[ABC]_MSIL2A_(?P<time>\d{8}T\d{6})(?:_N\d{4}_R\d{3}_T(?P<zone>\d{2})(?P<band>[C-HJ-NP-X])[A-Z]{2})?_\d+_\d+"
)


@dataclass(frozen=True, slots=True)
class JoinName:
    """A name taken apart for joining.

    Attributes:
        folder: parent folders, without RS5M's `static/`; empty where there are none.
        source: dataset that the prefix names, or None.
        stem: base name without prefix and image suffix, in lower case.
    """

    folder: str
    source: str | None
    stem: str

    @property
    def bare(self) -> bool:
        """Whether the stem is mere numbers, which any dataset may use for another image."""
        return self.stem.replace("_", "").isdecimal()


def source_of(name: str) -> tuple[str, str] | None:
    """Source and subset that an image name tells, or None.

    The base name's prefix decides (`fmow_stadium_211_3_msrgb.jpg`), else a parent folder of that very name
    (`redcaps/00001.jpg`). A URL tells nothing.

    >>> source_of("laion2b_0_1234.jpg")
    ('LAION2B', 'PUB11')
    """
    if "://" in name:
        return None
    *folders, base = _parts(name)
    for prefix, _, source, subset in _PREFIXES:
        if prefix.match(base):
            return source, subset
    for folder in reversed(folders):
        for _, whole, source, subset in _PREFIXES:
            if whole.fullmatch(folder):
                return source, subset
    return None


def patch_columns(name: str) -> dict[str, Any]:
    """What the name of a BigEarthNet patch tells: its time, and from version 2 on the UTM zone of its tile.

    >>> patch_columns("S2A_MSIL2A_20170717T113321_28_87.jpg")["month"]
    7
    """
    match = _PATCH.search(name)
    if match is None:
        return {}
    columns: dict[str, Any] = {"source": "BigEarthNet", "subset": RS3}
    try:
        taken_at = datetime.strptime(match["time"], "%Y%m%dT%H%M%S")
        columns |= {"taken_at": taken_at, "month": taken_at.month}
    except ValueError:  # a day or a second that does not exist
        pass
    if match["zone"] is not None:
        columns |= utm_columns(int(match["zone"]), band=match["band"])
    return columns


def subset_of(source: str | None) -> str | None:
    """RS5M's subset that a source belongs to, or None if the source is not RS5M's."""
    return _SUBSETS.get(source or "")


def caption_origin_of(source: str | None) -> str:
    """Who wrote a source's captions: `web`, `model`, `human`, or `unknown` if the source is not RS5M's."""
    return _ORIGINS.get(source or "", "unknown")


def join_name(name: str) -> JoinName:
    """Take a name apart so that RS5M's shards and its metadata files can be joined."""
    *folders, base = _parts(name)
    if folders[:1] == ["static"]:
        folders = folders[1:]
    stem, source = _without_suffix(base), None
    for prefix, _, dataset, _ in _PREFIXES:
        if match := prefix.match(stem):
            stem, source = stem[match.end() :], dataset
            break
    return JoinName("/".join(folders), source, stem.lower())


def has_image_suffix(name: str) -> bool:
    """Whether a file name ends like an image's."""
    return PurePosixPath(name).suffix.lower() in IMAGE_SUFFIXES


def _parts(name: str) -> list[str]:
    parts = [part for part in name.strip().replace("\\", "/").split("/") if part not in ("", ".")]
    return parts or [""]


def _without_suffix(base: str) -> str:
    suffix = PurePosixPath(base).suffix
    return base[: -len(suffix)] if suffix.lower() in IMAGE_SUFFIXES else base
