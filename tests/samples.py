"""Small real inputs for tests: images, RS5M shards, img2dataset shards."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image


def picture(seed: int = 0, width: int = 48, height: int = 32) -> Image.Image:
    """A smooth RGB picture that no other seed draws."""
    cells = np.random.default_rng(seed).integers(0, 256, (4, 6, 3), dtype=np.uint8)
    return Image.fromarray(cells).resize((width, height), Image.Resampling.BICUBIC)


def encoded(image: Image.Image, format_: str = "JPEG", **options: Any) -> bytes:
    """`image` as a file's bytes."""
    buffer = BytesIO()
    image.save(buffer, format_, **options)
    return buffer.getvalue()


def jpeg(seed: int = 0, width: int = 48, height: int = 32) -> bytes:
    """A small JPEG."""
    return encoded(picture(seed, width, height))


def write_tar(path: Path, members: Iterable[tuple[str, bytes]]) -> Path:
    """Write a tar with these members, in this order; a name may come twice."""
    with tarfile.open(path, "w") as archive:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, BytesIO(content))
    return path


def rs5m_members(samples: Mapping[str, tuple[str, bytes, str]]) -> list[tuple[str, bytes]]:
    """Members of an RS5M shard: key -> (image name, image bytes, caption)."""
    return [
        member
        for key, (name, image, caption) in samples.items()
        for member in (
            (f"{key}.img_name", name.encode()),
            (f"{key}.img_content", image),
            (f"{key}.caption", caption.encode()),
        )
    ]


def write_rs5m(path: Path, samples: Mapping[str, tuple[str, bytes, str]]) -> Path:
    """Write an RS5M shard: key -> (image name, image bytes, caption)."""
    return write_tar(path, rs5m_members(samples))


def img2dataset_members(
    key: str, image: bytes | None, caption: str | None, suffix: str = "jpg", **facts: object
) -> list[tuple[str, bytes]]:
    """Members of one sample as img2dataset writes them; `facts` go into the json."""
    members = [] if image is None else [(f"{key}.{suffix}", image)]
    if caption is not None:
        members.append((f"{key}.txt", caption.encode()))
    if facts:
        members.append((f"{key}.json", json.dumps(facts | {"key": key, "caption": caption}).encode()))
    return members
