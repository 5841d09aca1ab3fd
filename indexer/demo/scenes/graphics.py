"""Drawings and documents that are no overhead scenes, for filters to remove.

Kinds: chart, map, text, logo.
"""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from indexer.demo.scenes.canvas import to_bytes
from indexer.demo.scenes.noise import fractal, smoothstep
from indexer.demo.scenes.palette import Colour, blend, mix, pick, tint
from indexer.demo.scenes.registry import off_topic
from indexer.demo.scenes.sheet import BRIGHT, CLOTH, enlarged, finish, font, sheet, words


@off_topic("chart")
def chart(rng: np.random.Generator) -> NDArray[np.uint8]:
    """Bars, lines or a pie with a title, axes and a legend."""
    image, d = sheet(pick(rng, ((255, 255, 255), (250, 248, 242), (240, 244, 250))))
    d.text(
        (256, 38),
        f"{words(rng, 2)} {int(rng.integers(2005, 2024))}",
        fill=(50, 50, 60),
        font=font(34),
        anchor="mm",
    )
    inks = [BRIGHT[int(i)] for i in rng.permutation(len(BRIGHT))]
    form, n = str(rng.choice(("bars", "lines", "pie"))), int(rng.integers(4, 9))
    if form == "pie":
        start, hole = rng.uniform(0, 360), rng.choice((0, 70))
        for share, ink in zip(rng.dirichlet(np.full(n, 3.0)) * 360, inks * 2, strict=False):
            d.pieslice((80, 90, 400, 410), start, start + share, fill=ink, outline=(255, 255, 255), width=3)
            start += share
        d.ellipse((240 - hole, 250 - hole, 240 + hole, 250 + hole), fill=image.getpixel((2, 2)))
    else:
        for level in range(6):
            up = 420 - 64 * level
            d.line((70, up, 480, up), fill=(214, 216, 220), width=2)
            d.text((58, up), str(20 * level), fill=(90, 90, 96), font=font(20), anchor="rm")
        step = 400 / n
        for k in range(n):
            d.text(
                (80 + (k + 0.5) * step, 440), "ABCDEFGHI"[k], fill=(90, 90, 96), font=font(20), anchor="mm"
            )
        for series in range(int(rng.integers(1, 4))):
            heights = (
                rng.uniform(40, 300, n)
                if form == "bars"
                else np.cumsum(rng.normal(6, 34, n)) + rng.uniform(90, 200)
            )
            heights = np.clip(heights, 12, 315) * (1 if series == 0 else 0.7)
            tops = [(80 + (k + 0.5) * step, 420 - float(v)) for k, v in enumerate(heights)]
            if form == "lines":
                d.line(tops, fill=inks[series], width=7, joint="curve")
                for x, y in tops:
                    d.ellipse((x - 8, y - 8, x + 8, y + 8), fill=inks[series])
            else:
                for x, y in tops:
                    left = x - step * 0.36 + series * step * 0.24
                    d.rectangle((left, y, left + step * 0.3, 420), fill=inks[series])
        d.line((70, 90, 70, 420, 484, 420), fill=(60, 60, 66), width=3)
    for k in range(3):
        d.rectangle((90 + k * 130, 470, 108 + k * 130, 488), fill=inks[k])
        d.text((116 + k * 130, 479), words(rng, 1), fill=(80, 80, 86), font=font(20), anchor="lm")
    return finish(image, rng, 0.5)


@off_topic("map")
def street_map(rng: np.random.Generator) -> NDArray[np.uint8]:
    """A drawn map: flat land, water, parks, cased roads and names."""
    land, park, sea, lane, main = _MAP_STYLES[int(rng.integers(len(_MAP_STYLES)))]
    wet = smoothstep(0.0, 0.01, fractal(rng, 2, 4, 0.35) - np.float32(rng.uniform(0.62, 0.75)))
    green = smoothstep(0.0, 0.01, fractal(rng, 4, 3, 0.35) - np.float32(0.68))
    flat = np.broadcast_to(np.array(land, dtype=np.float32), (256, 256, 3))
    image = enlarged(Image.fromarray(to_bytes(mix(mix(flat, park, green), sea, wet))))
    d = ImageDraw.Draw(image)
    turn, pitch = rng.uniform(0, pi), rng.uniform(44, 76)
    ax, ay = cos(turn), sin(turn)
    roads = []
    for k in range(-9, 10):
        a = k * pitch + rng.uniform(-9, 9)
        for ux, uy in ((ax, ay), (-ay, ax)):
            major = rng.random() < 0.2
            near, far = rng.uniform(-700, -60), rng.uniform(60, 700)
            near, far = (-700, 700) if major else (near, far)
            px, py = 256 - uy * a, 256 + ux * a
            roads.append(((px + ux * near, py + uy * near, px + ux * far, py + uy * far), major))
    for case in (True, False):
        for line, major in sorted(roads, key=lambda road: road[1]):
            ink = tint(main if major else lane, 0.78 if case else 1)
            d.line(line, fill=ink, width=(16 if major else 9) + (4 if case else 0))
    for x, y in rng.uniform(50, 462, (int(rng.integers(4, 9)), 2)).tolist():
        d.text(
            (x, y),
            words(rng, 1),
            fill=(64, 64, 72),
            font=font(rng.uniform(20, 34)),
            anchor="mm",
            stroke_width=3,
            stroke_fill=(255, 255, 255),
        )
    for x, y in rng.uniform(40, 470, (int(rng.integers(0, 4)), 2)).tolist():
        d.polygon((x - 13, y - 26, x + 13, y - 26, x, y), fill=(214, 58, 52))
        d.ellipse((x - 15, y - 46, x + 15, y - 16), fill=(214, 58, 52))
        d.ellipse((x - 6, y - 37, x + 6, y - 25), fill=(255, 255, 255))
    return finish(image, rng, 0.5)


