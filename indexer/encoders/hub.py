"""The Hugging Face hub, without minutes of retries where there is no network."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit
from urllib.request import getproxies

CONNECT_TIMEOUT_S = 3.0


@contextmanager
def hub_access() -> Iterator[None]:
    """Let hub downloads inside fall back on the local cache at once if the hub cannot be reached.

    Without it every file is asked for six times over half a minute, each with a warning, before the cache is
    used or an error raised.
    """
    from huggingface_hub import constants

    logger = logging.getLogger("huggingface_hub")
    before = constants.HF_HUB_OFFLINE, logger.level
    constants.HF_HUB_OFFLINE = constants.HF_HUB_OFFLINE or not is_reachable(constants.ENDPOINT)
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = before[0]
        logger.setLevel(before[1])


def is_reachable(url: str) -> bool:
    """Return whether the host of a URL takes connections; behind a proxy only a download can tell, so yes."""
    parts = urlsplit(url)
    if getproxies().get(parts.scheme):
        return True
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname or "", port), CONNECT_TIMEOUT_S).close()
    except OSError:
        return False
    return True
