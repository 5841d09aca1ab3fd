"""robots.txt and X-Robots-Tag."""

from __future__ import annotations

import pytest

from indexer.fetch.robots import opted_out, parse

FILE = """\
# everybody
User-agent: *
Disallow: /private/   # not here
Allow: /private/open
Disallow: /*.gif$
Disallow: /search*print=
Disallow:

User-agent: otherbot
User-agent: RS5M-Explorer/2
Disallow: /ours
nonsense
"""


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/robots.txt", True),
        ("/private/a.jpg", False),
        ("/priv%61te/a.jpg", False),
        ("/private/open/a.jpg", True),
        ("/a/b.gif", False),
        ("/a/b.gif?x=1", True),
        ("/search/x?print=1", False),
        ("/search/x", True),
        ("/ours", True),
    ],
)
def test_the_longest_rule_for_everybody_decides(path: str, allowed: bool) -> None:
    assert parse(FILE, "somebot").allows(path) is allowed


def test_a_group_of_ones_own_takes_the_place_of_that_for_everybody() -> None:
    rules = parse(FILE, "rs5m-explorer")
    assert not rules.allows("/ours/a.jpg")
    assert rules.allows("/private/a.jpg")


@pytest.mark.parametrize("text", ["", "Disallow: /", "<html>", "User-agent: *\nDisallow:", "\ufeffx\0y"])
def test_a_file_without_rules_allows_all(text: str) -> None:
    assert parse(text, "any").allows("/a.jpg")


def test_a_hostile_pattern_costs_little() -> None:
    rules = parse("User-agent: *\nDisallow: /" + "*a" * 100_000 + "$", "any")
    assert rules.allows("/" + "a" * 8_000)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (["noai"], "noai"),
        (["noindex, NoImageAI"], "noimageai"),
        (["rs5m-explorer: noai"], "noai"),
        (["*: noai"], "noai"),
        (["otherbot: noai"], None),
        (["otherbot: noai", "noai"], "noai"),
        (["unavailable_after: 25 Jun 2010 15:00:00 PST, noai"], "noai"),
        (["noindex", ""], None),
        ([], None),
    ],
)
def test_opting_out_is_heard(values: list[str], told: str | None) -> None:
    assert opted_out(values, frozenset({"noai", "noimageai"}), "rs5m-explorer") == told
