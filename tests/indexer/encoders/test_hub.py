import logging
import socket

import pytest
from huggingface_hub import constants

from indexer.encoders.hub import hub_access, is_reachable


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def test_a_listening_host_is_reachable_and_a_closed_port_is_not(closed_port: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert is_reachable(f"http://127.0.0.1:{server.getsockname()[1]}")
    assert not is_reachable(f"http://127.0.0.1:{closed_port}")


def test_behind_a_proxy_the_download_itself_is_tried(
    monkeypatch: pytest.MonkeyPatch, closed_port: int
) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    assert is_reachable(f"http://127.0.0.1:{closed_port}")


def test_an_unreachable_hub_means_offline_and_quiet_until_the_end(
    monkeypatch: pytest.MonkeyPatch, closed_port: int
) -> None:
    monkeypatch.setattr(constants, "ENDPOINT", f"http://127.0.0.1:{closed_port}")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    level = logging.getLogger("huggingface_hub").level
    with hub_access():
        assert constants.HF_HUB_OFFLINE
        assert not logging.getLogger("huggingface_hub").isEnabledFor(logging.WARNING)
    assert not constants.HF_HUB_OFFLINE
    assert logging.getLogger("huggingface_hub").level == level


def test_a_reachable_hub_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setattr(constants, "ENDPOINT", f"http://127.0.0.1:{server.getsockname()[1]}")
        with hub_access():
            assert not constants.HF_HUB_OFFLINE
