"""`rs5m serve`: a catalogue in the browser."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Annotated

import typer

from app.cli.query_options import CatalogueArgument
from app.settings import LOOPBACK_HOSTS, Settings, read_settings
from indexer.catalogue import Catalogue
from indexer.errors import UserError

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000


def serve(
    catalogue: CatalogueArgument,
    host: Annotated[
        str,
        typer.Option(envvar="RS5M_HOST", help="Address to listen at; the default is this machine only."),
    ] = DEFAULT_HOST,
    port: Annotated[
        int, typer.Option(envvar="RS5M_PORT", min=0, max=65535, help="Port; 0 takes a free one.")
    ] = DEFAULT_PORT,
) -> None:
    """Open a catalogue in the browser, until Ctrl-C."""
    run(catalogue, host, port)


def run(folder: Path, host: str = DEFAULT_HOST, port: int = DEFAULT_PORT) -> None:
    """Serve the catalogue in `folder` until interrupted.

    Raises:
        UserError: `folder` is no catalogue, or nothing can listen at that host and port.
    """
    with Catalogue.open(folder) as catalogue, _listen(host, port) as listener:
        import uvicorn

        from app.main import create_app

        app = create_app(catalogue, _settings(host))
        taken = listener.getsockname()[1]
        shown = f"[{host}]" if ":" in host else host
        typer.echo(f"Serving {folder} at http://{shown}:{taken}  (Ctrl-C stops)")
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False))
        server.run(sockets=[listener])


def _settings(host: str) -> Settings:
    if "RS5M_ALLOWED_HOSTS" in os.environ or host in LOOPBACK_HOSTS:
        return read_settings()
    return read_settings(allowed_hosts=(*LOOPBACK_HOSTS, host, socket.gethostname()))


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens before the app is built, so that a taken port is said at once, in one line."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        # From here on a browser that is quicker than the app waits instead of being refused.
        listener.listen()
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError(f"cannot listen at {host}:{port}: {reason}.", "Choose another --port.") from None
    return listener
