from __future__ import annotations

import io
import re
import shutil
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from app.lru import LRU
from app.main import create_app
from app.settings import Settings
from app.sniff import media_type
from indexer.catalogue import Catalogue
from tests.app.conftest import jpeg, write_pictures
from tests.catalogues import make_catalogue


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_picture_is_resized_and_keeps_its_shape(client: TestClient) -> None:
    answer = client.get("/images/7?size=128")

    assert answer.headers["content-type"] == "image/jpeg"
    assert opened(answer.content).size == (128, 80)
    red, green, blue = opened(answer.content).convert("RGB").getpixel((60, 40))
    assert (abs(red - 61), abs(green - 90), abs(blue - 179)) < (6, 6, 6)


def test_a_picture_is_never_enlarged(client: TestClient) -> None:
    assert opened(client.get("/images/7?size=1024").content).size == (320, 200)


def test_the_original_is_the_very_bytes(client: TestClient) -> None:
    answer = client.get("/images/7/original")

    assert answer.content == jpeg((40 + 21, 90, 200 - 21))
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/images/3?size=256", "/images/3/original"])
def test_browsers_keep_a_picture_only_under_its_catalogues_name(
    client: TestClient, catalogue: Catalogue, path: str
) -> None:
    join = "&" if "?" in path else "?"
    named = client.get(f"{path}{join}v={catalogue.manifest.catalogue_id}")
    unnamed = client.get(path)
    again = client.get(path, headers={"If-None-Match": unnamed.headers["etag"]})

    assert "immutable" in named.headers["cache-control"]
    assert unnamed.headers["cache-control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(("path", "status"), [("/images/62", 404), ("/images/62/original", 404)])
def test_a_sample_without_a_picture_gets_a_placeholder(client: TestClient, path: str, status: int) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer.headers["content-type"]) == (status, "image/svg+xml")
    assert "no image" in answer.text
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "status"),
    [("/images/999", 404), ("/images/-1", 400), ("/images/7?size=300", 400), ("/images/x", 400),
     ("/images/99999999999999999999999", 400), ("/images/7?size=big", 400)],
)  # fmt: skip
def test_nonsense_is_refused(client: TestClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


@pytest.fixture
def odd(tmp_path: Path) -> tuple[TestClient, Path]:
    """One sound picture, a truncated one, a text, and an SVG with a script, in one file."""
    contents = [
        jpeg((1, 2, 3)),
        jpeg((1, 2, 3))[:-100],
        b"just text",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
    ]
    archive, rows, offset = tmp_path / "odd.tar", [], 0
    archive.write_bytes(b"".join(contents))
    for content in contents:
        rows.append({"caption": "x", "file": 0, "offset": offset, "length": len(content)})
        offset += len(content)
    files = [{"file": 0, "path": str(archive), "relative_path": "../odd.tar", "bytes": offset}]
    made = make_catalogue(tmp_path / "catalogue", rows, files=files)
    return TestClient(create_app(made, Settings()), base_url="http://127.0.0.1"), archive


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/images/1", 422, "ends too early"),
        ("/images/2", 422, "no image"),
        ("/images/2/original", 415, "no image"),
        ("/images/3", 422, "no image"),
        ("/images/3/original", 415, "no image"),
    ],
)
def test_a_damaged_picture_gets_a_placeholder_that_says_why(
    odd: tuple[TestClient, Path], path: str, status: int, says: str
) -> None:
    answer = odd[0].get(path)

    assert (answer.status_code, answer.headers["content-type"]) == (status, "image/svg+xml")
    assert says in " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())
    assert "<script" not in answer.text


def test_a_lost_archive_is_said_and_comes_back(odd: tuple[TestClient, Path], tmp_path: Path) -> None:
    client, archive = odd
    aside = tmp_path / "aside"
    shutil.move(archive, aside)

    lost = client.get("/images/0")
    shutil.move(aside, archive)

    assert (lost.status_code, lost.headers["cache-control"]) == (404, "no-store")
    assert "gone" in lost.text
    assert client.get("/images/0").status_code == 200


def test_a_catalogue_moved_with_its_pictures_still_shows_them(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    archive, ranges = write_pictures(tmp_path / "old" / "pictures.tar", 1)
    row = {"caption": "x", "file": 0, "offset": ranges[0][0], "length": ranges[0][1]}
    size = archive.stat().st_size
    files = [{"file": 0, "path": str(archive), "relative_path": "../pictures.tar", "bytes": size}]
    make_catalogue(tmp_path / "old" / "catalogue", [row], files=files).close()
    (tmp_path / "old").rename(tmp_path / "new")

    with Catalogue.open(tmp_path / "new" / "catalogue") as moved:
        client = TestClient(create_app(moved, Settings()), base_url="http://127.0.0.1")
        assert client.get("/images/0").status_code == 200


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVE", None),
        (b"<html>", None),
        (b"", None),
    ],
)
def test_the_type_is_what_the_bytes_say(data: bytes, kind: str | None) -> None:
    assert media_type(data) == kind


def test_the_cache_stays_within_its_budget() -> None:
    cache: LRU[str, bytes] = LRU(10, size=len)
    cache.put("a", b"1234")
    cache.put("b", b"1234")
    cache.get("a")
    cache.put("c", b"1234")
    cache.put("too large", b"12345678901")

    assert [cache.get(name) for name in ("a", "b", "c", "too large")] == [b"1234", None, b"1234", None]
    cache.put("a", b"1")
    cache.put("d", b"12345")
    assert (cache.get("a"), cache.get("d"), len(cache)) == (b"1", b"12345", 3)
