"""One gazetteer for all tests, of cities with 15,000 inhabitants and more: it loads in under a second."""

from __future__ import annotations

import pytest

from indexer.gazetteer.gazetteer import Gazetteer, open_gazetteer


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return open_gazetteer()
