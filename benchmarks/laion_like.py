"""Rows like LAION's: an address and an alt text, few of them about remote sensing, drawn by DuckDB."""

from __future__ import annotations

import random
from collections.abc import Sequence

import duckdb

from indexer.keywords import RS5M_KEYWORDS

_PHRASES = 4_096
_WORDS = """
the a of in with and for by from on at to new vintage white black red blue green large small set wall art
print poster stock photo image images picture vector illustration wooden leather dress shoes women men
kids girl boy baby dog cat house home kitchen table chair lamp door window garden flower tree forest river
lake beach mountain road bridge city street old town church castle museum school office team game football
cup car truck wheel engine bike train station airport plane ship boat harbour map world country state
county village island coast park trail summer winter autumn spring day night morning sunset light shadow
texture background pattern design logo icon template business card wedding party birthday cake chocolate
coffee tea recipe chicken salad bread fruit apple orange lemon food drink bottle glass silver gold ring
necklace watch phone case laptop screen camera lens review price sale free shipping download buy online
shop store best top how what why when guide tips ideas diy project plan space earth data service system
imaging views mapping scan
""".split()  # noqa: SIM905
_ODD = (
    *(
        "café",
        "naïve",
        "Straße",
        "İstanbul",
        "Ελλάδα",
        "Москва",
        "東京",
        "日本語",
        "한국",
        "العربية",
        "हिन्दी",
    ),
    *(
        "✓",
        "★",
        "😀",
        "🛰️",
        "½",
        "№",
        "“quoted”",
        "it’s",
        "a\u00a0b",
        "x\u2003y",
        "zero\u200bwidth",
        "U\u017fGS",
    ),
    *(
        "Land\u017fat",
        "\u212aodak",
        "&amp;",
        "100%",
        "$9.99",
        "#1",
        "@home",
        "C++",
        "A/B",
        "(2)",
        "[3]",
        "{4}",
        "\\n",
    ),
)
_NEAR_MISSES = (
    *(
        "aerial yoga",
        "satellite dish",
        "outer space",
        "commodish",
        "naipes",
        "aerialist",
        "spaceship",
        "space heater",
    ),
    *("worldviews?", "landsatx", "modistry", "earthen", "remote control", "google play", "aerial, photo"),
)


def captions(rows: int, *, keyword_share: float = 0.001, seed: int = 0) -> list[str]:
    """`rows` alt texts, of which a share has a keyword by design."""
    drawn = duckdb.connect().execute(select(rows, keyword_share=keyword_share, seed=seed))
    return [caption or "" for _, caption in drawn.fetchall()]


def select(rows: int, *, keyword_share: float = 0.001, seed: int = 0) -> str:
    """SQL that draws columns url, caption; the same rows for the same arguments."""
    rng = random.Random(seed)  # noqa: S311
    openings, middles, ends = ([_phrase(rng) for _ in range(_PHRASES)] for _ in range(3))
    said = [_said(rng) for _ in range(_PHRASES)]
    with_keyword = round(1_000_000 * keyword_share)
    return f"""
        SELECT
            'https://' || {_pick(("www.", "cdn.", "img.", "i."), 1)} || 'site-' || (h // 7 % 900000)
                || {_pick((".com", ".net", ".de", ".co.uk"), 11)} || '/wp-content/uploads/'
                || (2008 + h // 13 % 14) || '/' || hash(i, {seed}, 1) || '-' || i || '.jpg' AS url,
            CASE
                WHEN h // 17 % 1000000 < {with_keyword}
                    THEN {_pick(openings, 19)} || ' ' || {_pick(said, 23)}
                WHEN h // 17 % 1000000 < {with_keyword + 5_000}
                    THEN {_pick(_NEAR_MISSES, 19)} || ' ' || {_pick(middles, 23)}
                WHEN h // 17 % 1000000 >= 999000 THEN NULL
                ELSE {_pick(openings, 19)}
                    || CASE WHEN h // 29 % 4 > 0 THEN ' ' || {_pick(middles, 31)} ELSE '' END
                    || CASE WHEN h // 37 % 4 > 2 THEN ' - ' || {_pick(ends, 41)} ELSE '' END
            END AS caption
        FROM (SELECT range AS i, (hash(range, {seed}) // 2)::BIGINT AS h FROM range({rows}))
    """  # noqa: S608


def _phrase(rng: random.Random) -> str:
    words = [rng.choice(_ODD if rng.random() < 0.03 else _WORDS) for _ in range(rng.randint(2, 6))]
    text = " ".join(words)
    return rng.choice((text, text.title(), text.capitalize(), text.upper() if rng.random() < 0.2 else text))


def _said(rng: random.Random) -> str:
    """A phrase with a keyword, in one of the ways people write it."""
    label = rng.choice(list(RS5M_KEYWORDS))
    text = label.replace("*", rng.choice(("", "s", "ing", "e of")))
    text = rng.choice((text, text.lower(), text.upper(), text.title()))
    text = text.replace(" ", rng.choice((" ", " ", " ", "-", "", "_", "  ", "\t")))
    return rng.choice(("{}", "{} {}", "{}, {}", "({}) {}")).format(text, _phrase(rng))


def _pick(texts: Sequence[str], divisor: int) -> str:
    """SQL for one of `texts`, chosen by the hash `h`."""
    quoted = ", ".join("'" + text.replace("'", "''") + "'" for text in texts)
    return f"[{quoted}][1 + h // {divisor} % {len(texts)}]"
