from __future__ import annotations

from pathlib import Path

import pytest

from app.settings import LOOPBACK_HOSTS, read_settings
from indexer.errors import UserError


def test_only_this_machine_is_answered_by_default() -> None:
    assert read_settings().allowed_hosts == LOOPBACK_HOSTS


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RS5M_ALLOWED_HOSTS", "explorer.example, localhost")
    monkeypatch.setenv("RS5M_UPLOAD_BYTES", "5000")
    monkeypatch.setenv("RS5M_CHECKPOINT", "/models/RS5M_ViT-B-32.pt")

    settings = read_settings()

    assert settings.allowed_hosts == ("explorer.example", "localhost")
    assert (settings.upload_bytes, settings.checkpoint) == (5000, Path("/models/RS5M_ViT-B-32.pt"))


def test_there_are_two_threads_a_core_and_four_at_least(monkeypatch: pytest.MonkeyPatch) -> None:
    for cores, threads in ((None, 4), (1, 4), (2, 4), (16, 32)):
        monkeypatch.setattr("os.cpu_count", lambda cores=cores: cores)
        assert read_settings().threads == threads

    monkeypatch.setenv("RS5M_THREADS", "3")
    assert read_settings().threads == 3


@pytest.mark.parametrize("value", ["many", "-1", "0", ""])
def test_a_wrong_value_names_its_variable(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("RS5M_UPLOAD_BYTES", value)

    with pytest.raises(UserError, match=rf"RS5M_UPLOAD_BYTES='{value}'.*Correct or unset it"):
        read_settings()
