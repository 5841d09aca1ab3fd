"""From what a person typed to shards: braces expanded, folders looked into, kinds recognised."""

from __future__ import annotations

import itertools
import math
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from indexer.errors import UserError
from indexer.names import has_image_suffix
from indexer.records import Shard
from indexer.sources import folder, rs5m, sidecar, table, webdataset
from indexer.sources.options import SourceOptions
from indexer.sources.refused import refuse
from indexer.sources.shards import walk

# Each takes a path, its short name and the options, and gives its shards, or None if the path is of another
# kind.
KINDS: tuple[Callable[[Path, str, SourceOptions], list[Shard] | None], ...] = (
    folder.shards,
    rs5m.shards,
    webdataset.shards,
    sidecar.shards,
    table.shards,
)

_BRACES = re.compile(r"\{(?:(\d{1,9})\.\.(\d{1,9})|([^{},]*(?:,[^{},]*)+))\}")
_MAX_EXPANSION = 100_000
_ACCEPTED = "Give .tar shards, a folder of shards or images, or a table (.csv, .tsv, .jsonl, .parquet)."


def find_shards(paths: Sequence[str], options: SourceOptions | None = None) -> list[Shard]:
    """The shards of every path, in the order given; within a folder by name.

    Args:
        paths: files, folders, and patterns such as `pub11-train-{0000..0031}.tar`.
        options: what a person says about the sources.

    Raises:
        UserError: a path that is not there, cannot be read, holds nothing to index or is of an unknown kind.
    """
    options = options or SourceOptions()
    if not paths:
        raise UserError("Nothing to index.", _ACCEPTED)
    found = dict.fromkeys(path for text in paths for path in _look_into(text))
    names = _short_names(list(found))
    several_folders = sum(path.is_dir() for path in found) > 1
    shards: list[Shard] = []
    for path in found:
        prefix = f"{names[path]}/" if several_folders and path.is_dir() else ""
        shards += _shards_of(path, names[path], replace(options, key_prefix=prefix))
    return shards


def expand_braces(pattern: str) -> list[str]:
    """Paths that a pattern stands for; numbers keep their leading zeros, as in a shell.

    >>> expand_braces("a-{08..10}.{tar,csv}")[:3]
    ['a-08.tar', 'a-08.csv', 'a-09.tar']
    """
    literals = _BRACES.split(pattern)[::4]
    choices = [_choices(match) for match in _BRACES.finditer(pattern)]
    if math.prod(map(len, choices)) > _MAX_EXPANSION:
        raise UserError(f"'{pattern}' stands for more than {_MAX_EXPANSION:,} files.", "Narrow the range.")
    return [
        literals[0] + "".join(choice + literal for choice, literal in zip(chosen, literals[1:], strict=True))
        for chosen in itertools.product(*choices)
    ]


def _choices(braces: re.Match[str]) -> Sequence[str]:
    first, last, words = braces.groups()
    if words is not None:
        return words.split(",")
    start, end = int(first), int(last)
    step = 1 if end >= start else -1
    numbers = range(start, end + step, step)
    if len(numbers) > _MAX_EXPANSION:
        raise UserError(f"'{braces[0]}' stands for more than {_MAX_EXPANSION:,} files.", "Narrow the range.")
    width = max(len(first), len(last)) if "0" in (first[0], last[0]) else 1
    return [f"{number:0{width}d}" for number in numbers]


def _look_into(text: str) -> Iterator[Path]:
    """Files and folders of images that one argument stands for."""
    if re.match(r"[a-zA-Z][\w+.-]+://", text):
        raise UserError(f"'{text}' is not a local path.", "Download it first, then give the local path.")
    written = Path(text).expanduser()
    for path in [written] if written.exists() else map(Path, expand_braces(str(written))):
        resolved = Path(os.path.abspath(path))  # noqa: PTH100 a link's own name tells more than its target's
        if resolved.is_dir():
            yield from _contents(resolved)
        elif resolved.is_file():
            yield resolved
        else:
            missing = "" if str(path) == text else f" (from '{text}')"
            raise UserError(f"{path} does not exist{missing}.", "Check the path.")


def _contents(root: Path) -> Iterator[Path]:
    """A folder's tars, and the folder itself if it holds images, else its tables.

    A tar brings its downloader's Parquet file along; one without a tar, as nothing could be downloaded, comes
    by itself.
    """
    tars: list[Path] = []
    tables: list[Path] = []
    has_images = False
    for path in walk(root):
        suffix = path.suffix.lower()
        if suffix == ".tar":
            tars.append(path)
        elif suffix in table.SUFFIXES:
            tables.append(path)
        has_images = has_images or has_image_suffix(path.name)
    yield from tars
    if has_images:
        yield root
    elif not tars:
        yield from tables
    else:
        with_tar = {path.with_suffix("") for path in tars}
        orphans = (path for path in tables if path.with_suffix("") not in with_tar)
        yield from (path for path in orphans if sidecar.is_sidecar(path))
    if not (tars or has_images or tables):
        raise UserError(f"{root} holds no shards, images or tables.", _ACCEPTED)


def _short_names(paths: list[Path]) -> dict[Path, str]:
    """The shortest endings of the paths that tell them apart."""
    names = {path: path.name for path in paths}
    depth = 1
    while len(set(names.values())) < len(names):
        depth += 1
        counts = Counter(names.values())
        names = {
            path: "/".join(path.parts[-depth:]) if counts[name] > 1 else name for path, name in names.items()
        }
    return names


def _shards_of(path: Path, name: str, options: SourceOptions) -> list[Shard]:
    if path.is_file():
        refuse(path)
    for kind in KINDS:
        shards = kind(path, name, options)
        if shards is not None:
            return shards
    if has_image_suffix(path.name):
        raise UserError(f"{path} is a single image.", f"Give its folder: {path.parent}.")
    raise UserError(f"{path} is of a kind that cannot be indexed.", _ACCEPTED)
