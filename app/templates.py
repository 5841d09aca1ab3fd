"""The Jinja2 environment, and where templates and static files are: the checkout, or the wheel's bundle."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.templating import Jinja2Templates

from indexer import __version__
from indexer.catalogue import Catalogue

_PACKAGE = Path(__file__).parent


def folder(name: str) -> Path:
    """`templates` or `static`: bundled inside an installed wheel, beside the package in a checkout."""
    bundled = _PACKAGE / "_bundle" / name
    return bundled if bundled.is_dir() else _PACKAGE.parent / name


def image_url(catalogue: Catalogue, id_: int, size: int | None = 256) -> str:
    """Address of a sample's picture; it names the catalogue, so that browsers may keep the picture for good.

    Args:
        catalogue: whose sample it is.
        id_: the sample.
        size: longest side in pixels; None for the original bytes.
    """
    version = {"v": catalogue.manifest.catalogue_id}
    if size is None:
        return f"/images/{id_}/original?{urlencode(version)}"
    return f"/images/{id_}?{urlencode({'size': size, **version})}"


def catalogue_name(catalogue: Catalogue) -> str:
    """What a catalogue is called on the pages: its folder, or the folder that a mere `catalogue` lies in."""
    folder = catalogue.path.resolve()
    return folder.parent.name if folder.name == "catalogue" else folder.name


def _frame(request: Request) -> dict[str, Any]:
    """What every page may use besides its own context."""
    catalogue: Catalogue = request.app.state.catalogue
    return {
        "catalogue": catalogue,
        "catalogue_name": catalogue_name(catalogue),
        "csp_nonce": getattr(request.state, "csp_nonce", ""),
        "image_url": lambda id_, size=256: image_url(catalogue, id_, size),
        "version": __version__,
    }


def code_spans(text: str) -> Markup:
    """Escaped text in which what stands between backticks, as docstrings write it, is code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["code_spans"] = code_spans
    environment.filters["thousands"] = lambda number: f"{number:,}"
    return environment


templates = Jinja2Templates(env=_environment(), context_processors=[_frame])
