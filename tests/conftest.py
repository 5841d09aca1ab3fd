"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

# A first example imports what it needs, on machines that do other things too: time is not what is tested.
settings.register_profile("rs5m", deadline=None)
settings.load_profile("rs5m")


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder of real images and tables; where it is absent the test is skipped, and in CI fails."""
    folder = Path(os.environ.get("RS5M_REALDATA", ROOT.parent / "shared" / "data")).resolve()
    if folder.is_dir():
        return folder
    reason = f"no real data in {folder}; set RS5M_REALDATA to its folder"
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that asks for `realdata`, so that `-m 'not realdata'` leaves them out."""
    for item in items:
        if "realdata" in getattr(item, "fixturenames", ()):
            item.add_marker("realdata")
