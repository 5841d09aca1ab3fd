"""Getting a page of the small catalogue, whole or as htmx asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from indexer.catalogue import Catalogue
from tests.app.pages.reading import Page
from tests.scored import make_scored_catalogue

Get = Callable[..., Page]


@pytest.fixture
def get(client: TestClient) -> Get:
    """Gets a page of the small catalogue."""
    return getter(client)


@pytest.fixture(scope="session")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """A catalogue whose score stages ran."""
    with make_scored_catalogue(tmp_path_factory.mktemp("pages") / "scored") as made:
        yield made


@pytest.fixture(scope="session")
def scored_client(scored: Catalogue) -> Iterator[TestClient]:
    with TestClient(create_app(scored, Settings()), base_url="http://127.0.0.1") as client:
        yield client


@pytest.fixture
def get_scored(scored_client: TestClient) -> Get:
    """Gets a page of the catalogue with scores."""
    return getter(scored_client)


def getter(client: TestClient) -> Get:
    def page(address: str, status: int = 200, **headers: str) -> Page:
        asked = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = client.get(address, headers={"accept": "text/html", **asked})
        assert answer.status_code == status, answer.text
        return Page(answer.text)

    return page
