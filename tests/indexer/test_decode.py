from __future__ import annotations

import hashlib
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from indexer.images import BadImage, ImageLimits, decode, fingerprint, sha256
from tests.samples import encoded, jpeg, picture


def reason(data: bytes, limits: ImageLimits | None = None) -> str:
    with pytest.raises(BadImage) as caught:
        decode(data, limits)
    assert caught.value.fault.detail.endswith(".")
    return caught.value.fault.reason


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "JPEG2000"])
def test_every_format_comes_out_as_rgb(format_: str) -> None:
    found = decode(encoded(picture(1, 48, 32), format_))
    assert (found.image.mode, found.image.size, found.width, found.height) == ("RGB", (48, 32), 48, 32)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "TIFF", "GIF", "JPEG2000"])
def test_a_file_cut_in_the_middle_is_refused(format_: str) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    data = encoded(Image.fromarray(noise), format_)
    assert {reason(data[: len(data) * part // 10]) for part in range(3, 10)} == {"truncated_image"}


def test_a_jpeg_that_only_lacks_its_last_bytes_is_refused_at_any_size() -> None:
    data = jpeg(1, 400, 300)
    with pytest.raises(BadImage):
        decode(data[:-100], target=32)


def test_a_large_jpeg_may_come_out_reduced_but_keeps_its_true_size() -> None:
    found = decode(jpeg(1, 800, 600), target=100)
    assert (found.width, found.height) == (800, 600)
    assert found.image.size == (200, 150), "the smallest power of two that leaves both sides 100 pixels"
    assert decode(jpeg(1, 90, 60), target=100).image.size == (90, 60)


@pytest.mark.parametrize("format_", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_come_out_upright(format_: str, orientation: int) -> None:
    corner = Image.new("RGB", (40, 20), "black")
    corner.paste((255, 0, 0), (0, 0, 10, 5))
    turns = {
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE],
        6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }
    stored = corner
    for turn in turns.get(orientation, []):
        stored = stored.transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = decode(encoded(stored, format_, exif=exif))
    assert (found.width, found.height, found.image.size) == (40, 20, (40, 20))
    red = np.asarray(found.image)[..., 0] > 128
    assert red[:4, :8].all() and not red[8:].any() and not red[:, 16:].any()


def test_transparency_is_laid_over_white() -> None:
    clear = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    assert decode(encoded(clear, "PNG")).image.getpixel((0, 0)) == (255, 255, 255)
    palette = Image.new("P", (8, 8), 0)
    palette.putpalette([10, 20, 30] * 256)
    assert decode(encoded(palette, "PNG")).image.getpixel((0, 0)) == (10, 20, 30)
    assert decode(encoded(palette, "PNG", transparency=0)).image.getpixel((0, 0)) == (255, 255, 255)
    grey = Image.new("LA", (8, 8), (0, 0))
    assert decode(encoded(grey, "PNG")).image.getpixel((0, 0)) == (255, 255, 255)


def test_cmyk_becomes_rgb() -> None:
    ink = Image.new("CMYK", (16, 16), (0, 255, 255, 0))
    red, green, blue = decode(encoded(ink, "JPEG")).image.getpixel((8, 8))
    assert red > 200 and green < 60 and blue < 60


@pytest.mark.parametrize("kind", ["uint16", "float32", "int32"])
def test_wide_bands_are_stretched(kind: str) -> None:
    ramp = np.linspace(1000, 3000, 64 * 64).reshape(64, 64).astype(kind)
    values = np.asarray(decode(encoded(Image.fromarray(ramp), "TIFF")).image)[..., 0]
    assert values[0, 0] == 0 and values[-1, -1] == 255
    assert np.all(np.diff(values.ravel().astype(int)) >= 0)


def test_float_images_may_hold_holes_or_nothing_but_holes() -> None:
    holes = np.linspace(0, 1, 256, dtype=np.float32).reshape(16, 16)
    holes[0, 0] = np.nan
    holes[0, 1] = np.inf
    values = np.asarray(decode(encoded(Image.fromarray(holes), "TIFF")).image)
    assert values[0, 0, 0] == 0 and values[0, 1, 0] == 255
    nothing = Image.fromarray(np.full((4, 4), np.nan, np.float32))
    assert decode(encoded(nothing, "TIFF")).image.getpixel((0, 0)) == (0, 0, 0)


def test_an_animation_shows_its_first_frame() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert decode(data).image.getpixel((0, 0)) == (255, 0, 0)


def png_header(width: int, height: int) -> bytes:
    """A PNG whose header claims a size, with almost no data behind it."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + checksum

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def test_what_is_too_large_is_refused_before_decoding() -> None:
    with pytest.raises(BadImage, match="has 900,000,000 pixels; the limit is 100,000,000"):
        decode(png_header(30_000, 30_000))
    assert reason(png_header(11_000, 10_000)) == "too_many_pixels"
    assert reason(jpeg(), ImageLimits(pixels=48 * 32 - 1)) == "too_many_pixels"
    assert reason(jpeg(), ImageLimits(bytes=10)) == "too_large"


def test_what_is_no_image_says_so() -> None:
    assert reason(b"") == "zero_bytes"
    assert reason(b"this is a text file\n") == "not_an_image"
    assert reason(b"<svg xmlns='http://www.w3.org/2000/svg'/>") == "not_an_image"
    assert reason(b"II*\0\xff\xff\xff\xff") in ("unsupported_image", "truncated_image")
    assert reason(encoded(picture(), "PPM")) == "not_an_image", "a format outside the list is not tried"


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_damaged_bytes_never_raise_anything_but_bad_image(data: st.DataObject) -> None:
    format_ = data.draw(st.sampled_from(["JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "JPEG2000"]))
    raw = bytearray(encoded(picture(2, 24, 16), format_))
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = decode(bytes(raw[: data.draw(st.integers(0, len(raw)))]))
    except BadImage as bad:
        assert bad.fault.reason and bad.fault.detail
    else:
        assert found.image.mode == "RGB"


def test_decoding_in_threads_gives_what_decoding_alone_gives() -> None:
    files = [jpeg(seed, 120, 90) for seed in range(32)]
    alone = [decode(data).image.tobytes() for data in files]
    with ThreadPoolExecutor(4) as pool:
        assert [found.image.tobytes() for found in pool.map(decode, files)] == alone


def test_fingerprint_says_where_the_picture_darkens_to_the_left() -> None:
    ramp = np.tile(np.arange(0, 252, 28, dtype=np.uint8), (8, 1))
    rising = Image.fromarray(ramp)
    assert fingerprint(rising) == 2**64 - 1
    assert fingerprint(rising.transpose(Image.Transpose.FLIP_LEFT_RIGHT)) == 0
    ramp[0, 1] = 0
    assert fingerprint(Image.fromarray(ramp)) == 2**63 - 1, "the top left cell is the highest bit"


def test_fingerprints_survive_recompression_and_scaling_but_tell_pictures_apart() -> None:
    original = picture(5, 256, 256)
    again = decode(encoded(original.resize((100, 100)), "JPEG", quality=40)).image
    assert (fingerprint(original) ^ fingerprint(again)).bit_count() <= 4
    assert (fingerprint(original) ^ fingerprint(picture(6, 256, 256))).bit_count() > 12


def test_sha256_is_of_the_bytes() -> None:
    assert sha256(b"abc") == hashlib.sha256(b"abc").hexdigest()


def test_all_real_scenes_decode_the_same_size_reduced_or_not(realdata: Path) -> None:
    files = sorted((realdata / "hurricane" / "bad_images").iterdir())
    assert len(files) > 50
    for file in files:
        found = decode(file.read_bytes(), target=64)
        assert (found.width, found.height) == Image.open(BytesIO(file.read_bytes())).size
