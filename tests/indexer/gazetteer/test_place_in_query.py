"""The place a search is about."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.catalogue.places import distance_km
from indexer.gazetteer.gazetteer import Gazetteer
from indexer.gazetteer.query import find_place_in_query, radius_km


@pytest.mark.parametrize(
    ("text", "name", "region", "rest"),
    [
        ("harbours in Houston", "Houston", "US.TX", "harbours"),
        ("HARBOURS IN HOUSTON", "HOUSTON", "US.TX", "HARBOURS"),
        ("harbours in houston", "houston", "US.TX", "harbours"),
        ("airports near Paris, Texas", "Paris, Texas", "US.TX", "airports"),
        ("airports near paris texas by night", "paris, texas", "US.TX", "airports by night"),
        ("ships Rotterdam harbour", "Rotterdam", "NL.11", "ships harbour"),
        ("solar farm in spain near madrid", "madrid, spain", "ES.29", "solar farm"),
        ("stadiums around the hague", "the hague", "NL.11", "stadiums"),
        ("lakes at Reading, UK", "Reading, UK", "GB.ENG", "lakes"),
        ("airport of Nice", "Nice", "FR.93", "airport"),
        ("Houston", "Houston", "US.TX", ""),
        ("fields in iowa", "iowa", "US.IA", "fields"),
        ("Japan", "Japan", "", ""),
    ],
)
def test_a_place_is_found_and_taken_out(text: str, name: str, region: str, rest: str) -> None:
    found = find_place_in_query(text)
    assert found is not None
    assert (found.name, found.place.region, found.rest) == (name, region, rest)


@pytest.mark.parametrize(
    "text",
    [
        *("houston", "cars in parking lots", "boats in port", "trees in spring", "planes at airport", ""),
        *("houses near forest", "boats in orange", "in", "in the", "aerial view of a river", "Nice picture"),
    ],
)
def test_words_are_no_places(text: str) -> None:
    assert find_place_in_query(text) is None


def test_larger_places_reach_farther(gazetteer: Gazetteer) -> None:
    names = ("Paris, Texas", "Houston", "Texas", "Canada")
    reached = [one.radius_km for name in names if (one := find_place_in_query(f"ports in {name}"))]
    assert len(reached) == len(names)
    assert reached == sorted(reached)
    assert 5 <= reached[0] < 10 < reached[1] <= 50 < reached[2] < 1_000 < reached[3]
    malta = next(one.place for one in gazetteer.candidates("Malta") if one.place.kind == "country")
    assert radius_km(malta, gazetteer) == 25


def test_distances_are_those_of_a_sphere() -> None:
    assert distance_km(0, 179.5, np.array([0.0]), np.array([-179.5])) == pytest.approx([111.195], abs=0.01)


@given(st.text(alphabet=st.sampled_from("inearthNYPTusx ,.'-?"), max_size=60))
def test_any_query_is_read(text: str) -> None:
    found = find_place_in_query(text)
    assert found is None or len(found.rest) <= len(text)


def test_the_gazetteer_of_queries_fits_a_server() -> None:
    code = (
        "import indexer.gazetteer.query as query; query.find_place_in_query('ports in Houston');"
        "print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
    )
    used = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(used.stdout) < 300_000  # kB
