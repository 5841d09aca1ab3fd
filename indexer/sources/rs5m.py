"""RS5M's own WebDataset shards: `<key>.img_name`, `<key>.img_content`, `<key>.caption`."""

from __future__ import annotations

from pathlib import Path

from indexer.records import RawSample, Shard
from indexer.sources.archive import ArchiveShard, Reader
from indexer.sources.options import SourceOptions
from indexer.sources.shards import decode_text
from indexer.sources.tar import Group, first_names

KIND = "rs5m"
_ROLES = {"img_name": "name", "img_content": "image", "caption": "caption"}
_REQUIRED = frozenset(_ROLES.values())


def roles(member: str) -> tuple[str, str] | None:
    """Key and role of a member name, or None for a member of another kind.

    >>> roles("000000012.img_content")
    ('000000012', 'image')
    """
    key, _, suffix = member.rpartition(".")
    return (key, _ROLES[suffix]) if key and suffix in _ROLES else None


def shards(path: Path, name: str, options: SourceOptions) -> list[Shard] | None:
    """One shard if `path` is a tar in RS5M's layout, else None."""
    names = first_names(path) if path.is_file() else None
    if names is None or not any(name.endswith((".img_name", ".img_content")) for name in names):
        return None
    return [ArchiveShard(KIND, name, path, options, roles, _REQUIRED, _describe)]


def _describe(reader: Reader, group: Group, sample: RawSample) -> None:
    # Name and caption first: where the image cannot be had, the ledger still says whose image it was.
    if "name" in group.members:
        sample.name = decode_text(reader.text(group.members["name"]), "the image name", sample.notes).strip()
    if "caption" in group.members:
        sample.caption = decode_text(reader.text(group.members["caption"]), "the caption", sample.notes)
    if "image" in group.members:
        reader.image(group.members["image"], sample)
