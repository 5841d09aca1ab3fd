"""Photographs that are no overhead scenes, for filters to remove.

Kinds: portrait, product, food, room, sunset, flower. `graphics` holds the drawn ones.
"""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from indexer.demo.scenes.canvas import to_bytes
from indexer.demo.scenes.noise import fractal, grain, smoothstep
from indexer.demo.scenes.palette import Colour, blend, colourise, mix, pick, ramp, tint, vary
from indexer.demo.scenes.registry import off_topic
from indexer.demo.scenes.sheet import BRIGHT, CLOTH, enlarged, finish, font, sheet, words

_SKIN: tuple[Colour, ...] = ((240, 206, 180), (224, 180, 148), (196, 142, 106), (150, 100, 72), (104, 68, 50))
_HAIR: tuple[Colour, ...] = (
    (40, 30, 26),
    (86, 56, 36),
    (150, 104, 60),
    (204, 170, 108),
    (142, 66, 36),
    (150, 148, 146),
)


@off_topic("portrait")
def portrait(rng: np.random.Generator) -> NDArray[np.uint8]:
    """Head and shoulders before a blurred background."""
    wall = vary(rng, pick(rng, CLOTH), 20)
    image, d = sheet(wall)
    for x, y, r in rng.uniform((0, 0, 20), (512, 512, 90), (14, 3)).tolist():
        d.ellipse((x - r, y - r, x + r, y + r), fill=vary(rng, wall, 24))
    image = image.filter(ImageFilter.GaussianBlur(22))
    d = ImageDraw.Draw(image)
    skin, hair, cloth = vary(rng, pick(rng, _SKIN), 5), pick(rng, _HAIR), pick(rng, CLOTH)
    x, y, w = rng.uniform(220, 292), rng.uniform(200, 235), rng.uniform(84, 104)
    h = w * rng.uniform(1.22, 1.38)
    if rng.random() < 0.5:
        d.rounded_rectangle(
            (x - w * 1.25, y - h * 1.1, x + w * 1.25, y + h * rng.uniform(1.0, 1.9)), w, fill=tint(hair, 0.85)
        )
    d.ellipse((x - w * 1.14, y - h * 1.2, x + w * 1.14, y + h * 0.6), fill=hair)
    d.ellipse((x - 225, y + h * 1.12, x + 225, 760), fill=cloth)
    d.rounded_rectangle((x - w * 0.42, y + h * 0.5, x + w * 0.42, y + h * 1.4), 36, fill=tint(skin, 0.86))
    d.ellipse((x - w, y - h * 0.92, x + w, y + h), fill=skin)
    d.chord(
        (x - w * 1.04, y - h * 1.1, x + w * 1.04, y + h * 0.5),
        180 + rng.uniform(5, 25),
        360 - rng.uniform(5, 25),
        fill=hair,
    )
    _face(d, rng, x, y, w, skin, hair)
    return finish(image.filter(ImageFilter.GaussianBlur(1.5)), rng)


def _face(
    d: ImageDraw.ImageDraw, rng: np.random.Generator, x: float, y: float, w: float, skin: Colour, hair: Colour
) -> None:
    iris = pick(rng, ((70, 50, 36), (60, 92, 130), (78, 104, 70)))
    for side in (-1, 1):
        ex = x + side * w * 0.42
        d.ellipse((ex - 17, y + 2, ex + 17, y + 22), fill=(246, 244, 240))
        d.ellipse((ex - 9, y + 3, ex + 9, y + 21), fill=iris)
        d.ellipse((ex - 4, y + 8, ex + 4, y + 16), fill=(16, 14, 14))
        d.line((ex - 22, y - 14, ex, y - 21, ex + 22, y - 14), fill=tint(hair, 0.8), width=8)
        d.ellipse((ex - 20, y + 44, ex + 20, y + 76), fill=blend(skin, (224, 120, 108), 0.25))
    d.line((x, y + 8, x - 11, y + 52, x + 9, y + 55), fill=tint(skin, 0.82), width=6)
    lips = blend(skin, (176, 54, 60), rng.uniform(0.4, 0.8))
    d.chord((x - 38, y + 62, x + 38, y + 62 + rng.uniform(34, 46)), 0, 180, fill=lips)
    if rng.random() < 0.5:
        d.chord((x - 28, y + 74, x + 28, y + 92), 0, 180, fill=(248, 244, 238))


