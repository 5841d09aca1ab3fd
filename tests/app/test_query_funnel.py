"""The funnel in RS5M's columns: every row and the total balance, whatever ran."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.query import stage_table
from app.query.cells import Cell
from app.query.funnel import STEPS, FunnelRow, ListRows, funnel, funnel_of, lists_of
from app.query.stages import StageRow, StageTable
from app.views.stages import StagesView
from tests.catalogues import make_catalogue
from tests.scored import make_scored_catalogue

COUNT = st.integers(0, 10_000_000)


@st.composite
def tables(draw: st.DrawFn) -> StageTable:
    """Stage counts of a random catalogue: any stages, any sources."""
    names = st.lists(st.sampled_from([*STEPS, "audit"]), unique=True)
    stages = tuple(sorted(draw(names), key=[*STEPS, "audit"].index))
    sources = draw(st.lists(st.sampled_from(["LAION2B", "VG", "FMoW", None]), unique=True))
    rows = []
    for source in sources:
        removed = {stage: draw(COUNT) for stage in stages}
        kept = draw(COUNT)
        rows.append(StageRow(source, "PUB11", kept + sum(removed.values()), removed, kept))
    total = {stage: sum(row.removed[stage] for row in rows) for stage in stages}
    kept = sum(row.kept for row in rows)
    return StageTable(stages, rows, StageRow(None, None, kept + sum(total.values()), total, kept), [])


@st.composite
def lists(draw: st.DrawFn) -> dict[str | None, ListRows]:
    """Rows of raw lists, also of sources that no sample came from."""
    found: dict[str | None, ListRows] = {}
    for source in draw(st.lists(st.sampled_from(["LAION2B", "VG", "SBU"]), unique=True)):
        read = draw(COUNT)
        found[source] = ListRows(read, draw(st.integers(0, read)))
    return found


def balance(row: FunnelRow) -> None:
    removed = sum(count or 0 for count in row.removed.values())
    assert row.amount == removed + row.other + row.remain
    assert (row.outlier or 0) == (row.vlm or 0) + (row.detector or 0)
    if row.keyword is not None:
        assert row.amount - (row.no_keyword or 0) == row.keyword
    if row.download is not None:
        assert row.amount - (row.no_keyword or 0) - (row.not_downloaded or 0) == row.download


@given(tables(), lists())
def test_every_row_and_the_total_balance(table: StageTable, read: dict[str | None, ListRows]) -> None:
    made = funnel(table, read)

    for row in (*made.rows, made.total):
        balance(row)
        for stage, count in row.removed.items():
            assert (count is None) == (stage not in table.stages and not (stage == "keyword" and read))


@given(tables(), lists())
def test_the_total_is_the_sum_of_the_rows(table: StageTable, read: dict[str | None, ListRows]) -> None:
    made = funnel(table, read)

    for name in (
        "amount",
        "no_keyword",
        "not_downloaded",
        "invalid",
        "duplicate",
        "vlm",
        "detector",
        "remain",
    ):
        assert sum(getattr(row, name) or 0 for row in made.rows) == (getattr(made.total, name) or 0), name
    assert made.total.other == sum(row.other for row in made.rows)


def test_rows_of_a_raw_list_count_as_removed_by_the_keyword_filter() -> None:
    row = StageRow("SBU", "PUB11", 90, {"invalid": 2}, 88)
    made = funnel(StageTable(("invalid",), [row], row, []), {"SBU": ListRows(read=1000, kept=90)})

    assert (made.rows[0].amount, made.rows[0].keyword, made.rows[0].remain) == (1000, 90, 88)
    assert made.total.amount == 1000


def test_a_catalogue_tells_of_its_lists_in_the_report_of_the_keyword_stage(tmp_path: Path) -> None:
    rows = [{"source": "SBU", "subset": "PUB11"}] * 3 + [{"source": "VG", "subset": "PUB11"}]
    reports = {"keyword": {"lists": {"SBU": {"read": 1000, "kept": 3}}}}
    with make_catalogue(tmp_path / "listed", rows, settings={"keyword": {}}, reports=reports) as catalogue:
        made = funnel_of(catalogue)
        view = StagesView(stage_table(catalogue), Cell(source="SBU"), lists_of(catalogue))

    assert [(row.source, row.amount, row.no_keyword, row.remain) for row in made.rows] == [
        ("SBU", 1000, 997, 3),
        ("VG", 1, 0, 1),
    ]
    assert view.here is not None
    assert view.here.band.flow.whole == 1000


def test_a_stage_that_did_not_run_is_not_zero() -> None:
    row = StageRow("SBU", "PUB11", 9, {"invalid": 0}, 9)
    made = funnel(StageTable(("invalid",), [row], row, [])).rows[0]

    assert (made.invalid, made.duplicate, made.outlier, made.keyword, made.download) == (
        0,
        None,
        None,
        None,
        None,
    )


def test_the_funnel_of_a_catalogue_counts_its_samples(tmp_path: Path) -> None:
    with make_scored_catalogue(tmp_path / "scored") as catalogue:
        made = funnel(stage_table(catalogue))
        of_stage = dict(
            catalogue.connect().execute("SELECT stage, count(*) FROM samples GROUP BY stage").fetchall()
        )

    assert made.total.amount == catalogue.manifest.samples
    assert made.total.outlier == of_stage["vlm"] + of_stage["detector"]
    assert (made.total.duplicate, made.total.remain) == (of_stage["duplicate"], of_stage["kept"])
    assert made.total.download is None
