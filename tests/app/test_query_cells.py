"""A cell of the funnel: read from an address, written to one, and the same by counts, bitmaps and SQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.query.cells import Cell
from app.query.entries import number_of, samples_of
from indexer.catalogue import Catalogue
from indexer.errors import UserError
from tests.scored import make_scored_catalogue

CELLS = st.builds(
    Cell,
    source=st.sampled_from([None, "LAION2B", "YFCC15M", "(none)", "Nowhere"]),
    subset=st.sampled_from([None, "PUB11", "RS3", "(none)"]),
    stage=st.sampled_from(["any", "removed", "outlier", "kept", "vlm", "duplicate", "download"]),
    reason=st.sampled_from([None, "same_url", "low_vlm_score", "kept"]),
    cluster=st.sampled_from([None, 0, 1, 2, 5]),
)


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    with make_scored_catalogue(tmp_path_factory.mktemp("cells") / "scored") as made:
        yield made


@given(CELLS)
def test_a_cell_is_the_same_cell_again_from_its_address(cell: Cell) -> None:
    assert Cell.from_params(cell.to_params()) == cell


@settings(deadline=None, max_examples=60)
@given(CELLS)
def test_counts_bitmaps_and_sql_agree(scored: Catalogue, cell: Cell) -> None:
    where = cell.where()
    rows = scored.connect().execute(
        f"SELECT ledger.id FROM ledger JOIN samples USING (id) WHERE {where.sql} ORDER BY id",  # noqa: S608
        where.params,
    )
    ids = [row[0] for row in rows.fetchall()]

    assert samples_of(scored, cell).ids().tolist() == ids
    assert number_of(scored, cell) == len(ids)


@pytest.mark.parametrize(
    ("pairs", "says"),
    [
        ([("stagee", "vlm")], "Did you mean stage"),
        ([("stage", "vlm"), ("stage", "kept")], "given twice"),
        ([("cluster", "one")], "not the number"),
        ([("cluster", "9" * 19)], "not the number"),
        ([("source", "x" * 2000)], "longer than"),
    ],
)
def test_what_is_no_cell_is_refused(pairs: list[tuple[str, str]], says: str) -> None:
    with pytest.raises(UserError, match=says):
        Cell.from_params(pairs)