@off_topic("product")
def product(rng: np.random.Generator) -> NDArray[np.uint8]:
    """A mug, a bottle or a box on a studio sweep."""
    backdrop = pick(rng, ((250, 250, 250), (236, 236, 234), (240, 230, 220), (222, 232, 238)))
    down = np.linspace(0, 1, 512, dtype=np.float32)[:, None, None]
    sweep = np.array(backdrop, dtype=np.float32) * (1 - np.float32(0.16) * np.abs(down - np.float32(0.62)))
    image = Image.fromarray(to_bytes(np.broadcast_to(sweep, (512, 512, 3))))
    shade = Image.new("L", (512, 512))
    x, y, w, h = rng.uniform(226, 286), 400.0, rng.uniform(70, 110), rng.uniform(190, 270)
    ImageDraw.Draw(shade).ellipse((x - w * 1.1, y - 26, x + w * 2.0, y + 30), fill=110)
    image.paste((60, 60, 66), (0, 0), shade.filter(ImageFilter.GaussianBlur(16)))
    d, colour = ImageDraw.Draw(image), vary(rng, pick(rng, (*BRIGHT, *CLOTH)), 8)
    form = str(rng.choice(("mug", "bottle", "box")))
    if form == "box":
        side = w * 0.55
        d.polygon(
            (x + w, y - h, x + w + side, y - h - 40, x + w + side, y - 40, x + w, y), fill=tint(colour, 0.7)
        )
        d.polygon(
            (x - w, y - h, x - w + side, y - h - 40, x + w + side, y - h - 40, x + w, y - h),
            fill=tint(colour, 1.25),
        )
        d.rectangle((x - w, y - h, x + w, y), fill=colour)
    else:
        h = h * (0.8 if form == "mug" else 1.0)
        if form == "mug":
            d.ellipse(
                (x + w * 0.5, y - h * 0.8, x + w * 1.6, y - h * 0.25), outline=tint(colour, 0.8), width=22
            )
        else:
            w = w * 0.72
            d.rounded_rectangle(
                (x - w * 0.3, y - h * 1.42, x + w * 0.3, y - h * 0.8), 8, fill=tint(colour, 0.8)
            )
            d.rectangle((x - w * 0.34, y - h * 1.46, x + w * 0.34, y - h * 1.32), fill=(40, 40, 42))
            d.ellipse((x - w, y - h * 1.12, x + w, y - h * 0.8), fill=colour)
        for strip in np.linspace(-1, 1, 40):
            ink = tint(colour, 1.18 - 0.5 * (strip + 0.45) ** 2)
            drop = 20 * float(np.sqrt(1 - strip**2))
            d.rectangle((x + strip * w - 3, y - h, x + strip * w + w / 20, y + drop - 10), fill=ink)
        if form == "mug":
            d.ellipse((x - w, y - h - 20, x + w, y - h + 22), fill=tint(colour, 1.1))
            d.ellipse((x - w * 0.9, y - h - 14, x + w * 0.9, y - h + 16), fill=(70, 44, 30))
    label = blend((250, 250, 250), colour, rng.uniform(0, 0.3))
    d.rectangle((x - w * 0.72, y - h * 0.68, x + w * 0.72, y - h * 0.26), fill=label)
    d.text((x, y - h * 0.47), words(rng, 1).upper(), fill=tint(colour, 0.6), font=font(w * 0.34), anchor="mm")
    return finish(image.filter(ImageFilter.GaussianBlur(1)), rng, 1)


