"""What stands where a picture cannot: a quiet square that says why."""

from __future__ import annotations

import textwrap

from markupsafe import escape

_LINE = 30


def placeholder(reason: str) -> bytes:
    """An SVG square with `reason` written on it."""
    lines = textwrap.wrap(reason, _LINE, max_lines=4, placeholder=" ...")
    top = 134 - 9 * (len(lines) - 1)
    text = "".join(
        f'<text x="128" y="{top + 18 * place}">{escape(line)}</text>' for place, line in enumerate(lines)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256" viewBox="0 0 256 256">'
        '<rect width="256" height="256" fill="#8883"/>'
        '<g fill="#777" font-family="system-ui, sans-serif" font-size="13" text-anchor="middle">'
        f"{text}</g></svg>"
    ).encode()
