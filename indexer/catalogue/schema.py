"""The columns of a catalogue: one table of names, types and meanings that everything else reads.

DuckDB's tables, the Parquet parts of a run, the CSV export and the format's documentation all derive from
`SAMPLE_COLUMNS` and `LEDGER_COLUMNS`; a new column is one line here.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

FORMAT_VERSION = 4
KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: the same in DuckDB, in Parquet, in CSV and in JSON.
        type: Arrow type; DuckDB's follows from it.
        meaning: one sentence, with the unit.
        exported: whether `rs5m export` and `/export.csv` write it.
    """

    name: str
    type: pa.DataType
    meaning: str
    exported: bool = True


SAMPLE_COLUMNS: tuple[Column, ...] = (
    Column("id", pa.int64(), "row number, dense from 0; also the row in `image_vectors.npy`"),
    Column("key", pa.string(), "unique name inside its source: tar key, relative path or row name"),
    Column("name", pa.string(), "image name as the dataset writes it; metadata joins by it"),
    Column("source", pa.string(), "dataset the pair came from (LAION2B, FMoW, ...)"),
    Column("subset", pa.string(), "PUB11, RS3, or the name given with --subset"),
    Column("caption", pa.string(), "the whole caption"),
    Column("meta_caption", pa.string(), "template sentences written from metadata"),
    Column("generated_caption", pa.string(), "sentence written by a captioning model"),
    Column("caption_origin", pa.string(), "who wrote the caption: web, model, human or unknown"),
    Column("caption_chars", pa.int32(), "length of the caption in characters"),
    Column("class", pa.string(), "class label, where the source has one"),
    Column(
        "country",
        pa.string(),
        "country by the metadata, else by the point; known ones in one spelling",
    ),
    Column("country_code", pa.string(), "its ISO 3166-1 alpha-2 code, where it is known"),
    Column("city", pa.string(), "city named by the metadata"),
    Column("season", pa.string(), "Spring, Summer, Autumn or Winter, as the metadata says"),
    Column("month", pa.int8(), "month of acquisition, 1 to 12"),
    Column("taken_at", pa.timestamp("s"), "acquisition time as the source gives it, no time zone given"),
    Column("gsd_m", pa.float32(), "ground sample distance in metres per pixel"),
    Column("cloud_cover", pa.float32(), "cloud cover in per cent"),
    Column("off_nadir_deg", pa.float32(), "off-nadir angle in degrees"),
    Column("azimuth_deg", pa.float32(), "target azimuth in degrees"),
    Column("latitude", pa.float64(), "degrees north, WGS 84"),
    Column("longitude", pa.float64(), "degrees east, WGS 84"),
    Column("point_kind", pa.string(), "centre of the scene, or corner of it; null where nobody says"),
    Column("geo_tier", pa.string(), "what is known of the place: point, zone (UTM), place (a name) or none"),
    Column(
        "geo_origin",
        pa.string(),
        "where that is from: table, join, file_name, patch_name, caption, geotiff or exif; null for none",
    ),
    Column("utm_zone", pa.int8(), "UTM zone number, 1 to 60; that of the point, where there is one"),
    Column("utm_band", pa.string(), "UTM latitude band letter, of the point or as the source gives it"),
    Column("utm_hemisphere", pa.string(), "N or S"),
    Column("mgrs", pa.string(), "cell of the military grid (MGRS) that the point lies in, 1 km wide"),
    Column("url", pa.string(), "address the image was published at"),
    Column("width", pa.int32(), "pixels, after EXIF orientation"),
    Column("height", pa.int32(), "pixels, after EXIF orientation"),
    Column("bytes", pa.int64(), "size of the encoded image in bytes"),
    Column("sha256", pa.string(), "SHA-256 of the encoded image, hexadecimal"),
    Column("phash", pa.uint64(), "64-bit difference hash of the picture"),
    Column("relevance", pa.float32(), "human rating of relevance and detail, 1 to 5, mean where rated twice"),
    Column("hallucination", pa.float32(), "human rating of (absence of) hallucination, 1 to 5"),
    Column("fluency", pa.float32(), "human rating of fluency, 1 to 5"),
    Column("entities", pa.list_(pa.string()), "places named in the caption (GPE)"),
    Column("vlm_score", pa.float32(), "score s: cosine with the mean of RS5M's 33 templates"),
    Column("detector_score", pa.float32(), "score c: probability of being a remote-sensing image"),
    Column("extra", pa.string(), "further columns of the source, as a JSON object"),
    Column("stage", pa.string(), "`kept`, or the stage that removed the sample"),
    Column("has_vector", pa.bool_(), "whether the sample has an image vector", exported=False),
    Column("shard", pa.int32(), "row in the `shards` table", exported=False),
    Column("file", pa.int32(), "row in the `files` table; null without an image", exported=False),
    Column("offset", pa.int64(), "first byte of the image in its file", exported=False),
    Column("length", pa.int64(), "number of image bytes in its file", exported=False),
)

LEDGER_COLUMNS: tuple[Column, ...] = (
    Column("id", pa.int64(), "the sample"),
    Column("stage", pa.string(), "`kept`, or the one stage that removed it"),
    Column("reason", pa.string(), "short code, the same for every sample removed for this reason"),
    Column("detail", pa.string(), "a sentence naming file, row or field"),
    Column("score", pa.float64(), "what the stage measured, if it measures"),
    Column("threshold", pa.float64(), "what the score was held against"),
    Column("keyword", pa.string(), "keyword that matched (kept) in the keyword stage"),
    Column("keeper", pa.int64(), "for a duplicate: id of the sample it lost to"),
    Column("cluster", pa.int64(), "for a duplicate: smallest id of its cluster"),
    Column("notes", pa.list_(pa.string()), "remarks that did not remove the sample"),
)

FAULT_COLUMNS: tuple[Column, ...] = (
    Column("id", pa.int64(), "the sample"),
    Column("stage", pa.string(), "stage that the fault is for: download or invalid"),
    Column("reason", pa.string(), "short code, as in `ledger`"),
    Column("detail", pa.string(), "a sentence naming file, row or field"),
)

FILE_COLUMNS: tuple[Column, ...] = (
    Column("file", pa.int32(), "number of the file"),
    Column("path", pa.string(), "absolute path at index time"),
    Column("relative_path", pa.string(), "path relative to the catalogue folder, tried first"),
    Column("bytes", pa.int64(), "size at index time"),
)

SHARD_COLUMNS: tuple[Column, ...] = (
    Column("shard", pa.int32(), "number of the shard"),
    Column("name", pa.string(), "what was read"),
    Column("kind", pa.string(), "source kind"),
    Column("samples", pa.int64(), "samples read"),
    Column("kept", pa.int64(), "samples kept"),
)


def arrow_schema(columns: tuple[Column, ...]) -> pa.Schema:
    """Arrow schema of `columns`, in order."""
    return pa.schema([(column.name, column.type) for column in columns])
