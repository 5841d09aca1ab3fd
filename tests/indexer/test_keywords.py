"""Keywords: Python, DuckDB and grep find them in the same captions."""

from __future__ import annotations

import csv
import os
import re
import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.laion_like import captions as laion_like
from indexer.errors import UserError
from indexer.keywords import RS5M, RS5M_KEYWORDS, Keywords

PIECES = [
    *("aerial", "satellite", "space", "borne", "imag", "photo", "data", "view", "surveillance"),
    *("remote", "sensing", "Landsat", "USGS", "modis", "Sentinel", "earth", "observ", "Google"),
    *("s", "S", "es", "1", "8", "-", "_", " ", "\t", "\n", "\v", "\x1c", "\x85", "\u00a0", "\u2003"),
    *("é", "ſ", "\u212a", "İ", "ß", "٣", "😀", "\u200b", "x", ".", "|", "^", "]", "\0"),
]
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12).map("".join)


DUCKDB = duckdb.connect()


def in_duckdb(pattern: str, texts: Sequence[str]) -> list[bool]:
    """What DuckDB's regexp_matches says of each text."""
    answers = DUCKDB.execute(
        "SELECT regexp_matches(t, ?, 'i') FROM (SELECT unnest(?::VARCHAR[]) AS t)", [pattern, list(texts)]
    )
    return [bool(row[0]) for row in answers.fetchall()]


def in_grep(pattern: str, texts: Sequence[str]) -> int:
    """How many of the texts plain grep finds the pattern in; each text is one line."""
    lines = "".join(text.replace("\n", " ") + "\n" for text in texts).encode("utf-8", "surrogatepass")
    done = subprocess.run(
        ["grep", "-a", "-E", "-i", "-c", "-e", pattern],
        input=lines,
        capture_output=True,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )
    assert done.returncode in (0, 1), done.stderr
    return int(done.stdout)


@given(st.lists(TEXTS, min_size=1, max_size=30))
@settings(deadline=None)
def test_python_and_duckdb_find_rs5ms_keywords_in_the_same_texts(texts: list[str]) -> None:
    found = [RS5M.find(text) is not None for text in texts]

    assert found == in_duckdb(RS5M.pattern, texts)
    assert found == [bool(RS5M.find_all(text)) for text in texts]


LITERALS = st.sampled_from("aAsSkKz019 -_.|^$]é")


@st.composite
def patterns(draw: st.DrawFn, depth: int = 2) -> str:
    """A pattern of the language that begins with a letter, so that it matches not everywhere."""
    parts = [draw(st.sampled_from(["", r"\b"])), draw(st.sampled_from("ask"))]
    for _ in range(draw(st.integers(0, 4))):
        atom = st.one_of(
            LITERALS.map(lambda one: re.escape(one) if one.isascii() else one),
            st.sampled_from([r"\s", r"\d", r"\w", r"\b", "[a-f]", r"[\s_-]", r"[\]^k-]", r"\^s"]),
            st.sets(st.sampled_from("asK9_-^][ .|"), min_size=1).map(
                lambda of: "[" + "".join("\\" + one if one in "-^][" else one for one in sorted(of)) + "]"
            ),
        )
        if depth:
            inner = patterns(depth - 1)
            atom |= st.builds(lambda a, b: f"(?:{a}|{b})", inner, inner) | inner.map(lambda a: f"({a})")
        made = draw(atom)
        parts.append(made)
        if made != r"\b":
            parts.append(draw(st.sampled_from(["", "", "?", "*", "+", "{2}", "{1,2}", "{1,}"])))
    return "".join(parts)


SMALL_TEXTS = st.lists(
    st.sampled_from([*"aAsSkKz019 -_.|^$]\t\x1c", "é", "ſ", "\u212a", "É", "\u2003"]), max_size=10
).map("".join)


@given(patterns(), st.lists(SMALL_TEXTS, min_size=1, max_size=60))
@settings(deadline=None, max_examples=150)
def test_any_pattern_matches_alike_in_python_duckdb_and_grep(pattern: str, texts: list[str]) -> None:
    keywords = Keywords({"it": pattern})

    found = [keywords.find(text) is not None for text in texts]

    assert found == in_duckdb(keywords.pattern, texts)
    assert sum(found) == in_grep(keywords.grep("it"), texts)


def test_the_keyword_that_stands_first_is_named_and_of_two_there_the_first_in_the_list() -> None:
    keywords = Keywords({"port": "port", "air": "air", "airport": "airport"})

    assert keywords.find("the airport") == "air"
    assert keywords.find("a port, an airport") == "port"
    assert keywords.find_all("the airport") == ["port", "air", "airport"]
    assert keywords.find("a harbour") is None


@pytest.mark.parametrize("label", RS5M_KEYWORDS)
def test_every_keyword_of_the_list_finds_its_own_label(label: str) -> None:
    assert label in RS5M.find_all(f"seen: {label.rstrip('*')}, and more")


@pytest.mark.parametrize(
    ("caption", "found"),
    [
        ("Landsat8", True),
        ("Landsats", True),
        ("Landsatx", False),
        ("éUSGSé", True),
        ("xUSGS", False),
        ("USGſ", False),
        ("aerial\n photo", True),
        ("aerial\u2003photo", False),
    ],
)
def test_letters_and_spaces_are_those_of_ascii(caption: str, found: bool) -> None:
    assert (RS5M.find(caption) is not None) is found
    assert in_duckdb(RS5M.pattern, [caption]) == [found]


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("a(?=b)", "'(?=' at character 2 is not understood"),
        ("a.b", r"'.' at character 2 is not understood; write \."),
        ("[^a]b", "write what may stand there"),
        (r"(a)\1", "not understood"),
        (r"\Bx", "not understood"),
        ("a+?", "nothing to repeat"),
        ("*a", "nothing to repeat"),
        ("a{300}", "more than 255 times"),
        ("(ab", "missing ), unterminated subpattern"),
        ("[ab", "has no end"),
        ("[é]", "ASCII"),
        ("[b-a]", "the range before"),
        ("a*", "says nothing"),
        (r"\b", "says nothing"),
        ("a\nb", "cannot stand"),
        ("", "says nothing"),
    ],
)
def test_a_bad_pattern_is_named_with_what_is_wrong(pattern: str, why: str) -> None:
    with pytest.raises(UserError, match="Keyword 'mine' has a bad pattern") as raised:
        Keywords({"port": "port", "mine": pattern})
    assert why in str(raised.value)


def test_a_list_needs_a_keyword() -> None:
    with pytest.raises(UserError, match="There is no keyword"):
        Keywords({})


def check_against_grep(captions: Sequence[str]) -> Counter[str]:
    counts = Counter(label for caption in captions for label in RS5M.find_all(caption))
    assert counts == Counter(
        {label: found for label in RS5M_KEYWORDS if (found := in_grep(RS5M.grep(label), captions))}
    )
    assert in_duckdb(RS5M.pattern, captions) == [RS5M.find(caption) is not None for caption in captions]
    return counts


def test_counts_of_rs5ms_own_captions_are_greps(realdata: Path) -> None:
    with (realdata / "rs5m" / "rs3_dump.csv").open(encoding="utf-8", newline="") as file:
        captions = [row["caption"] for row in csv.DictReader(file)]
    assert len(captions) == 10_000

    assert len(check_against_grep(captions)) > 5


def test_counts_of_alt_texts_are_greps() -> None:
    counts = check_against_grep(laion_like(100_000, keyword_share=0.01))

    assert set(counts) == set(RS5M_KEYWORDS)
