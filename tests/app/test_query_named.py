"""Places that captions name: a tier of their own, in filters, on the map and behind the search box."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.query import BBox, Filters, Near, Query, map_cells, search
from app.query.passing import passing
from app.query.placed import placed
from app.settings import Settings
from indexer.catalogue import Catalogue
from indexer.catalogue.layout import NAMED_PLACES
from indexer.catalogue.named_places import schema
from indexer.errors import UserError
from tests.catalogues import make_catalogue

HOUSTON = {"latitude": 29.76328, "longitude": -95.36327}
WORLD = BBox(-180, -90, 180, 90)
# Sample, its caption, and what else is known of it.
ROWS = [
    {"caption": "a harbour", **HOUSTON},
    {"caption": "a harbour in Houston"},
    {"caption": "an airport in Houston", "geo_tier": "place", "country": "United States"},
    {"caption": "a field near Houston", "geo_tier": "zone", "utm_zone": 34, "utm_hemisphere": "N"},
    {"caption": "a harbour somewhere"},
    {"caption": "a harbour in Houston, seen elsewhere", "latitude": 1.0, "longitude": 2.0},
]
NAMED = (1, 2, 3, 5)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    folder = tmp_path_factory.mktemp("named") / "catalogue"
    vectors = np.eye(len(ROWS))
    with make_catalogue(folder, ROWS, vectors) as made:
        write_names(folder, made.manifest.catalogue_id)
    with Catalogue.open(folder) as opened:
        yield opened


def write_names(folder: Path, catalogue_id: str) -> None:
    rows = [
        {
            "id": id_, "mention": "Houston", "place": "Houston", "kind": "city", **HOUSTON,
            "country_code": "US", "ambiguity": 0.0, "rank": 0, "origin": "gazetteer",
        }
        for id_ in NAMED
    ]  # fmt: skip
    (folder / NAMED_PLACES).parent.mkdir(exist_ok=True)
    columns = schema({"catalogue_id": catalogue_id})
    pq.write_table(pa.Table.from_pylist(rows, columns), folder / NAMED_PLACES)


def ids(world: Catalogue, *pairs: tuple[str, str]) -> list[int]:
    return passing(world, Query.from_params(pairs).filters).ids().tolist()


def test_every_sample_is_of_one_tier_and_a_name_is_the_least_that_is_known(world: Catalogue) -> None:
    assert ids(world, ("tier", "point")) == [0, 5]
    assert ids(world, ("tier", "zone")) == [3]
    assert ids(world, ("tier", "place")) == [1, 2]
    assert ids(world, ("tier", "none")) == [4]
    assert ids(world, ("tier", "place"), ("tier", "none")) == [1, 2, 4]


def test_an_area_holds_names_when_they_are_asked_for(world: Catalogue) -> None:
    near = ("near", "29.76,-95.36,50")

    assert ids(world, near) == [0]
    assert ids(world, near, ("tier", "place")) == [1, 2]
    assert ids(world, near, ("tier", "point"), ("tier", "place")) == [0, 1, 2]
    assert ids(world, ("bbox", "0,0,10,10"), ("tier", "place")) == []


def test_words_are_looked_for_where_the_name_is(world: Catalogue) -> None:
    query = Query.from_params(
        [
            ("q", "harbour"),
            ("mode", "caption"),
            ("near", "29.76,-95.36,50"),
            ("tier", "place"),
            ("tier", "point"),
        ]
    )

    assert {hit.id for hit in search(world, query).hits} == {0, 1}


def test_the_map_draws_names_apart_from_points(world: Catalogue) -> None:
    answer = map_cells(world, Query(), WORLD, 2)

    assert [point.id for point in answer.points] == [0, 5]
    assert [(cell.count, cell.latitude, cell.longitude) for cell in answer.named] == [
        (2, 29.76328, -95.36327)
    ]
    assert answer.tiers == {"none": 1, "place": 2, "point": 2, "zone": 1}
    assert answer.in_view == 2


def test_a_text_that_names_a_place_becomes_a_search_there(world: Catalogue) -> None:
    asked = placed(world, Query(q="harbours in Houston"))

    assert asked is not None
    assert (asked.q, asked.filters.tier) == ("harbours", ("point", "place"))
    assert asked.filters.near is not None
    assert asked.filters.near.name == "Houston"
    assert passing(world, asked.filters).ids().tolist() == [0, 1, 2]


def test_a_country_of_the_metadata_becomes_that_filter(world: Catalogue) -> None:
    asked = placed(world, Query(q="airports in the united states"))

    assert asked == Query(q="airports", filters=Filters(country=("United States",)))


def test_another_place_takes_the_place_of_the_one_before(world: Catalogue) -> None:
    before = Query.from_params([("q", "airports in Houston"), ("country", "France"), ("near", "1,2,3")])
    asked = placed(world, before)

    assert asked is not None
    assert asked.filters.country == ()
    assert asked.filters.near is not None
    assert asked.filters.near.name == "Houston"


@pytest.mark.parametrize("text", ["harbours in Vladivostok", "a harbour", ""])
def test_a_text_stays_as_it_is_where_nothing_would_be_found(world: Catalogue, text: str) -> None:
    assert placed(world, Query(q=text)) is None


def test_what_is_typed_is_answered_by_the_address_that_says_it(world: Catalogue) -> None:
    with TestClient(create_app(world, Settings()), base_url="http://127.0.0.1") as client:
        typed = client.get("/?typed=yes&q=harbours+in+Houston", follow_redirects=False)
        plain = client.get("/?typed=yes&q=harbours", follow_redirects=False)
        literal = client.get("/?q=harbours+in+Houston&mode=caption", follow_redirects=False)
        words = client.get("/?typed=yes&q=harbours+in+Houston&mode=caption", follow_redirects=False)

    assert typed.status_code == 303
    assert typed.headers["location"].startswith("/?q=harbours&near=29.76328%2C-95.36327%2C")
    assert plain.headers["location"] == "/?q=harbours"
    assert literal.status_code == 200
    assert words.headers["location"] == "/?q=harbours+in+Houston&mode=caption"


def test_a_place_is_a_name_for_the_command_line_too() -> None:
    assert Near.parse("Houston,50") == Near.parse(str(Near.parse("Houston,50")))
    assert (Near.parse("Houston,50").km, Near.parse("Houston,50").name) == (50.0, "Houston")
    assert Near.parse("Paris, Texas").name == "Paris, Texas"
    assert round(Near.parse("paris, texas,20").latitude) == 34


@pytest.mark.parametrize("text", ["Xyzzyville", "no such place at all,5", "Houston with ships"])
def test_a_name_that_nobody_knows_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="no place of that name is known"):
        Near.parse(text)