@off_topic("food")
def food(rng: np.random.Generator) -> NDArray[np.uint8]:
    """A plate or a bowl on a table, seen a little from the side."""
    wood = pick(rng, ((142, 96, 60), (186, 146, 104), (84, 62, 50), (214, 208, 200), (70, 82, 92)))
    planks = fractal(rng, 5, 6, 0.6, 0.06)
    table = colourise(planks, ramp(tint(wood, 0.8), wood, tint(wood, 1.15)))
    image = enlarged(Image.fromarray(to_bytes(table)))
    d = ImageDraw.Draw(image)
    x, y, r, flat = (
        rng.uniform(230, 280),
        rng.uniform(250, 290),
        rng.uniform(170, 215),
        rng.uniform(0.72, 0.88),
    )

    def oval(size: float, ink: Colour, drop: float = 0) -> None:
        d.ellipse((x - size, y - size * flat + drop, x + size, y + size * flat + drop), fill=ink)

    oval(r * 1.03, tint(wood, 0.5), 16)
    form = str(rng.choice(("pizza", "soup", "breakfast")))
    dish = vary(rng, pick(rng, ((244, 242, 238), (226, 232, 236), (92, 112, 130))), 5)
    oval(r, dish)
    oval(r * 0.9, tint(dish, 0.93))
    filling = {
        "pizza": (206, 150, 82),
        "soup": pick(rng, ((206, 96, 44), (150, 164, 74), (214, 168, 90))),
        "breakfast": dish,
    }
    oval(r * 0.84, filling[form])
    toppings: tuple[Colour, ...] = (
        (226, 188, 96),
        (176, 52, 40),
        (74, 122, 58),
        (240, 220, 160),
        (94, 62, 44),
    )
    if form == "pizza":
        oval(r * 0.76, (214, 96, 52))
    for _ in range({"pizza": 46, "soup": 14, "breakfast": 5}[form]):
        a, q = rng.uniform(0, 2 * pi), r * 0.7 * np.sqrt(rng.random())
        px, py, s = (
            x + cos(a) * q,
            y + sin(a) * q * flat,
            rng.uniform(9, 27) * (2.0 if form == "breakfast" else 1),
        )
        ink = vary(rng, pick(rng, toppings), 8)
        d.ellipse((px - s, py - s * flat + 4, px + s, py + s * flat + 4), fill=tint(ink, 0.6))
        d.ellipse((px - s, py - s * flat, px + s, py + s * flat), fill=ink)
        d.ellipse((px - s * 0.6, py - s * 0.6, px, py - s * 0.2), fill=tint(ink, 1.2))
    if form == "breakfast":
        for ex, ey in ((x - 50, y - 30), (x + 60, y + 34)):
            d.ellipse((ex - 74, ey - 54, ex + 70, ey + 56), fill=(252, 250, 244))
            d.ellipse((ex - 32, ey - 27, ex + 30, ey + 26), fill=(246, 180, 42))
            d.ellipse((ex - 20, ey - 18, ex - 4, ey - 8), fill=(255, 226, 150))
    d.line((486, 150, 470, 440), fill=(206, 208, 212), width=12)
    return finish(image.filter(ImageFilter.GaussianBlur(1.6)), rng)


@off_topic("room")
def room(rng: np.random.Generator) -> NDArray[np.uint8]:
    """An interior: wall, floor boards, window, picture, rug, and a sofa or a bed."""
    walls = (
        (232, 226, 214),
        (196, 210, 204),
        (206, 196, 206),
        (172, 188, 204),
        (226, 208, 184),
        (118, 134, 142),
    )
    image, d = sheet(vary(rng, pick(rng, walls), 6))
    floor, boards = rng.uniform(330, 380), pick(rng, ((156, 112, 74), (190, 152, 112), (112, 84, 66)))
    d.rectangle((0, floor, 512, 512), fill=boards)
    for k in range(-12, 13):
        d.line((256 + k * 34, floor, 256 + k * 104, 512), fill=tint(boards, 0.86), width=2)
    d.rectangle((0, floor - 14, 512, floor), fill=(244, 242, 238))
    _window(d, rng, rng.uniform(40, 70), rng.uniform(140, 210))
    x, y, w = rng.uniform(320, 350), rng.uniform(60, 120), rng.uniform(80, 130)
    d.rectangle((x, y, x + w, y + w * 0.8), fill=(50, 46, 44))
    d.rectangle((x + 9, y + 9, x + w - 9, y + w * 0.8 - 9), fill=pick(rng, BRIGHT))
    d.ellipse((x + w * 0.3, y + w * 0.2, x + w * 0.7, y + w * 0.6), fill=pick(rng, CLOTH))
    rug, fabric = pick(rng, (*CLOTH, *BRIGHT)), vary(rng, pick(rng, (*CLOTH, *BRIGHT)), 8)
    d.ellipse((60, 416, 452, 506), fill=blend(rug, boards, 0.3))
    d.ellipse((110, 428, 402, 494), outline=tint(rug, 1.2), width=6)
    furniture = _sofa if rng.random() < 0.55 else _bed
    furniture(d, rng, rng.uniform(100, 180), rng.uniform(230, 290), fabric)
    lamp = rng.uniform(190, 240)
    d.line((48, lamp, 48, 430), fill=(60, 56, 54), width=6)
    d.polygon((26, lamp - 50, 70, lamp - 50, 88, lamp, 8, lamp), fill=(252, 236, 190))
    if rng.random() < 0.5:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return finish(image.filter(ImageFilter.GaussianBlur(1.4)), rng)


