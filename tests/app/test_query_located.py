"""Filters by place, held against plain SQL over the same catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.query import Filters, Near, Query, count, facets, list_captions, search
from app.query.export import export
from app.query.geo import Zone
from app.query.passing import passing
from indexer.catalogue import Catalogue
from indexer.errors import UserError
from tests.catalogues import make_catalogue

SAMPLES = 400
WORDS = ("harbour", "airport", "forest")
POLYGON = "-60,-30;50,-25;60,40;0,10;-50,45"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """Points all over, some with a zone and band, some zones alone, some named countries, some nothing."""
    random = np.random.default_rng(11)
    rows = []
    for number in range(SAMPLES):
        row = {"caption": f"A {WORDS[number % 3]} number {number}", "source": "FMoW" if number % 2 else "WIT"}
        kind = number % 5
        if kind < 2:
            latitude, longitude = random.uniform(-79, 79), random.uniform(-180, 180)
            row |= {
                "latitude": float(latitude),
                "longitude": float(longitude),
                "utm_zone": int((longitude + 180) // 6) + 1,
                "utm_band": "CDEFGHJKLMNPQRSTUVWX"[int((latitude + 80) // 8)],
                "utm_hemisphere": "N" if latitude >= 0 else "S",
                "geo_tier": "point",
            }
        elif kind == 2:
            row |= {
                "utm_zone": int(random.integers(1, 61)),
                "utm_hemisphere": "NS"[number % 2],
                "geo_tier": "zone",
            }
        elif kind == 3:
            row |= {"country": "France", "geo_tier": "place"}
        rows.append(row)
    vectors = random.normal(size=(SAMPLES, 8))
    with make_catalogue(tmp_path_factory.mktemp("located") / "catalogue", rows, vectors) as made:
        yield made


def by_sql(world: Catalogue, where: str) -> list[int]:
    rows = world.connect().execute(f"SELECT id FROM samples WHERE {where} ORDER BY id").fetchall()  # noqa: S608
    return [id_ for (id_,) in rows]


def ids(world: Catalogue, filters: Filters) -> list[int]:
    found = passing(world, filters).ids().tolist()
    assert count(world, filters) == len(found)
    return found


@given(st.integers(1, 60), st.sampled_from([None, "N", "S"]), st.sampled_from([None, *"CKPTX"]))
def test_a_zone_holds_what_sql_says(
    world: Catalogue, number: int, hemisphere: str | None, band: str | None
) -> None:
    if hemisphere and band:
        return
    where = f"utm_zone = {number}"
    where += f" AND utm_hemisphere = '{hemisphere}'" if hemisphere else ""
    where += f" AND utm_band = '{band}'" if band else ""

    assert ids(world, Filters(zone=(Zone(number, hemisphere, band),))) == by_sql(world, where)


@given(st.floats(-85, 85), st.floats(-180, 180), st.floats(50, 15_000))
def test_a_circle_holds_what_the_haversine_formula_says_in_sql(
    world: Catalogue, latitude: float, longitude: float, km: float
) -> None:
    circle = Near.parse(f"{latitude:.4f},{longitude:.4f},{km:.2f}")
    angle = f"""pow(sin(radians(latitude - {circle.latitude}) / 2), 2)
        + cos(radians({circle.latitude})) * cos(radians(latitude))
        * pow(sin(radians(longitude - {circle.longitude}) / 2), 2)"""

    expected = by_sql(world, f"2 * 6371.0088 * asin(sqrt(least({angle}, 1))) <= {circle.km}")
    assert ids(world, Filters(near=circle)) == expected


@given(st.sets(st.sampled_from(["point", "zone", "place", "none"]), min_size=1))
def test_tiers_hold_what_sql_says(world: Catalogue, tiers: set[str]) -> None:
    names = ", ".join(f"'{tier}'" for tier in tiers)

    assert ids(world, Filters(tier=tuple(sorted(tiers)))) == by_sql(world, f"geo_tier IN ({names})")


def test_several_zones_are_either_and_several_conditions_all(world: Catalogue) -> None:
    either = Query.from_params([("zone", "10"), ("zone", "11N"), ("source", "FMoW")]).filters
    both = Query.from_params([("bbox", "-180,0,180,90"), ("zone", "30"), ("zone", "31")]).filters

    assert ids(world, either) == by_sql(
        world, "source = 'FMoW' AND (utm_zone = 10 OR (utm_zone = 11 AND utm_hemisphere = 'N'))"
    )
    assert ids(world, both) == by_sql(world, "latitude >= 0 AND utm_zone IN (30, 31)")


def test_a_polygon_is_the_same_condition_everywhere(world: Catalogue) -> None:
    query = Query.from_params([("polygon", POLYGON)])
    held = ids(world, query.filters)
    shape = "POLYGON((-60 -30, 50 -25, 60 40, 0 10, -50 45, -60 -30))"
    points = world.connect().execute("SELECT id, longitude, latitude FROM samples WHERE latitude IS NOT NULL")
    inside = [id_ for id_, longitude, latitude in points.fetchall() if _in_ring(shape, longitude, latitude)]
    assert 10 < len(held) < SAMPLES // 3
    assert held == inside

    found = search(world, query.with_(sort="id"), limit=SAMPLES)
    assert [hit.id for hit in found.hits] == held
    like = search(world, query.with_(like=(3,), k=7), None)
    assert len(like.hits) == 7
    assert {hit.id for hit in like.hits} <= set(held)
    captions = list_captions(world, query.with_(q="harbour")).answer
    harbours = [id_ for id_ in held if id_ % 3 == 0]
    assert captions.found == len(harbours)
    assert {hit.id for hit in captions.hits} == set(harbours)
    assert sum(value.samples for value in facets(world, query)["source"]) == len(held)
    exported = b"".join(export(world, query).chunks)
    assert len(exported.splitlines()) == len(held) + 1


def _in_ring(shape: str, longitude: float, latitude: float) -> bool:
    """Even-odd rule, by hand: how many edges a ray eastwards crosses."""
    corners = [tuple(map(float, pair.split())) for pair in shape[9:-2].split(", ")]
    crossings = 0
    for (x1, y1), (x2, y2) in pairwise(corners):
        if (y1 > latitude) != (y2 > latitude):
            crossings += longitude < x1 + (latitude - y1) / (y2 - y1) * (x2 - x1)
    return crossings % 2 == 1


def test_pages_of_captions_in_a_circle_follow_each_other(world: Catalogue) -> None:
    query = Query.from_params([("near", "0,0,9000"), ("q", "harbour OR airport"), ("mode", "caption")])
    whole = [hit.id for hit in search(world, query, limit=500).hits]
    pages: list[int] = []
    cursor = None
    while True:
        answer = search(world, query.after(cursor), limit=7)
        pages += [hit.id for hit in answer.hits]
        cursor = answer.next_cursor
        if cursor is None:
            break

    assert pages == whole
    assert len(whole) == answer.found > 14
    assert set(whole) == {id_ for id_ in ids(world, query.filters) if id_ % 3 != 2}


def test_around_ranks_by_the_mean_of_what_lies_there(world: Catalogue) -> None:
    box = "-60,-40,60,40"
    inside = by_sql(world, "longitude BETWEEN -60 AND 60 AND latitude BETWEEN -40 AND 40")
    vectors = np.asarray(world.vectors[:], np.float32)
    mean = vectors[inside].mean(axis=0)
    expected = np.argsort(-(vectors @ mean), kind="stable")[:10].tolist()

    assert [
        hit.id for hit in search(world, Query.from_params([("around", box), ("k", "10")])).hits
    ] == expected


def test_around_an_empty_place_says_so(world: Catalogue) -> None:
    with pytest.raises(UserError, match="no sample with an image vector lies in that box"):
        search(world, Query.from_params([("around", "0,89.9,0.001,89.95")]))
