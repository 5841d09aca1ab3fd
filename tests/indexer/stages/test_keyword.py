"""The keyword stage; which captions hold which keyword is tested in `test_keywords.py`."""

from __future__ import annotations

import pytest

from indexer.errors import UserError
from indexer.stages.keyword import Keyword, KeywordSettings
from tests.facts import judged, make_facts

CAPTIONS = ["aerial view of a harbour", "a harbour", None, "Landsat 8 and aerial photos"]


def test_a_caption_without_a_keyword_goes_and_the_keyword_of_the_others_is_noted() -> None:
    found = judged(Keyword(KeywordSettings()), make_facts([{"caption": caption} for caption in CAPTIONS]))

    assert {id_: row["removed"] for id_, row in found.items()} == {0: False, 1: True, 2: True, 3: False}
    assert (found[0]["keyword"], found[3]["keyword"]) == ("aerial view*", "Landsat")
    assert found[1]["reason"] == found[2]["reason"] == "no_keyword"


def test_only_the_chosen_subsets_are_judged() -> None:
    rows = [{"caption": "a harbour", "subset": subset} for subset in ("PUB11", "RS3", "mine", "o'neil")]

    assert list(judged(Keyword(KeywordSettings()), make_facts(rows))) == [0]
    assert list(judged(Keyword(KeywordSettings(subsets=("mine", "o'neil"))), make_facts(rows))) == [2, 3]
    assert list(judged(Keyword(KeywordSettings(subsets="all")), make_facts(rows))) == [0, 1, 2, 3]


def test_other_keywords_take_the_place_of_rs5ms() -> None:
    stage = Keyword(KeywordSettings(keywords={"drone": r"\bdrones?\b"}))

    found = judged(stage, make_facts([{"caption": "seen by a DRONE"}, {"caption": "aerial view"}]))

    assert found[0]["keyword"] == "drone"
    assert found[1]["removed"]


def test_a_bad_expression_is_named() -> None:
    with pytest.raises(UserError, match="drone"):
        Keyword(KeywordSettings(keywords={"drone": "("}))


def test_no_sample_at_all_is_no_error() -> None:
    assert judged(Keyword(KeywordSettings(subsets=())), make_facts([{"caption": "x"}])) == {}
