from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from indexer.catalogue import Catalogue
from tests.app.conftest import jpeg

HTML = {"Accept": "text/html"}


@pytest.mark.parametrize("path", ["/", "/captions", "/map", "/samples/1", "/docs", "/nowhere", "/?month=13"])
def test_a_page_may_load_nothing_from_elsewhere_and_nothing_inline(client: TestClient, path: str) -> None:
    answer = client.get(path, headers=HTML)
    policy = answer.headers["content-security-policy"]

    assert "unsafe" not in policy
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", answer.text)
    nonce = re.search(r"'nonce-([^']+)'", policy)
    assert nonce is not None
    for tag in re.findall(r"<(?:script|style)\b[^>]*>", answer.text):
        assert "src=" in tag or f'nonce="{nonce[1]}"' in tag or "application/json" in tag
    assert not re.search(r"<[^>]+\s(?:on\w+|style)=", answer.text)


def test_every_response_has_a_nonce_of_its_own(client: TestClient) -> None:
    policies = {client.get("/healthz").headers["content-security-policy"] for _ in range(3)}

    assert len(policies) == 3


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost:8000", "LOCALHOST", "[::1]:8000", "192.168.1.7:8000"]
)
def test_loopback_names_and_bare_addresses_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example:8000", "", "[::1", "127.1", "0x7f000001"]
)
def test_a_rebound_name_gets_nothing(client: TestClient, host: str) -> None:
    answer = client.get("/api/search", headers={"Host": host})

    assert answer.status_code == 403
    assert "hits" not in answer.text
    assert "content-security-policy" in answer.headers


def test_any_name_is_answered_where_settings_say_so(catalogue: Catalogue) -> None:
    open_to_all = TestClient(create_app(catalogue, Settings(allowed_hosts=("*",))))

    assert open_to_all.get("/healthz", headers={"Host": "explorer.example"}).status_code == 200


def test_another_site_cannot_post(client: TestClient) -> None:
    picture = {"image": ("x.jpg", jpeg((9, 9, 9)), "image/jpeg")}

    refused = client.post("/query-images", files=picture, headers={"Origin": "https://evil.example"})

    assert refused.status_code == 403


def test_hostile_captions_are_text(client: TestClient) -> None:
    for path in ("/samples/63", "/captions?q=evil", "/?q=evil&mode=caption"):
        page = client.get(path, headers=HTML).text
        assert "evil" in page
        assert "<script>alert" not in page


def test_hostile_queries_are_text(client: TestClient) -> None:
    page = client.get("/captions", params={"q": '"><script>alert(1)</script>'}, headers=HTML)

    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_static_files_stay_in_their_folder(client: TestClient) -> None:
    for path in ("/static/../pyproject.toml", "/static/%2e%2e/pyproject.toml", "/static//etc/passwd"):
        assert client.get(path).status_code == 404


def test_an_error_is_json_to_a_program_and_a_page_to_a_person(client: TestClient) -> None:
    api, page = client.get("/api/search?month=13", headers=HTML), client.get("/?month=13", headers=HTML)

    assert (api.status_code, page.status_code) == (400, 400)
    assert api.json() == {"error": "month='13' is not a month.", "hint": "Write a number from 1 to 12."}
    assert "is not a month" in page.text and "text/html" in page.headers["content-type"]


LIMIT = 20_000


@pytest.fixture(scope="module")
def strict(catalogue: Catalogue) -> Iterator[TestClient]:
    settings = Settings(upload_bytes=LIMIT, image_pixels=100 * 100)
    with TestClient(create_app(catalogue, settings), base_url="http://127.0.0.1") as client:
        yield client


def test_an_announced_body_that_is_too_large_is_refused_unread(strict: TestClient) -> None:
    answer = strict.post("/query-images", content=b"x" * 100_000)

    assert answer.status_code == 413
    assert "larger than" in answer.json()["error"]


def test_an_unannounced_one_is_refused_on_the_way(strict: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n'
        for _ in range(1_000):
            yield b"x" * 1_000

    answer = strict.post(
        "/query-images", content=endless(), headers={"Content-Type": "multipart/form-data; boundary=b"}
    )

    assert answer.status_code == 413


def test_a_picture_just_over_the_limit_is_refused(strict: TestClient) -> None:
    answer = strict.post("/query-images", files={"image": ("a.jpg", b"x" * (LIMIT + 1))})

    assert answer.status_code == 413


def test_a_picture_with_too_many_pixels_is_refused(strict: TestClient) -> None:
    answer = strict.post("/query-images", files={"image": ("a.jpg", jpeg((1, 2, 3), (101, 100)))})

    assert answer.status_code == 400
    assert "pixels" in answer.json()["error"]


def test_large_assets_are_packed_for_browsers_that_can_unpack(client: TestClient) -> None:
    address = "/static/vendor/world-atlas/countries-50m.json"
    packed = client.get(address, headers={"accept-encoding": "gzip"})
    plain = client.get(address, headers={"accept-encoding": "identity"})

    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.json() == plain.json()
    assert int(plain.headers["content-length"]) > 500_000
