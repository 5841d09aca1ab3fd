"""The metadata files that RS5M publishes beside its shards, for the demo world, and the planted truth."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from indexer.demo.chance import stream
from indexer.demo.faults import NOT_UTF8
from indexer.demo.geo_sentences import Acquisition
from indexer.demo.pairs import Described

Row = Mapping[str, object]

_LABEL = ("img_name", "text", "url", "download_status")
_RATINGS = 60
_RATING = 20


def metadata_tables(world: Sequence[Described], seed: int) -> dict[str, str]:
    """Every metadata file, by its name.

    As upstream writes them: FMoW rows lack the `fmow_` prefix, BigEarthNet rows are bare numbers in the
    training split and keep `.jpg` in the validation split, and a rating names its image under `static/`.
    """
    web = [sample for sample in world if sample.planned.subset == "PUB11"]
    plain = [sample for sample in web if sample.planned.source != "YFCC15M" or sample.acquisition is None]
    geometa = ("img_name", "geometa_cap", "country", "month")
    located = (*geometa, "latitude", "longitude", "utm")
    tables = {"fmow_geometa.csv": _csv(located, _of("FMoW", world, _fmow))}
    for split in ("train", "val"):
        part = [sample for sample in world if sample.planned.split == split]
        tables[f"BigEarthNet_{split}_geometa.csv"] = _csv((*geometa, "utm"), _of("BigEarthNet", part, _ben))
        rows = [_label(sample) for sample in plain if sample.planned.split == split]
        tables[f"pub11_{split}_label.csv"] = _csv(_LABEL, rows)
    placed = (*_LABEL, "meta_caption", "country", "month", "longitude", "latitude")
    tables["yfcc_label.csv"] = _csv(placed, _of("YFCC15M", web, _yfcc))
    tables["pub11_NER_geolocation_info.csv"] = _csv(("img_name", "text", "entity"), _entities(web))
    scores = ("image_path", "description", "relevance_detail", "hallucination", "fluency")
    rated = [sample for sample in world if sample.planned.subset == "RS3"]
    tables["ratings.csv"] = _csv(scores, _ratings(rated, seed))
    return tables


def _of(
    source: str, samples: Iterable[Described], row: Callable[[Described, Acquisition], Row]
) -> Iterator[Row]:
    """A row for each sample of one source whose place and time are known."""
    for sample in samples:
        if sample.planned.source == source and sample.acquisition is not None:
            yield row(sample, sample.acquisition)


def truth_table(world: Sequence[Described]) -> str:
    """What was planted: every sample's kind, its fault if any, and the name of a duplicate's original."""
    names = {sample.planned.index: sample.planned.name for sample in world}
    rows = [
        {
            "name": sample.planned.name,
            "kind": sample.planned.kind,
            "fault": sample.planned.fault or "",
            "of": "" if sample.planned.of is None else names[sample.planned.of],
        }
        for sample in world
    ]
    return _csv(("name", "kind", "fault", "of"), rows)


def _fmow(sample: Described, taken: Acquisition) -> Row:
    return {
        "img_name": sample.planned.name.removeprefix("fmow_"),
        "geometa_cap": sample.meta_caption,
        "country": taken.spot.place.country,
        "month": taken.taken_at.month,
        "latitude": taken.spot.latitude,
        "longitude": taken.spot.longitude,
        "utm": f"{taken.spot.utm_zone}{taken.spot.utm_band}",
    }


def _ben(sample: Described, taken: Acquisition) -> Row:
    name = sample.planned.name.removeprefix("ben_")
    return {
        "img_name": name if sample.planned.split == "val" else name.removesuffix(".jpg"),
        "geometa_cap": sample.meta_caption,
        "country": "",
        "month": taken.taken_at.month,
        "utm": f"{taken.spot.utm_zone}{'S' if taken.spot.southern else 'N'}",
    }


def _label(sample: Described) -> Row:
    return {
        "img_name": sample.planned.name,
        "text": sample.caption,
        "url": sample.url,
        "download_status": True,
    }


def _yfcc(sample: Described, taken: Acquisition) -> Row:
    return {
        **_label(sample),
        "meta_caption": sample.meta_caption,
        "country": taken.spot.place.country,
        "month": taken.taken_at.month,
        "longitude": taken.spot.longitude,
        "latitude": taken.spot.latitude,
    }


def _entities(web: Iterable[Described]) -> Iterable[Row]:
    """A row for each caption that names a place; `entity` is a Python list written as text."""
    for sample in web:
        if sample.acquisition is None or sample.planned.fault == NOT_UTF8:
            continue
        place = sample.acquisition.spot.place
        named = [name for name in (place.name, place.country) if name in sample.caption]
        if named:
            yield {"img_name": sample.planned.name, "text": sample.caption, "entity": str(named)}


def _ratings(samples: Sequence[Described], seed: int) -> list[Row]:
    rng = stream(seed, _RATING)
    chosen = [samples[int(at)] for at in rng.permutation(len(samples))[:_RATINGS]]
    rows: list[Row] = []
    for sample in chosen:
        relevance, hallucination, fluency = (int(score) for score in rng.choice((2, 3, 4, 5), size=3))
        rows.append(
            {
                "image_path": f"static/{sample.planned.name}",
                "description": sample.caption,
                "relevance_detail": relevance,
                "hallucination": hallucination,
                "fluency": fluency,
            }
        )
    return rows


def _csv(header: Sequence[str], rows: Iterable[Row]) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
