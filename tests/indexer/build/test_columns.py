"""Values from outside, sorted into columns."""

from __future__ import annotations

import json
from datetime import datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.build.columns import SUPPLIED, clean_text, sort_columns, to_json
from indexer.catalogue.schema import SAMPLE_COLUMNS, arrow_schema

ANYTHING = st.one_of(
    st.none(),
    st.text(),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.datetimes(),
    st.lists(st.text(), max_size=3),
)


@given(st.dictionaries(st.sampled_from(sorted(SUPPLIED)), ANYTHING))
def test_whatever_is_given_ends_as_a_row_or_in_extra(values: dict[str, object]) -> None:
    fitting, rest, remarks = sort_columns(values)
    row = {**fitting, "extra": to_json(rest)}
    pa.Table.from_pylist([row], schema=arrow_schema(SAMPLE_COLUMNS))
    assert len(rest) == len(remarks)
    assert not fitting.keys() & rest.keys()


@given(st.text(st.characters()))
def test_clean_text_is_utf_8_without_nul(text: str) -> None:
    assert "\0" not in clean_text(text).encode("utf-8").decode()


def test_values_get_the_type_of_their_column() -> None:
    fitting, rest, remarks = sort_columns(
        {
            "month": "June",
            "gsd_m": "0.5",
            "utm_zone": 31.0,
            "taken_at": "2016-06-09T10:00:00Z",
            "sensor": "WV-2",
        }
    )
    assert fitting == {"month": 6, "gsd_m": 0.5, "utm_zone": 31, "taken_at": datetime(2016, 6, 9, 10)}
    assert rest == {"sensor": "WV-2"}
    assert remarks == []


def test_values_that_no_store_takes_stay_in_extra() -> None:
    given = {"gsd_m": 1e39, "city": "Nil\ud800polis", "cloud_cover": 0.1, "entities": ["a\0b"]}
    fitting, rest, remarks = sort_columns(given)
    assert fitting == {
        "cloud_cover": pytest.approx(0.1, abs=1e-8),
        "entities": ["a\N{REPLACEMENT CHARACTER}b"],
    }
    assert rest.keys() == {"gsd_m", "city"}
    assert len(remarks) == 2


def test_what_a_run_finds_out_cannot_be_given() -> None:
    fitting, rest, _ = sort_columns({"id": 3, "stage": "kept", "sha256": "00", "offset": 4})
    assert fitting == {}
    assert json.loads(to_json(rest) or "") == {"id": 3, "stage": "kept", "sha256": "00", "offset": 4}


def test_nothing_left_over_is_no_json() -> None:
    assert to_json({}) is None
