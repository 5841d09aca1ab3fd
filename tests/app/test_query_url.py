from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.query import BBox, Filters, Query
from app.query.parameters import PARAMETERS, reject_unknown
from indexer.errors import UserError

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.lists(words, max_size=3).map(lambda found: tuple(sorted({word.strip() for word in found} - {""})))
boxes = st.builds(
    BBox,
    west=st.integers(-180, 179).map(float),
    south=st.integers(-90, -1).map(float),
    east=st.integers(-180, 180).map(float),
    north=st.integers(0, 90).map(float),
).filter(lambda box: box.east - box.west < 360)
filters = st.builds(
    Filters,
    subset=values,
    source=values,
    class_=values,
    country=values,
    month=st.sets(st.integers(1, 12)).map(lambda found: tuple(map(str, sorted(found)))),
    coordinates=st.sampled_from(["yes", "no", None]),
    origin=values,
    stage=st.sampled_from(["kept", "any", "duplicate"]),
    bbox=st.none() | boxes,
)
queries = st.builds(
    Query,
    q=words.map(str.strip),
    mode=st.sampled_from(["image", "caption", None]),
    k=st.none() | st.integers(1, 1000),
    filters=filters,
    sort=st.sampled_from(["spread", "longest"]),
    cursor=st.none() | st.just("50"),
)


@given(queries)
def test_a_query_is_its_url_and_back(query: Query) -> None:
    parts = parse_qsl(urlsplit(query.url("/captions")).query, keep_blank_values=True)

    assert Query.from_params(parts) == query


@given(queries)
def test_removing_every_chip_leaves_nothing_to_remove(query: Query) -> None:
    steps = 0
    while chips := query.chips():
        query = chips[0].without
        steps += 1

    assert query.filters == Filters()
    assert not query.ranks
    assert steps <= 200


def test_an_untouched_form_asks_for_everything() -> None:
    assert Query.from_params([(parameter.name, "") for parameter in PARAMETERS]) == Query()


@pytest.mark.parametrize(
    ("pair", "says"),
    [
        (("k", "0"), "k='0'"),
        (("k", "ten"), "k='ten'"),
        (("k", "²"), "k='²'"),
        (("like", "-1"), "like='-1'"),
        (("like", "9" * 30), "like="),
        (("month", "13"), "month='13'"),
        (("month", "x"), "month='x'"),
        (("mode", "sound"), "mode='sound'"),
        (("sort", "best"), "sort='best'"),
        (("coordinates", "maybe"), "coordinates='maybe'"),
        (("image", "../etc/passwd"), "image="),
        (("bbox", "1,2,3"), "bbox="),
        (("bbox", "0,10,10,0"), "south is not below north"),
        (("bbox", "0,nan,10,10"), "finite"),
        (("q", "x" * 1001), "1001 characters"),
        (("source", "x" * 1_001), "longer than 1000"),
    ],
)
def test_a_wrong_value_is_named(pair: tuple[str, str], says: str) -> None:
    with pytest.raises(UserError, match=re.escape(says)):
        Query.from_params([pair])


def test_two_things_to_rank_by_are_refused() -> None:
    with pytest.raises(UserError, match="each rank"):
        Query.from_params([("q", "harbour"), ("like", "3")])


def test_one_value_given_twice_is_refused() -> None:
    with pytest.raises(UserError, match="k is given 2 times"):
        Query.from_params([("k", "3"), ("k", "4")])


def test_a_misspelt_parameter_is_named_with_what_was_meant() -> None:
    with pytest.raises(UserError, match="Did you mean source"):
        reject_unknown(["sorce"], [parameter.name for parameter in PARAMETERS])


def test_a_page_of_more_than_a_thousand_is_refused() -> None:
    with pytest.raises(UserError, match="export"):
        _ = Query(k=1001).page_size


def test_picking_a_value_twice_takes_it_back_and_starts_at_the_first_page() -> None:
    query = Query(q="port", cursor="50")

    picked = query.toggled("class", "airport").toggled("class", "river")

    assert picked.url() == "/?q=port&class=airport&class=river"
    assert picked.toggled("class", "airport").url() == "/?q=port&class=river"


def test_stage_and_coordinates_hold_one_value() -> None:
    query = Query().toggled("stage", "duplicate").toggled("stage", "any").toggled("coordinates", "yes")

    assert query.url() == "/?coordinates=yes&stage=any"
    assert query.toggled("stage", "any").toggled("coordinates", "yes") == Query()


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("-10,35,30,60", BBox(-10, 35, 30, 60)),
        ("170,-20,190,20", BBox(170, -20, -170, 20)),
        ("-190,-20,-170,20", BBox(170, -20, -170, 20)),
        ("-400,-100,400,100", BBox(-180, -90, 180, 90)),
    ],
)
def test_a_box_of_a_map_panned_around_the_world_is_wrapped(text: str, box: BBox) -> None:
    assert BBox.parse(text) == box
