"""What a person may say about a source that the files do not say themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from indexer.errors import UserError
from indexer.records import RawSample
from indexer.values import coordinates

MEBIBYTE = 1 << 20
_NUMBER = r"-?\d{1,3}(?:\.\d+)?"
COORDINATE_PRESETS = {
    "lon_lat": rf"^(?P<lon>{_NUMBER})_(?P<lat>{_NUMBER})",
    "lat_lon": rf"^(?P<lat>{_NUMBER})_(?P<lon>{_NUMBER})",
}


@dataclass(frozen=True)
class SourceOptions:
    """Options that every source kind understands.

    Attributes:
        rows_per_shard: samples in one slice of a folder or table.
        coordinates_pattern: regular expression over the file name, with groups `lat` and `lon` in degrees; or
            one of the words in `COORDINATE_PRESETS`.
        source: dataset name for every sample, in place of the one its name tells.
        subset: subset name for every sample.
        caption_origin: `web`, `model`, `human` or `unknown` for every sample.
        name_column: column of a table that names the image, where the usual names do not find it.
        caption_column: column of a table that holds the caption.
        class_from_folder: in a folder of images, the folder an image lies in is its class where no table says
            one.
        max_image_bytes: a larger image is not read.
        key_prefix: put before the keys of a folder; `find_shards` sets it where several folders are indexed
            together.

    Raises:
        UserError: a pattern, origin or number that cannot be used.
    """

    rows_per_shard: int = 2000
    coordinates_pattern: str | None = None
    source: str | None = None
    subset: str | None = None
    caption_origin: str | None = None
    name_column: str | None = None
    caption_column: str | None = None
    class_from_folder: bool = False
    max_image_bytes: int = 64 * MEBIBYTE
    key_prefix: str = ""

    def __post_init__(self) -> None:
        if self.rows_per_shard < 1:
            raise UserError(f"{self.rows_per_shard} rows per shard cannot be.", "Give 1 or more.")
        if self.caption_origin not in (None, "web", "model", "human", "unknown"):
            raise UserError(
                f"'{self.caption_origin}' is no caption origin.", "Give one of web, model, human, unknown."
            )
        _ = self.coordinates

    @cached_property
    def coordinates(self) -> re.Pattern[str] | None:
        """The compiled coordinates pattern."""
        if self.coordinates_pattern is None:
            return None
        text = COORDINATE_PRESETS.get(self.coordinates_pattern, self.coordinates_pattern)
        try:
            pattern = re.compile(text)
        except re.error as error:
            raise UserError(
                f"The coordinates pattern '{text}' is no regular expression: {error}.",
                f"Give a pattern with groups (?P<lat>...) and (?P<lon>...), or {_words(COORDINATE_PRESETS)}.",
            ) from None
        if not {"lat", "lon"} <= pattern.groupindex.keys():
            raise UserError(
                f"The coordinates pattern '{text}' lacks a group 'lat' or 'lon'.",
                f"Write it like {COORDINATE_PRESETS['lon_lat']}, or give {_words(COORDINATE_PRESETS)}.",
            )
        return pattern

    def apply(self, sample: RawSample) -> RawSample:
        """Put what these options say into `sample`, and return it."""
        for column in ("source", "subset", "caption_origin"):
            if value := getattr(self, column):
                sample.columns[column] = value
        if self.coordinates is not None:
            _add_coordinates(sample, self.coordinates)
        return sample


def _add_coordinates(sample: RawSample, pattern: re.Pattern[str]) -> None:
    base = sample.name.replace("\\", "/").rsplit("/", 1)[-1]
    match = pattern.search(base)
    if match is None:
        sample.notes.append("the file name does not match the coordinates pattern; no coordinates taken")
        return
    try:
        latitude, longitude = coordinates(match["lat"], match["lon"])
    except ValueError as error:
        sample.notes.append(f"coordinates in the file name: {error}; none taken")
        return
    # Seven decimals are a centimetre; what stands behind them in names is floating-point noise.
    sample.columns["latitude"], sample.columns["longitude"] = round(latitude, 7), round(longitude, 7)
    sample.columns["geo_origin"] = "file_name"


def _words(presets: dict[str, str]) -> str:
    return " or ".join(f"the word {word}" for word in presets)
