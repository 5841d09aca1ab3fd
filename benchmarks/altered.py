"""Whether altered copies of real images are found, and what else is: `python -m benchmarks.altered IMAGES`.

Takes images that `rs5m index` would take, makes altered copies of some (resized, saved again, cropped by 5 %,
brightened or darkened), indexes both with the encoder that ships, and looks at the near-duplicates: how many
copies are found by the kind of change, and which other pairs of images are reported. Those are drawn side by
side into a picture, because only eyes can tell whether they are copies, too.
"""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

from benchmarks.command import WORK, parser, run, say, show
from benchmarks.timing import machine
from indexer.build import BuildOptions, index
from indexer.catalogue import Catalogue
from indexer.catalogue.layout import NEAR_PAIRS
from indexer.errors import UserError
from indexer.images import decode
from indexer.near import NearPairs
from indexer.records import RawSample
from indexer.sources import SourceOptions, find_shards
from indexer.stages import Pipeline
from indexer.stages.duplicate import DuplicateSettings

CHANGES = ("resized", "saved again", "cropped", "brightness")
COPIES = 300
SHEET = "others.png"
_SCALE, _QUALITY, _CROP, _BRIGHTNESS = (0.5, 1.5), (40, 70), 0.05, (0.75, 1.3)
_USUAL_QUALITY = 88
_TILE = 200
_SHOWN = 40


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    made = parser(__doc__, catalogue=False)
    made.add_argument("images", nargs="+", metavar="IMAGES", help="shards or folders, as for `rs5m index`")
    made.add_argument("--copies", type=int, default=COPIES, help="altered copies to make")
    made.add_argument("--seed", type=int, default=7, help="decides which images are copied, and how")
    asked = made.parse_args(arguments)
    folder = WORK / "altered"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shard = folder / "copies.tar"
    origins = alter(asked.images, shard, asked.copies, np.random.default_rng(asked.seed))
    stages = Pipeline.of({"invalid": {}, "duplicate": {"near": "all"}})
    paths = [*asked.images, str(shard)]
    with index(paths, folder / "catalogue", BuildOptions(stages=stages)) as catalogue:
        report(catalogue, origins, folder / SHEET)


def alter(images: Sequence[str], shard: Path, copies: int, rng: np.random.Generator) -> dict[str, str]:
    """Write altered copies of `copies` of `images` into a shard; one more folder would change keys.

    Returns:
        Key of the original, by the copy's key, which begins with what was changed.

    Raises:
        UserError: there are not so many images.
    """
    keys = [sample.key for sample in _samples(images)]
    if copies > len(keys):
        raise UserError(f"There are {len(keys):,} images to copy {copies:,} of.", "Ask for fewer copies.")
    chosen = {keys[place]: turn for turn, place in enumerate(rng.choice(len(keys), copies, replace=False))}
    origins: dict[str, str] = {}
    with tarfile.open(shard, "w") as archive:
        for sample in _samples(images):
            if sample.key not in chosen:
                continue
            change = CHANGES[chosen[sample.key] % len(CHANGES)]
            with Image.open(BytesIO(sample.image or b"")) as opened:
                image = ImageOps.exif_transpose(opened).convert("RGB")
            key = f"{change.replace(' ', '-')}-{chosen[sample.key]:04d}"
            content = _altered(image, change, rng)
            member = tarfile.TarInfo(f"{key}.jpg")
            member.size = len(content)
            archive.addfile(member, BytesIO(content))
            origins[key] = sample.key
    return origins


def report(catalogue: Catalogue, origins: dict[str, str], sheet: Path) -> None:
    """Print which of the copies `origins` were found, and which other pairs; draw these into `sheet`."""
    usual = DuplicateSettings()
    pairs = NearPairs.load(catalogue.path / NEAR_PAIRS)
    pairs = pairs.where((pairs.cosine >= usual.cosine) & (pairs.agreement >= usual.agreement))
    keys = [key for (key,) in catalogue.connect().execute("SELECT key FROM samples ORDER BY id").fetchall()]
    names = [name if (name := key.rsplit("/", 1)[-1]) in origins else key for key in keys]
    found: set[str] = set()
    others: list[tuple[int, int, float, float]] = []
    shown = zip(*(column.tolist() for column in _columns(pairs)), strict=True)
    for first, second, cosine, agreement in shown:
        ends = {origins.get(names[first], names[first]), origins.get(names[second], names[second])}
        if len(ends) == 1:
            found |= {names[first], names[second]} & origins.keys()
        else:
            others.append((first, second, cosine, agreement))
    made = {change: [key for key in origins if _change(key) == change] for change in CHANGES}
    show(
        f"{len(origins):,} altered copies among {len(keys) - len(origins):,} images; {machine()}",
        ("change", "copies", "found", "share"),
        [
            (change, str(len(of)), str(len(got := found.intersection(of))), _share(len(got), len(of)))
            for change, of in (made | {"all": list(origins)}).items()
        ],
        f"pairs of a cosine from {usual.cosine} and an agreement from {usual.agreement}",
    )
    show(
        "other pairs",
        ("first", "second", "cosine", "agreement"),
        [
            (names[first], names[second], f"{cosine:.3f}", f"{agreement:.3f}")
            for first, second, cosine, agreement in others
        ],
    )
    if others:
        _draw(catalogue, [(first, second) for first, second, *_ in others[:_SHOWN]], sheet)
        say(f"{len(others)} other pairs; side by side in {sheet}")


def _samples(images: Sequence[str]) -> Iterator[RawSample]:
    for shard in find_shards(images, SourceOptions()):
        yield from (sample for sample in shard.read() if sample.image and sample.fault is None)


def _altered(image: Image.Image, change: str, rng: np.random.Generator) -> bytes:
    quality = _USUAL_QUALITY
    width, height = image.size
    if change == "resized":
        scale = rng.uniform(*_SCALE)
        image = image.resize((round(width * scale), round(height * scale)), Image.Resampling.LANCZOS)
    elif change == "saved again":
        quality = int(rng.integers(*_QUALITY))
    elif change == "cropped":
        x, y = round(width * _CROP), round(height * _CROP)
        left, top = int(rng.integers(0, x + 1)), int(rng.integers(0, y + 1))
        image = image.crop((left, top, width - x + left, height - y + top))
    else:
        image = ImageEnhance.Brightness(image).enhance(float(rng.uniform(*_BRIGHTNESS)))
    content = BytesIO()
    image.save(content, "JPEG", quality=quality)
    return content.getvalue()


def _change(key: str) -> str:
    return key.rsplit("-", 1)[0].replace("-", " ")


def _columns(pairs: NearPairs) -> tuple[np.ndarray, ...]:
    return pairs.first, pairs.second, pairs.cosine, pairs.agreement


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def _draw(catalogue: Catalogue, pairs: Sequence[tuple[int, int]], path: Path) -> None:
    """One row a pair."""
    sheet = Image.new("RGB", (2 * _TILE, len(pairs) * _TILE))
    for row, pair in enumerate(pairs):
        for column, id_ in enumerate(pair):
            place = catalogue.connect().execute(
                'SELECT file, "offset", length FROM samples WHERE id = ?', [id_]
            )
            [where] = place.fetchall()
            picture = decode(catalogue.image_bytes(*where)).image
            sheet.paste(picture.resize((_TILE, _TILE)), (column * _TILE, row * _TILE))
    sheet.save(path)


if __name__ == "__main__":
    run(main)
