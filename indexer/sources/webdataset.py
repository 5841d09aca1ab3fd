"""WebDataset shards as img2dataset writes them: an image, and `.txt` or `.json` with caption and url."""

from __future__ import annotations

import json
from pathlib import Path

from indexer.names import IMAGE_SUFFIXES
from indexer.records import RawSample, Shard
from indexer.sources import sidecar
from indexer.sources.archive import ArchiveShard, Reader
from indexer.sources.columns import caption_of, columns_of
from indexer.sources.options import SourceOptions
from indexer.sources.shards import decode_text
from indexer.sources.tar import Group, first_names

KIND = "webdataset"
_ROLES = dict.fromkeys((suffix.lstrip(".") for suffix in IMAGE_SUFFIXES), "image") | {
    "txt": "caption",
    "caption": "caption",
    "text": "caption",
    "json": "facts",
    "cls": "class",
}
_REQUIRED = frozenset({"image", "caption"})


def roles(member: str) -> tuple[str, str] | None:
    """Key and role of a member name, or None for a member that belongs to no sample.

    The key ends at the first dot of the base name, as WebDataset has it, unless only the last suffix is
    known: names such as `-95.06_29.76.jpeg` hold dots of their own.

    >>> roles("00000/000000012.jpg"), roles("-95.06_29.76.jpeg")
    (('00000/000000012', 'image'), ('-95.06_29.76', 'image'))
    """
    folder, slash, base = member.rpartition("/")
    for stem, dot, suffix in (base.partition("."), base.rpartition(".")):
        if stem and dot and suffix.lower() in _ROLES:
            return folder + slash + stem, _ROLES[suffix.lower()]
    return None


def shards(path: Path, name: str, options: SourceOptions) -> list[Shard] | None:
    """One shard if `path` is a tar, of whatever layout and however damaged, else None.

    Where the downloader left a Parquet file beside it, one more with what could not be downloaded.
    """
    if not path.is_file() or first_names(path) is None:
        return None
    found: list[Shard] = [ArchiveShard(KIND, name, path, options, roles, _REQUIRED, _describe)]
    told = sidecar.beside(path)
    if told is not None:
        found += sidecar.shards(told, name.removesuffix(path.suffix) + told.suffix, options) or []
    return found


def _describe(reader: Reader, group: Group, sample: RawSample) -> None:
    members = group.members
    if "image" in members:
        sample.name = members["image"].name
    if "facts" in members:
        _take_facts(reader.text(members["facts"]), reader.options, sample)
    if "caption" in members:
        sample.caption = decode_text(reader.text(members["caption"]), "the caption", sample.notes)
    if "class" in members:
        sample.columns["class"] = decode_text(
            reader.text(members["class"]), "the class", sample.notes
        ).strip()
    if "image" in members:
        reader.image(members["image"], sample)
        sample.fault = None


def _take_facts(raw: bytes, options: SourceOptions, sample: RawSample) -> None:
    try:
        facts = json.loads(decode_text(raw, "the json", sample.notes))
    except (ValueError, RecursionError) as error:
        sample.notes.append(f"the json cannot be read: {error}")
        return
    if not isinstance(facts, dict):
        sample.notes.append("the json is no object; nothing taken from it")
        return
    sample.caption = caption_of(facts, options)
    sample.columns |= columns_of(facts, options, sample.notes)
    status = facts.get("status")
    if status not in (None, "", "success"):
        sample.fault = sidecar.download_fault(facts, sample.name)