_MAP_STYLES: tuple[tuple[Colour, Colour, Colour, Colour, Colour], ...] = (
    ((242, 239, 230), (200, 226, 180), (168, 208, 232), (255, 255, 255), (250, 212, 120)),
    ((236, 226, 200), (198, 206, 150), (150, 182, 190), (250, 242, 220), (206, 110, 84)),
    ((228, 230, 234), (206, 222, 206), (178, 196, 212), (250, 250, 250), (240, 168, 96)),
    ((44, 50, 62), (44, 70, 62), (26, 44, 66), (86, 94, 110), (146, 132, 92)),
)
"""Land, park, water, lane and main road of some map designs."""


@off_topic("text")
def text(rng: np.random.Generator) -> NDArray[np.uint8]:
    """A slide, a page or a quotation."""
    form = str(rng.choice(("slide", "page", "quote")))
    if form == "page":
        image, d = sheet((250, 248, 242))
        left = rng.uniform(36, 70)
        d.text((left, 46), words(rng, 2), fill=(30, 30, 34), font=font(40), anchor="lm")
        for y in np.arange(96, 480, rng.uniform(22, 30)):
            if rng.random() < 0.88:
                d.text((left, y), words(rng, 9), fill=(60, 60, 64), font=font(17))
        d.rectangle((512 - left, 0, 512, 512), fill=(250, 248, 242))
        return finish(image, rng, 1)
    ground = pick(rng, (*BRIGHT, *CLOTH, (250, 250, 250)))
    ink = (40, 40, 46) if sum(ground) > 480 else (250, 250, 246)
    image, d = sheet(ground)
    if form == "slide":
        d.rectangle((0, 0, 512, 96), fill=tint(ground, 0.78))
        d.text((34, 50), words(rng, 2), fill=(250, 250, 250), font=font(42), anchor="lm")
        for k in range(int(rng.integers(3, 6))):
            d.ellipse((40, 142 + k * 68, 56, 158 + k * 68), fill=ink)
            d.text(
                (74, 150 + k * 68), words(rng, int(rng.integers(2, 4))), fill=ink, font=font(30), anchor="lm"
            )
        return finish(image, rng, 1)
    for r in range(3):
        d.ellipse(
            (400 - r * 60, -60 - r * 70, 640 + r * 60, 180 + r * 60), outline=tint(ground, 1.12), width=12
        )
    size = rng.uniform(44, 64)
    for k in range(int(rng.integers(3, 5))):
        d.text(
            (256, 140 + k * size * 1.25),
            words(rng, int(rng.integers(1, 3))),
            fill=ink,
            font=font(size),
            anchor="mm",
        )
    return finish(image, rng, 1)


@off_topic("logo")
def logo(rng: np.random.Generator) -> NDArray[np.uint8]:
    """An emblem on a plain ground, with a name."""
    image, d = sheet(pick(rng, ((255, 255, 255), (246, 246, 242), (32, 36, 44), (18, 52, 86))))
    first, second = (BRIGHT[int(i)] for i in rng.choice(len(BRIGHT), 2, replace=False))
    x, y, r, sides = 256.0, 214.0, rng.uniform(110, 150), int(rng.integers(3, 9))
    form = str(rng.choice(("disc", "badge", "petals", "stripes")))
    if form == "disc":
        d.ellipse((x - r, y - r, x + r, y + r), fill=first)
        d.ellipse((x - r * 0.84, y - r * 0.84, x + r * 0.84, y + r * 0.84), outline=(255, 255, 255), width=8)
        d.text((x, y), words(rng, 1)[:2].upper(), fill=(255, 255, 255), font=font(r), anchor="mm")
    elif form == "badge":
        d.regular_polygon((x, y, r), sides, int(rng.integers(0, 90)), fill=first)
        d.regular_polygon((x, y, r * 0.62), sides, int(rng.integers(0, 90)), fill=second)
        d.regular_polygon((x, y, r * 0.28), max(3, sides - 1), 0, fill=(255, 255, 255))
    elif form == "petals":
        for k in range(sides):
            a = 2 * pi * k / sides
            px, py, q = x + cos(a) * r * 0.5, y + sin(a) * r * 0.5, r * 0.46
            d.ellipse((px - q, py - q, px + q, py + q), fill=blend(first, second, k / sides))
        d.ellipse((x - r * 0.25, y - r * 0.25, x + r * 0.25, y + r * 0.25), fill=(255, 255, 255))
    else:
        for k in range(4):
            top = y - r + k * r * 0.5
            d.polygon(
                (
                    x - r + k * 20,
                    top,
                    x + r * 0.5 + k * 20,
                    top,
                    x + r * 0.8,
                    top + r * 0.36,
                    x - r * 0.7,
                    top + r * 0.36,
                ),
                fill=blend(first, second, k / 3),
            )
    d.text((x, 430), words(rng, 1).upper(), fill=first, font=font(rng.uniform(52, 76)), anchor="mm")
    return finish(image, rng, 0.5)
