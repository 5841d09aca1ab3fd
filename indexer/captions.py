"""RS5M's template captions taken apart: metadata sentences, the model's sentence, and typed columns.

FMoW and BigEarthNet captions are written as template sentences filled from metadata, followed by one sentence
of a captioning model. Together they overflow CLIP's 77 tokens, so the two are kept apart. The templates are
many and differ only in their prose; the fields in them are written alike, so each field is found by itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from indexer.place_names import find_place

MONTHS = {
    "January": 1,
    "February": 2,
    "March": 3,
    "April": 4,
    "May": 5,
    "June": 6,
    "July": 7,
    "August": 8,
    "September": 9,
    "October": 10,
    "November": 11,
    "December": 12,
}
SEASONS = {"Spring": "Spring", "Summer": "Summer", "Fall": "Autumn", "Autumn": "Autumn", "Winter": "Winter"}

_LOST_DEGREE = re.compile(
    r"((?:target azimuth|off-nadir)[^\d?]{0,16}-?\d+(?:\.\d+)?)[?\N{REPLACEMENT CHARACTER}]"
)
_ZONE = re.compile(
    r"\butm zone:? (?P<zone>\d{1,2})(?P<letter>[A-Z])\b|\b(?P<zone2>\d{1,2})(?P<letter2>[A-Z]) utm zone\b"
)
_TIME = re.compile(
    rf"\b(?P<hour>\d{{1,2}}) o'clock, (?P<month>{'|'.join(MONTHS)}) (?P<day>\d{{1,2}}), (?P<year>\d{{4}})\b"
)
_AZIMUTH = re.compile(r"\btarget azimuth[^\d?.]{0,16}?(-?\d+(?:\.\d+)?)")
_OFF_NADIR = re.compile(r"\boff-nadir[^\d?.]{0,16}?(-?\d+(?:\.\d+)?)")
_GSD = re.compile(r"\b(?:ground sample distance|pixel)\b\D{0,60}?(\d+(?:\.\d+)?)m\b")
_CLOUD = re.compile(r"\b(\d{1,3}(?:\.\d+)?)%")
_SEASON = re.compile(rf"\b({'|'.join(SEASONS)})\b")
_LABELS = re.compile(r"(?<!\w)'([^']+)'(?!\w)")
# The class stands right before the part of the picture it fills, with at most some words of position between.
_CLASS = re.compile(
    r"\b(?P<label>[a-z][a-z_-]{0,60})"
    r"(?:,? (?:which|appeared|being|evident|prominently|distinctly|clearly|positioned|located|situated|placed"
    r"|visible|residing|settled|during the (?:Spring|Summer|Fall|Autumn|Winter)))*"
    r",? (?:at|in|on|towards) (?:the )?(?=(?:top|center|bottom)(?:-(?:left|center|right))?\b)"
)
_SENTENCE_END = re.compile(r"\.(?=\s|$)")


@dataclass(frozen=True, slots=True)
class CaptionParts:
    """A caption taken apart.

    Attributes:
        meta: the template sentences, with lost degree signs put back; None where the caption is no template.
        generated: the captioning model's sentence; None where there is none.
        columns: what the template says, by catalogue column.
    """

    meta: str | None = None
    generated: str | None = None
    columns: dict[str, object] = field(default_factory=dict)


def split_caption(caption: str, origin: str | None = None) -> CaptionParts:
    """Take a template caption apart; any other caption has only `generated`, if a model wrote it.

    Args:
        caption: the whole caption.
        origin: who wrote it, as `indexer.names.caption_origin_of` says; decides only for captions without a
            template.

    A template is known by its date and UTM zone together with an angle (FMoW) or a quoted class
    (BigEarthNet). FMoW writes the zone with its latitude band (`18T`), BigEarthNet with its hemisphere
    (`34N`).
    """
    plain = CaptionParts(generated=(caption.strip() or None) if origin == "model" else None)
    if "utm zone" not in caption:  # most captions: five searches saved
        return plain
    zone, time = _ZONE.search(caption), _TIME.search(caption)
    angles = [match for match in (_AZIMUTH.search(caption), _OFF_NADIR.search(caption)) if match]
    labels = None if angles else _LABELS.search(caption)
    if zone is None or time is None or not (angles or labels):
        return plain

    marks = [zone, time, *angles, *([labels] if labels else [])]
    end = _SENTENCE_END.search(caption, max(match.end() for match in marks))
    cut = end.end() if end else len(caption)
    meta = repair_degrees(caption[:cut].strip())
    columns = _zone(zone, is_band=labels is None) | _time(time)
    columns |= {"class": labels[1].strip()} if labels else _fmow(meta)
    if season := _season(meta, str(columns.get("city", ""))):
        columns["season"] = season
    return CaptionParts(meta, caption[cut:].strip() or None, columns)


def repair_degrees(text: str) -> str:
    """Put back degree signs that became `?`, in angles only: a lost accent cannot be known and stays lost."""
    return _LOST_DEGREE.sub("\\1°", text)


def utm_columns(zone: int, *, band: str | None = None, hemisphere: str | None = None) -> dict[str, object]:
    """UTM columns of a zone with either its latitude band (C to X, north from N on) or its hemisphere (N, S).

    A zone, band or hemisphere that does not exist gives no columns.
    """
    if not 1 <= zone <= 60:
        return {}
    if band is not None and band in "CDEFGHJKLMNPQRSTUVWX":
        return {"utm_zone": zone, "utm_band": band, "utm_hemisphere": "N" if band >= "N" else "S"}
    if hemisphere in ("N", "S"):
        return {"utm_zone": zone, "utm_hemisphere": hemisphere}
    return {}


def _zone(match: re.Match[str], *, is_band: bool) -> dict[str, object]:
    zone, letter = int(match["zone"] or match["zone2"]), match["letter"] or match["letter2"]
    return utm_columns(zone, band=letter) if is_band else utm_columns(zone, hemisphere=letter)


def _time(match: re.Match[str]) -> dict[str, object]:
    month = MONTHS[match["month"]]
    try:
        taken_at = datetime(int(match["year"]), month, int(match["day"]), int(match["hour"]))
    except ValueError:  # a day or an hour that does not exist
        return {"month": month}
    return {"month": month, "taken_at": taken_at}


def _season(meta: str, city: str) -> str | None:
    """The season a template names; a city such as Spring Valley is not one."""
    match = _SEASON.search(meta.replace(city, "") if city else meta)
    return SEASONS[match[1]] if match else None


def _fmow(meta: str) -> dict[str, object]:
    columns: dict[str, object] = {}
    measures = {"gsd_m": _GSD, "cloud_cover": _CLOUD, "azimuth_deg": _AZIMUTH, "off_nadir_deg": _OFF_NADIR}
    for column, pattern in measures.items():
        if match := pattern.search(meta):
            columns[column] = float(match[1])
    if match := _CLASS.search(meta):
        columns["class"] = match["label"]
    if place := find_place(meta):
        columns |= {name: value for name, value in zip(("city", "country"), place, strict=True) if value}
    return columns
