from __future__ import annotations

import io

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from app.encoding import QueryEncoder
from app.errors import NotFoundError
from app.query_images import QueryImages
from indexer.catalogue import Catalogue
from tests.app.conftest import jpeg


def upload(client: TestClient, data: bytes) -> str:
    answer = client.post("/query-images", files={"image": ("a.jpg", data)}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_an_uploaded_picture_is_searched_by(client: TestClient) -> None:
    location = upload(client, jpeg((20, 90, 40)))

    assert location.startswith("/?image=")
    answer = client.get(f"/api/search{location[1:]}&k=5").json()
    assert (answer["kind"], len(answer["hits"])) == ("likeness", 5)
    assert client.get(location, headers={"Accept": "text/html"}).status_code == 200


def test_the_ranking_is_the_encoders(client: TestClient, catalogue: Catalogue) -> None:
    data = jpeg((200, 180, 40))
    location = upload(client, data)

    hits = client.get(f"/api/search{location[1:]}&k=60").json()["hits"]

    vector = QueryEncoder(catalogue).of_picture(Image.open(io.BytesIO(data)).convert("RGB"))
    scores = np.asarray(catalogue.vectors, np.float32) @ vector
    assert [hit["score"] for hit in hits] == pytest.approx([scores[hit["id"]] for hit in hits], abs=2e-4)
    assert hits[0]["score"] == max(hit["score"] for hit in hits)


def test_one_picture_has_one_address_and_a_small_copy(client: TestClient) -> None:
    data = jpeg((20, 90, 140), (900, 600))
    location = upload(client, data)

    copy = client.get(f"/query-images/{location.removeprefix('/?image=')}")

    assert upload(client, data) == location
    assert Image.open(io.BytesIO(copy.content)).size == (256, 171)


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"image": ("a.jpg", b"")}, "empty"),
        ({"image": ("a.jpg", b"hello")}, "no image"),
        ({"image": ("a.jpg", jpeg((1, 2, 3))[:-100])}, "ends too early"),
        ({"other": ("a.jpg", jpeg((1, 2, 3)))}, "no file named image"),
        ({}, "no file named image"),
    ],
)
def test_what_is_no_picture_is_refused(
    client: TestClient, files: dict[str, tuple[str, bytes]], says: str
) -> None:
    answer = client.post("/query-images", files=files)

    assert answer.status_code == 400
    assert says in answer.json()["error"]


def test_an_image_that_is_not_held_says_so_on_the_page(client: TestClient) -> None:
    page = client.get("/?image=0123456789abcdef", headers={"Accept": "text/html"})

    assert page.status_code == 404
    assert "Upload the picture again" in page.text


def test_only_the_last_pictures_are_held(catalogue: Catalogue) -> None:
    encoder, images = QueryEncoder(catalogue), QueryImages(2)
    names = []
    for shade in (0, 100, 200):
        data = jpeg((shade, 0, 0), (32, 32))
        names.append(images.add(data, Image.open(io.BytesIO(data)), encoder))

    assert images.get(names[2]).vector.shape == (int(catalogue.manifest.encoder["dimension"]),)
    with pytest.raises(NotFoundError, match="Upload the picture again"):
        images.get(names[0])
