"""What every page shares: places, the catalogue's name, errors that help."""

from __future__ import annotations

import pytest

from tests.app.pages.conftest import Get

PAGES = ("/", "/captions", "/map", "/stages", "/samples/0", "/about", "/docs")


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_the_frame_and_no_dead_link(get: Get, address: str) -> None:
    page = get(address)
    assert page.one("a", "brand").attributes["href"] == "/about"
    assert "world" in page.one("a", "brand").text
    places = [a for a in page.all("a") if a.text in ("Search", "Captions", "Map", "Stages")]
    assert [a.attributes["href"] for a in places] == ["/", "/captions", "/map", "/stages"]
    assert [a.attributes["href"] for a in places if "aria-current" in a.attributes] == (
        [address] if address in ("/", "/captions", "/map", "/stages") else []
    )
    assert len(page.all("main")) == 1
    assert len(page.all("h1")) == 1


def test_about_says_how_the_catalogue_was_built(get: Get) -> None:
    text = get("/about").one("main").text
    assert "64 image-text pairs, 62 kept and 2 removed" in text
    assert "embedded" in text
    assert get("/about").link("FMoW") == "/?subset=RS3&source=FMoW"


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/nowhere", 404, "There is no page"),
        ("/?sort=best", 400, "Choose one of"),
        ("/?bbox=1,2,3", 400, "west,south,east,north"),
        ("/samples/nine", 400, "id"),
        ("/?image=00ff00ff00ff00ff", 404, "Upload the picture again"),
    ],
)
def test_errors_say_what_to_do(get: Get, address: str, status: int, words: str) -> None:
    page = get(address, status=status)
    assert words in page.one("main").text
    assert page.link("Back to the gallery") == "/"