def _window(d: ImageDraw.ImageDraw, rng: np.random.Generator, x: float, w: float) -> None:
    d.rectangle((x - 10, 50, x + w + 10, 262), fill=(248, 246, 242))
    sky = blend((168, 206, 238), (236, 214, 190), rng.random())
    for pane in (x, x + w / 2 + 4):
        for top in (60, 160):
            d.rectangle((pane, top, pane + w / 2 - 4, top + 92), fill=vary(rng, sky, 4))
    curtain = pick(rng, CLOTH)
    for edge in (x - 34, x + w + 6):
        d.rectangle((edge, 36, edge + 30, 310), fill=curtain)
        d.line((edge + 10, 36, edge + 10, 310), fill=tint(curtain, 0.8), width=5)


def _sofa(d: ImageDraw.ImageDraw, rng: np.random.Generator, x: float, w: float, fabric: Colour) -> None:
    d.rounded_rectangle((x, 262, x + w, 400), 24, fill=tint(fabric, 0.86))
    d.rounded_rectangle((x + 20, 330, x + w - 20, 404), 18, fill=tint(fabric, 1.1))
    d.line((x + w / 2, 334, x + w / 2, 400), fill=tint(fabric, 0.8), width=4)
    for arm in (x - 20, x + w - 24):
        d.rounded_rectangle((arm, 306, arm + 46, 420), 20, fill=fabric)
    for left in rng.uniform(x + 40, x + w - 90, int(rng.integers(1, 4))).tolist():
        d.rounded_rectangle((left, 288, left + 58, 340), 12, fill=pick(rng, BRIGHT))


def _bed(d: ImageDraw.ImageDraw, rng: np.random.Generator, x: float, w: float, fabric: Colour) -> None:
    d.rounded_rectangle(
        (x, 220, x + w, 420), 16, fill=pick(rng, ((96, 68, 48), (226, 220, 208), (60, 58, 62)))
    )
    d.rounded_rectangle((x - 6, 300, x + w + 6, 440), 20, fill=(240, 238, 232))
    for left in (x + 18, x + w / 2 + 8):
        d.rounded_rectangle(
            (left, 278, left + w / 2 - 28, 330), 18, fill=(252, 250, 246), outline=(214, 212, 206)
        )
    d.rounded_rectangle((x - 12, 346, x + w + 12, 456), 22, fill=fabric)
    d.rectangle((x - 12, 346, x + w + 12, 372), fill=tint(fabric, 1.16))


@off_topic("sunset")
def sunset(rng: np.random.Generator) -> NDArray[np.uint8]:
    """An evening sky with the sun above hills or the sea, from the ground."""
    high, low, glow = _SKIES[int(rng.integers(len(_SKIES)))]
    horizon, sx = rng.uniform(140, 190), rng.uniform(50, 206)
    sy = horizon - rng.uniform(2, 46)
    y, x = np.mgrid[0:256, 0:256].astype(np.float32)
    down = np.clip(y / np.float32(horizon), 0, 1) ** np.float32(1.3)
    pixels = colourise(down, ramp(high, blend(high, low, 0.55), low, glow))
    sun = np.hypot(x - np.float32(sx), y - np.float32(sy))
    streaks = smoothstep(0.5, 0.85, fractal(rng, 7, 5, 0.5, 5.0)) * smoothstep(horizon, horizon * 0.4, y)
    pixels = mix(pixels, blend(low, (255, 214, 170), 0.3), streaks * np.float32(0.7))
    pixels = mix(pixels, glow, np.exp(-sun / np.float32(46)) * np.float32(0.8))
    pixels = mix(pixels, (255, 246, 214), smoothstep(15, 11, sun))
    if rng.random() < 0.4:
        sea = colourise(
            1 - np.clip((y - np.float32(horizon)) / 110, 0, 1), ramp(tint(high, 0.45), tint(low, 0.8))
        )
        glints = smoothstep(0.35, 0.7, fractal(rng, 30, 3, 0.5, 12.0)) * np.exp(
            -np.abs(x - np.float32(sx)) / 26
        )
        pixels = mix(pixels, mix(sea, glow, glints), (y > horizon).astype(np.float32))
    else:
        for layer in range(4):
            base = horizon + layer * rng.uniform(16, 26) - 12
            wave = fractal(rng, 3 + layer, 5)[7 + layer] * np.float32(34 - layer * 5)
            dark = blend(low, (18, 14, 26), 0.5 + layer * 0.15)
            pixels = mix(pixels, dark, smoothstep(-0.8, 0.8, y - (np.float32(base) - wave[None, :])))
    return to_bytes(pixels + (grain(rng, 1) * np.float32(2))[..., None])


