"""RS5M's shard layout: which samples stand in which tar, and how one tar is written."""

from __future__ import annotations

import io
import tarfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from indexer.demo.pairs import Described

Part = Sequence[tuple[str, Described]]
"""Keys and samples of one shard."""


def lay_out(world: Sequence[Described], shard_samples: int) -> dict[str, Part]:
    """Shard names (`pub11-train-0000.tar`) with their samples, in the order of the world.

    Keys count through a subset's split, as in RS5M: `000000000`, `000000001`, ...
    """
    splits: defaultdict[str, list[Described]] = defaultdict(list)
    for sample in world:
        splits[f"{sample.planned.subset.lower()}-{sample.planned.split}"].append(sample)
    parts: dict[str, Part] = {}
    for split, samples in splits.items():
        keyed = [(f"{number:09d}", sample) for number, sample in enumerate(samples)]
        for at in range(0, len(keyed), shard_samples):
            parts[f"{split}-{at // shard_samples:04d}.tar"] = keyed[at : at + shard_samples]
    return parts


def write_shard(path: Path, part: Part, images: Iterator[bytes]) -> Iterator[int]:
    """Write one tar aside and rename it when it is whole; yields 1 for each sample written.

    The bytes follow from the samples alone: members carry neither time nor owner.

    Args:
        path: where the tar goes.
        part: its samples.
        images: their image files, in the same order; exactly as many are taken.
    """
    aside = path.with_name(path.name + ".partial")
    with tarfile.open(aside, "w", format=tarfile.USTAR_FORMAT) as tar:
        for key, sample in part:
            _add(tar, f"{key}.img_name", sample.planned.name.encode())
            _add(tar, f"{key}.img_content", next(images))
            _add(tar, f"{key}.caption", sample.caption_bytes)
            yield 1
    aside.replace(path)


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))
