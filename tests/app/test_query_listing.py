"""Lists: any page of any order, at any depth, under any filters."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from app.query import Filters, Query, listing, passing
from app.query.listing import blocks, list_ids
from indexer.catalogue import Catalogue
from indexer.catalogue.orders import SORTS
from indexer.errors import UserError
from tests.catalogues import make_catalogue


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    rows = [
        {"caption_chars": number * 7 % 31, "class": ("port", "lake")[number % 2], "source": f"s{number % 5}"}
        for number in range(120)
    ]
    rows[3]["stage"] = "duplicate"
    with make_catalogue(tmp_path_factory.mktemp("lists") / "catalogue", rows) as opened:
        yield opened


@pytest.fixture(params=[8, 1 << 16], autouse=True)
def block(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same pages come out of many small blocks and of one large one."""
    monkeypatch.setattr(listing, "_BLOCK", request.param)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize(
    "filters", [Filters(), Filters(stage="any"), Filters(class_=("lake",), source=("s1",))]
)
def test_pages_are_the_order_without_what_does_not_pass(
    catalogue: Catalogue, sort: str, filters: Filters
) -> None:
    within = set(passing(catalogue, filters).ids().tolist())
    expected = [id_ for id_ in catalogue.order(sort).tolist() if id_ in within]
    query = Query(filters=filters, sort=sort)
    found: list[int] = []
    while True:
        page = list_ids(catalogue, query, 7)
        assert (page.offset, page.found, page.matching) == (len(found), len(within), len(within))
        found += page.ids
        if page.next_cursor is None:
            break
        query = query.after(page.next_cursor)

    assert found == expected


def test_a_page_in_the_middle_needs_no_page_before_it(catalogue: Catalogue) -> None:
    whole = list_ids(catalogue, Query(sort="longest"), 200).ids

    assert list_ids(catalogue, Query(sort="longest", cursor="60"), 10).ids == whole[60:70]


@pytest.mark.parametrize("cursor", ["119", "120", "999999999999"])
def test_beyond_the_end_is_an_empty_last_page(catalogue: Catalogue, cursor: str) -> None:
    page = list_ids(catalogue, Query(cursor=cursor), 10)

    assert (page.ids, page.next_cursor, page.found) == ([], None, 119)


@pytest.mark.parametrize("cursor", ["-1", "1.5", "0x1", "50.3.12", "٣"])
def test_a_cursor_that_is_no_place_is_refused(catalogue: Catalogue, cursor: str) -> None:
    with pytest.raises(UserError, match="does not belong to this list"):
        list_ids(catalogue, Query(cursor=cursor), 10)


def test_nothing_is_read_behind_the_last_sample_that_passes(catalogue: Catalogue) -> None:
    order = np.arange(120, dtype=np.int32)
    given = list(blocks(order, passing(catalogue, Filters(stage="duplicate"))))

    assert np.concatenate(given).tolist() == [3]
    assert len(given) == 1