_SKIES: tuple[tuple[Colour, Colour, Colour], ...] = (
    ((46, 62, 118), (232, 122, 84), (255, 206, 120)),
    ((88, 130, 188), (250, 190, 130), (255, 232, 170)),
    ((58, 34, 84), (206, 74, 96), (255, 160, 92)),
    ((30, 42, 72), (186, 96, 70), (250, 180, 90)),
)
"""Zenith, horizon and glow of some evenings."""


@off_topic("flower")
def flower(rng: np.random.Generator) -> NDArray[np.uint8]:
    """Blossoms close up before blurred leaves."""
    leaf = vary(rng, pick(rng, ((70, 116, 58), (44, 78, 50), (120, 150, 80), (54, 66, 60))), 8)
    image, d = sheet(tint(leaf, 0.8))
    for x, y, r in rng.uniform((0, 0, 20), (512, 512, 110), (26, 3)).tolist():
        d.ellipse((x - r, y - r * 0.6, x + r, y + r * 0.6), fill=vary(rng, leaf, 26))
    image = image.filter(ImageFilter.GaussianBlur(18))
    d = ImageDraw.Draw(image)
    petal = pick(rng, (*BRIGHT, (250, 248, 244), (252, 226, 90), (216, 50, 72)))
    heads = [(rng.uniform(210, 300), rng.uniform(200, 290), rng.uniform(130, 190))]
    if rng.random() < 0.5:
        heads = [(x, y, rng.uniform(70, 105)) for x, y in ((150, 170), (350, 210), (220, 370))]
    count, rings = int(rng.integers(5, 18)), int(rng.integers(1, 4))
    for x, y, r in heads:
        d.line((x, y, x + rng.uniform(-60, 60), 540), fill=tint(leaf, 0.75), width=14)
        for layer in range(rings):
            reach, spin = r * (1 - 0.24 * layer), rng.uniform(0, 1)
            wide = min(0.9, 2.4 / count) * reach * 0.62
            for k in range(count):
                a = 2 * pi * (k + spin) / count
                _petal(d, x, y, a, reach, wide, vary(rng, tint(petal, 0.86 + 0.1 * layer), 7))
        core = r * rng.uniform(0.16, 0.3)
        d.ellipse(
            (x - core, y - core, x + core, y + core),
            fill=pick(rng, ((226, 172, 46), (90, 60, 34), (236, 214, 96))),
        )
    return finish(image.filter(ImageFilter.GaussianBlur(1.4)), rng)


def _petal(
    d: ImageDraw.ImageDraw, x: float, y: float, angle: float, reach: float, wide: float, ink: Colour
) -> None:
    """A petal from (x, y) outwards with a paler rib."""
    t = np.linspace(0, 1, 14)
    half = wide * np.sin(np.sqrt(t) * pi) ** 0.8
    c, s = cos(angle), sin(angle)
    along = np.concatenate((t, t[::-1])) * reach
    across = np.concatenate((half, -half[::-1]))
    outline = np.stack((x + along * c - across * s, y + along * s + across * c), axis=1)
    d.polygon(outline.ravel().tolist(), fill=ink, outline=tint(ink, 0.78))
    d.line((x, y, x + reach * 0.8 * c, y + reach * 0.8 * s), fill=tint(ink, 1.12), width=4)
