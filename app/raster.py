"""Pictures for papers: SVG as PNG, with the same letters on every machine."""

from __future__ import annotations

import resvg_py

from app.errors import UnavailableError
from app.templates import folder

FONT = "DejaVu Sans"


def png(svg: str, zoom: float = 2.0) -> bytes:
    """`svg` as PNG, `zoom` pixels for every unit of it; its text is set in `FONT`.

    Raises:
        UnavailableError: the font is not installed.
    """
    fonts = folder("static") / "vendor" / "fonts"
    if not fonts.is_dir():
        raise UnavailableError(f"there are no fonts in {fonts.name}/.", "Run make setup, or take the SVG.")
    return resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=zoom,
        skip_system_fonts=True,
        font_dirs=[str(fonts)],
        font_family=FONT,
        sans_serif_family=FONT,
    )
