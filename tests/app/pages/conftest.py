"""Getting a page of the small catalogue, whole or as htmx asks for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from tests.app.pages.reading import Page

Get = Callable[..., Page]


@pytest.fixture
def get(client: TestClient) -> Get:
    def page(address: str, status: int = 200, **headers: str) -> Page:
        asked = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = client.get(address, headers={"accept": "text/html", **asked})
        assert answer.status_code == status, answer.text
        return Page(answer.text)

    return page
