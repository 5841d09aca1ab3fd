"""RS5M's published table, held against the numbers of the paper."""

from __future__ import annotations

import pytest

from app.query.published import PUB11, PUB11_TOTAL, RS3, RS3_TOTAL, RS5M_TOTAL

# Source, amount, after keyword filter, download, invalid, duplicate, outlier, remain.
TABLE = """
LAION2B    2.3B 1,980,978 1,737,584 102 343,017   333,686   1,060,779
COYO700M   746M 680,089   566,076   28  245,650   94,329    226,069
LAIONCOCO  662M 3,014,283 2,549,738 80  417,689   527,941   1,604,028
LAION400M  413M 286,102   241,324   25  141,658   23,860    75,781
WIT        37M  98,540    93,754    0   74,081    9,299     10,374
YFCC15M    15M  27,166    25,020    0   265       15,126    9,629
CC12M      12M  18,892    16,234    0   1,870     4,330     10,034
Redcaps    12M  2,842     2,686     0   228       972       1,486
CC3M       3.3M 12,563    11,718    1   328       1,817     9,572
SBU        1M   102       91        0   4         36        51
VG         0.1M 26        26        0   0         20        6
Total      4.2B 6,121,583 5,244,251 236 1,224,790 1,011,416 3,007,809
"""
ROWS = [line.split() for line in TABLE.split("\n") if line]


def test_eleven_sources_and_their_total() -> None:
    assert [row.source for row in PUB11] == [row[0] for row in ROWS[:-1]]
    assert len(PUB11) == 11


@pytest.mark.parametrize(
    ("row", "written"), list(zip((*PUB11, PUB11_TOTAL), ROWS, strict=True)), ids=[row[0] for row in ROWS]
)
def test_a_row_is_as_published_and_balances(row: object, written: list[str]) -> None:
    counts = [int(text.replace(",", "")) for text in written[2:]]
    keyword, download, invalid, duplicate, outlier, remain = counts

    names = ("source", "amount", "keyword", "download", "invalid", "duplicate", "outlier", "remain")
    assert [getattr(row, name) for name in names] == [*written[:2], *counts]
    assert download - invalid - duplicate - outlier == remain
    assert keyword >= download


def test_the_total_is_the_sum_of_the_rows() -> None:
    for name in ("keyword", "download", "invalid", "duplicate", "outlier", "remain"):
        assert sum(getattr(row, name) for row in PUB11) == getattr(PUB11_TOTAL, name), name


def test_rs3_and_all_of_rs5m() -> None:
    assert {row.source: row.samples for row in RS3} == {
        "FMoW": 727_144,
        "BigEarthNet": 344_385,
        "MillionAID": 990_848,
    }
    assert sum(row.samples for row in RS3) == RS3_TOTAL == 2_062_377
    assert PUB11_TOTAL.remain + RS3_TOTAL == RS5M_TOTAL == 5_070_186
