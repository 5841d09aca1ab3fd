"""View model of `/samples/{id}`: one sample in groups of fields and in sentences."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from app.query import Near, Query, Sample, count
from app.query.samples import Row
from app.templates import image_url
from app.views.ledger import Sentence, ledger_sentences
from app.views.named_places import named_place
from app.views.place import Place, place_of
from app.views.text import MONTHS, ORIGINS, WRITTEN, counted, degrees, moment, sentence, size
from indexer.catalogue import Catalogue
from indexer.catalogue.schema import KEPT

SCREEN_PIXELS = 1024
NEARBY_KM = 1.0

POINT_KINDS = {"centre": "the scene's centre", "corner": "a corner of the scene, not its centre"}
GEO_ORIGINS = {
    "table": "its table",
    "join": "a metadata file",
    "file_name": "the file's name",
    "patch_name": "the name of the patch",
    "caption": "the caption's template sentences",
    "geotiff": "the image's GeoTIFF tags",
    "exif": "the image's EXIF tags",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a sample; `url` makes it a link, `outside` one that leaves this site."""

    label: str
    value: str
    url: str | None = None
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together."""

    title: str
    fields: list[Field]


class SampleView:
    """What `samples/page.html` shows.

    Args:
        catalogue: the catalogue it is from.
        sample: the sample.
    """

    def __init__(self, catalogue: Catalogue, sample: Sample) -> None:
        self._catalogue = catalogue
        self._sample = sample
        row = sample.row
        self.id = sample.id
        self.url = f"/samples/{self.id}"
        self.caption: str = row["caption"] or ""
        self.meta: str | None = row["meta_caption"]
        self.generated: str | None = row["generated_caption"]
        self.plain = None if self.meta or self.generated else row["caption"]
        self.removed_by: str | None = None if row["stage"] == KEPT else row["stage"]
        self.image = image_url(catalogue, self.id, SCREEN_PIXELS) if row["file"] is not None else None
        self.width, self.height = row["width"] or 256, row["height"] or 256
        self.previous_url = f"/samples/{self.id - 1}" if self.id else None
        self.next_url = f"/samples/{self.id + 1}" if self.id + 1 < catalogue.manifest.samples else None
        self.like_url = Query(like=(self.id,)).url("/") if row["has_vector"] or row["caption"] else None
        self.likeness = "Most like it" if row["has_vector"] else "Captions that share its words"
        self.ledger: list[Sentence] = ledger_sentences(sample)
        self.place: Place | None = place_of(row)
        self._named = catalogue.named_places.of(self.id)

    @property
    def subtitle(self) -> str:
        """Source, class and country."""
        row = self._sample.row
        return sentence([row["source"], row["class"], row["country"]])

    @property
    def caption_title(self) -> str:
        """Who wrote the caption."""
        if self.generated:
            return "Generated caption"
        origin = self._sample.row["caption_origin"]
        return f"Caption, {WRITTEN[origin]}" if origin in WRITTEN else "Caption"

    @property
    def size(self) -> str:
        """Pixels and bytes of the picture."""
        row = self._sample.row
        pixels = f"{row['width']:,} × {row['height']:,} px" if row["width"] else None
        return sentence([pixels, size(row["bytes"]) if row["bytes"] is not None else None])

    @property
    def no_image(self) -> str:
        """Why there is no picture."""
        return "This sample came as a caption without a picture."

    @property
    def citation(self) -> str:
        """One line that names the sample, its catalogue and the dataset it came from."""
        manifest, row = self._catalogue.manifest, self._sample.row
        origin = f" ({row['source']})" if row["source"] else ""
        return (
            f"{row['name']}{origin}, sample {self.id} of catalogue {manifest.catalogue_id}; "
            "RS5M: Zhang et al., IEEE TGRS 2024, arXiv:2306.11300."
        )

    @property
    def meta_fields(self) -> list[Field]:
        """What the template caption says, as a table."""
        row = self._sample.row
        return _fields(
            ("Place", sentence([row["city"], row["country"]]) or None),
            ("Date", _date(row)),
            ("Class", row["class"]),
            ("UTM zone", _zone(row)),
            ("GSD", _unit(row["gsd_m"], "m per pixel")),
            ("Cloud cover", _unit(row["cloud_cover"], "%")),
            ("Off nadir", _unit(row["off_nadir_deg"], "°")),
            ("Target azimuth", _unit(row["azimuth_deg"], "°")),
        )

    @property
    def groups(self) -> list[Group]:
        """Every other field, by what it is about; groups without a value are left out."""
        row = self._sample.row
        groups = [
            Group("Origin", _origin(self._sample)),
            Group("Geometry", _geometry(self._catalogue, row)),
            Group("Place and time", _where_and_when(row) + _nearby(self._catalogue, row)),
            Group("Places named in the caption", _fields(*map(named_place, self._named))),
            Group("Scores", _scores(row)),
            Group("Caption", _caption(row)),
            Group("Further columns", _extra(row["extra"])),
        ]
        return [group for group in groups if group.fields]


def _origin(sample: Sample) -> list[Field]:
    row = sample.row
    fields = _fields(
        ("Source", row["source"]),
        ("Subset", row["subset"]),
        ("Name", row["name"]),
        ("Key", row["key"] if row["key"] != row["name"] else None),
        ("Shard", sample.shard),
        ("File", sample.file if sample.file != sample.shard else None),
    )
    if row["url"]:
        outside = urlsplit(row["url"]).scheme in ("http", "https")
        fields.append(Field("Published at", row["url"], row["url"] if outside else None, outside))
    return fields


def _geometry(catalogue: Catalogue, row: Row) -> list[Field]:
    fields = _fields(
        ("Size", f"{row['width']:,} × {row['height']:,} px" if row["width"] else None),
        ("Bytes", f"{row['bytes']:,}" if row["bytes"] is not None else None),
        ("SHA-256", row["sha256"]),
        ("Difference hash", f"{row['phash']:016x}" if row["phash"] is not None else None),
    )
    if row["file"] is not None:
        fields.append(
            Field("Original", "open the bytes as indexed", image_url(catalogue, int(row["id"]), None))
        )
    return fields


def _where_and_when(row: Row) -> list[Field]:
    located = row["latitude"] is not None and row["longitude"] is not None
    return _fields(
        ("Coordinates", degrees(row["latitude"], row["longitude"]) if located else None),
        ("The point is", POINT_KINDS.get(row["point_kind"]) if located else None),
        (
            "Known as",
            {"point": "a point", "zone": "a UTM zone only", "place": "a named place"}.get(row["geo_tier"]),
        ),
        ("Known from", GEO_ORIGINS.get(row["geo_origin"])),
        ("UTM zone", _zone(row)),
        ("MGRS cell", row["mgrs"]),
        ("Country", sentence([row["country"], row["country_code"]]) or None),
        ("City", row["city"]),
        ("Named in the caption", ", ".join(row["entities"]) if row["entities"] else None),
        ("Taken", _date(row)),
        ("Season", row["season"]),
    )


def _nearby(catalogue: Catalogue, row: Row) -> list[Field]:
    """The samples that lie around a point, such as other pictures of the same place."""
    if row["latitude"] is None or row["longitude"] is None:
        return []
    around = Query().with_(near=Near(row["latitude"], row["longitude"], NEARBY_KM))
    found = count(catalogue, around.filters)
    return [Field(f"Within {NEARBY_KM:g} km", counted(found, "sample"), around.url("/"))] if found > 1 else []


def _scores(row: Row) -> list[Field]:
    return _fields(
        ("Score s", _score(row["vlm_score"], "cosine with the mean of RS5M's 33 templates")),
        ("Score c", _score(row["detector_score"], "probability of being a remote-sensing image")),
    )


def _caption(row: Row) -> list[Field]:
    return _fields(
        ("Written by", ORIGINS.get(row["caption_origin"], row["caption_origin"])),
        ("Length", counted(row["caption_chars"], "character") if row["caption_chars"] is not None else None),
        ("Relevance and detail", _rating(row["relevance"])),
        ("Hallucination", _rating(row["hallucination"])),
        ("Fluency", _rating(row["fluency"])),
    )


def _extra(text: str | None) -> list[Field]:
    columns = json.loads(text) if text else {}
    return [Field(name, _plain(value)) for name, value in columns.items() if value not in (None, "")]


def _fields(*pairs: tuple[str, Any]) -> list[Field]:
    return [Field(label, str(value)) for label, value in pairs if value not in (None, "")]


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _date(row: Row) -> str | None:
    if row["taken_at"] is not None:
        return moment(row["taken_at"])
    return MONTHS[row["month"] - 1] if row["month"] else None


def _zone(row: Row) -> str | None:
    if row["utm_zone"] is None:
        return None
    if row["utm_band"]:
        return f"{row['utm_zone']}{row['utm_band']} (band {row['utm_band']})"
    hemisphere = {"N": " (northern hemisphere)", "S": " (southern hemisphere)"}.get(
        row["utm_hemisphere"] or "", ""
    )
    return f"{row['utm_zone']}{row['utm_hemisphere'] or ''}{hemisphere}"


def _unit(value: float | None, unit: str) -> str | None:
    if value is None:
        return None
    return f"{value:.4g}{'' if unit == '°' else ' '}{unit}"


def _score(value: float | None, meaning: str) -> str | None:
    return None if value is None else f"{value:.4f} ({meaning})"


def _rating(value: float | None) -> str | None:
    return None if value is None else f"{value:.3g} of 5"
