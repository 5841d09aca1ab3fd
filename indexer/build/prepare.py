"""From a raw sample to a row of its part and the pixels for the encoder; runs in many threads."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from indexer.build.columns import clean_text, sort_columns, to_json
from indexer.captions import split_caption
from indexer.geo.image_place import ImagePlace
from indexer.images import BadImage, ImageLimits, decode, fingerprint, sha256
from indexer.names import TEMPLATED, caption_origin_of, patch_columns, source_of
from indexer.records import ByteRange, Fault, RawSample
from indexer.values import coordinates

UNKNOWN = "unknown"
NOT_PARSED = "the caption is none of the templates that its source writes; no columns taken from it"


class Preprocessor(Protocol):
    """The part of an encoder that decoding threads use."""

    @property
    def image_size(self) -> int:
        """Side in pixels of what `preprocess` returns."""
        ...

    def preprocess(self, image: Image.Image) -> NDArray[np.uint8]:
        """Resize and crop one image."""
        ...


@dataclass(slots=True)
class Prepared:
    """One sample ready for its part.

    Attributes:
        row: by `PART_COLUMNS`.
        pixels: uint8 (s, s, 3) for the encoder; None where there is no usable image, or nothing to encode.
        vector: float16 (d,) that the sample brought; None where it has to be encoded.
    """

    row: dict[str, Any]
    pixels: NDArray[np.uint8] | None
    vector: NDArray[np.float16] | None = None


class Preparer:
    """Decodes, fingerprints and takes captions apart: the facts about one sample.

    Args:
        encoder: prepares pictures for itself; None where no sample has one.
        limits: what a picture may cost.
    """

    def __init__(self, encoder: Preprocessor | None, limits: ImageLimits) -> None:
        self._encoder = encoder
        self._limits = limits

    def __call__(self, raw: RawSample) -> Prepared:
        """Prepare one sample; what is wrong with it becomes part of its row."""
        row = _described(raw)
        fault, pixels = raw.fault, None
        if raw.location is not None:
            row |= _located(raw.location, row["notes"])
        if raw.image is not None:
            row |= {"bytes": len(raw.image), "sha256": sha256(raw.image)}
            if fault is None and self._encoder is not None:
                try:
                    pixels = _decoded(raw.image, row, self._encoder, self._limits)
                except BadImage as bad:
                    fault = bad.fault
        vector = raw.vector if fault is None else None
        row["has_vector"] = pixels is not None or vector is not None
        row |= _faulty(fault)
        return Prepared(row, pixels if vector is None else None, vector)


def _faulty(fault: Fault | None) -> dict[str, str | None]:
    if fault is None:
        return {"fault_stage": None, "fault": None, "fault_detail": None}
    return {
        "fault_stage": fault.stage,
        "fault": clean_text(fault.reason),
        "fault_detail": clean_text(fault.detail),
    }


def _decoded(
    data: bytes, row: dict[str, Any], encoder: Preprocessor, limits: ImageLimits
) -> NDArray[np.uint8]:
    decoded = decode(data, limits, target=encoder.image_size)
    row["width"], row["height"] = decoded.width, decoded.height
    if decoded.place is not None:
        _add_place(decoded.place, row)
    row["phash"] = fingerprint(decoded.image)
    return encoder.preprocess(decoded.image)


def _add_place(place: ImagePlace, row: dict[str, Any]) -> None:
    """Where the image file lies, unless the source says so itself."""
    if row.get("latitude") is not None:
        return
    if place.latitude is None or place.longitude is None:
        row["notes"].append(place.note)
        return
    try:
        latitude, longitude = coordinates(place.latitude, place.longitude)
    except ValueError as error:
        row["notes"].append(f"{place.origin}: {error}; left out")
        return
    row["latitude"], row["longitude"] = round(latitude, 7), round(longitude, 7)
    row["geo_origin"] = place.origin
    row["point_kind"] = "centre" if place.origin == "geotiff" else None


def _described(raw: RawSample) -> dict[str, Any]:
    """Everything that the sample's source, name and caption say."""
    given, extra, remarks = sort_columns(raw.columns)
    given = _with_place({}, given, given.get("geo_origin") or "table")
    given = _with_place(given, patch_columns(raw.name), "patch_name")
    source = given.get("source")
    named = source_of(raw.name)
    if source is None and named is not None:
        source = named[0]
        given["source"] = source
        given.setdefault("subset", named[1])
    caption = None if raw.caption is None else clean_text(raw.caption)
    parts = split_caption(caption, caption_origin_of(source)) if caption else None
    if parts is not None:
        fitting, misfits, more = sort_columns(parts.columns)
        given = _with_place(given, fitting, "caption")
        if parts.meta is None and source in TEMPLATED and caption:
            remarks.append(NOT_PARSED)
        extra |= misfits
        remarks += more
        for name, value in (("meta_caption", parts.meta), ("generated_caption", parts.generated)):
            if value:
                given.setdefault(name, clean_text(value))
    given.setdefault("caption_origin", caption_origin_of(source))
    given.setdefault("source", UNKNOWN)
    given.setdefault("subset", UNKNOWN)
    return {
        **given,
        "key": clean_text(raw.key),
        "name": clean_text(raw.name),
        "caption": caption,
        "caption_chars": len(caption or ""),
        "extra": to_json(extra),
        "notes": [clean_text(note) for note in (*raw.notes, *remarks)],
    }


def _with_place(given: dict[str, Any], further: Mapping[str, Any], origin: str) -> dict[str, Any]:
    """`given` and what `further` adds to it; `origin` is where from, if that is the best of its place."""
    best = _tier(given)
    merged = {**further, **given}
    if _tier(merged) > best:
        merged["geo_origin"] = origin
    return merged


def _tier(columns: Mapping[str, Any]) -> int:
    """How much is known of a place: 3 a point, 2 a UTM zone, 1 a name, 0 nothing."""
    if columns.get("latitude") is not None and columns.get("longitude") is not None:
        return 3
    if columns.get("utm_zone") is not None:
        return 2
    return int(any(columns.get(name) for name in ("country", "city", "entities")))


def _located(location: ByteRange, notes: list[str]) -> dict[str, Any]:
    path = str(location.path.absolute())
    if clean_text(path) != path:
        notes.append("the file's name is not UTF-8, so its image cannot be shown")
        return {}
    return {
        "image_path": path,
        "image_path_bytes": os.stat(path).st_size,  # noqa: PTH116 - a Path object per sample is slower
        "offset": location.offset,
        "length": location.length,
    }
