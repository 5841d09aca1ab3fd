"""The rows of a scale catalogue: RS5M's proportions, drawn the same way every time."""

from __future__ import annotations

import pickle
from collections import Counter

import numpy as np
import pytest

from indexer.captions import split_caption
from indexer.demo.quotas import PUBLISHED
from indexer.errors import UserError
from indexer.keywords import RS5M
from indexer.names import PUB11, source_of
from indexer.records import RawSample
from indexer.synth.plan import RS5M_ROWS, SHARD_ROWS, slices, sources_of
from indexer.synth.shard import SynthShard, synth_shards

ROWS = 40_000


@pytest.fixture(scope="module")
def samples() -> list[RawSample]:
    return [sample for shard in synth_shards(ROWS, dimension=16) for sample in shard.read()]


def of_source(samples: list[RawSample], source: str) -> list[RawSample]:
    found = [sample for sample in samples if (source_of(sample.name) or ("", ""))[0] == source]
    assert found
    return found


def of_web(samples: list[RawSample]) -> list[RawSample]:
    return [sample for sample in samples if (source_of(sample.name) or ("", ""))[1] == PUB11]


def test_a_full_one_has_rs5ms_rows_to_the_last_one() -> None:
    assert RS5M_ROWS == 5_070_186
    dealt: dict[str, list[np.ndarray]] = {}
    for cut in slices(RS5M_ROWS):
        assert cut.count <= SHARD_ROWS
        names = list(sources_of(cut.subset, RS5M_ROWS))
        source, number = cut.sources()
        for place, name in enumerate(names):
            dealt.setdefault(name, []).append(number[source == place])
    for name, (_, published) in PUBLISHED.items():
        np.testing.assert_array_equal(np.sort(np.concatenate(dealt[name])), np.arange(published))


def test_sources_come_in_their_proportions_and_every_name_once(samples: list[RawSample]) -> None:
    assert len(samples) == ROWS
    counts = Counter(source_of(sample.name) for sample in samples)
    for source, (subset, published) in PUBLISHED.items():
        assert counts[(source, subset)] == pytest.approx(published * ROWS / RS5M_ROWS, abs=7 + ROWS // 1000)
    assert len({sample.name for sample in samples}) == len({sample.key for sample in samples}) == ROWS


def test_every_shard_has_nearly_the_same_mixture() -> None:
    shares = []
    for cut in slices(400_000)[:6]:
        source, _ = cut.sources()
        shares.append(np.bincount(source, minlength=11)[:3] / cut.count)
    assert np.ptp(np.array(shares), axis=0).max() < 0.01


def test_a_shard_is_the_same_whichever_was_read_before() -> None:
    first, second = synth_shards(40_000, dimension=16)[:2]
    list(first.read())
    again = pickle.loads(pickle.dumps(second))  # noqa: S301 - as a worker process gets it
    for one, other in zip(list(second.read())[:300], again.read(), strict=False):
        assert (one.key, one.name, one.caption, one.columns) == (
            other.key,
            other.name,
            other.caption,
            other.columns,
        )
        assert (one.vector is None) == (other.vector is None)
        if one.vector is not None and other.vector is not None:
            np.testing.assert_array_equal(one.vector, other.vector)


def test_seed_size_and_dimension_tell_in_the_fingerprint() -> None:
    def fingerprint(**given: int) -> str:
        return synth_shards(**{"rows": 1000, "dimension": 16, "seed": 0, **given})[0].fingerprint

    assert fingerprint() == fingerprint()
    assert len({fingerprint(), fingerprint(seed=1), fingerprint(rows=2000), fingerprint(dimension=32)}) == 4


def test_web_captions_have_a_keyword_but_for_a_planted_hundredth(samples: list[RawSample]) -> None:
    web = of_web(samples)
    without = sum(RS5M.find(sample.caption or "") is None for sample in web)
    assert without / len(web) == pytest.approx(0.01, abs=0.003)
    assert len({sample.caption for sample in web}) > 0.85 * len(web)


def test_a_hundredth_of_the_web_rows_share_a_url(samples: list[RawSample]) -> None:
    urls = Counter(sample.columns["url"] for sample in of_web(samples))
    again = sum(count - 1 for count in urls.values())
    assert again / sum(urls.values()) == pytest.approx(0.01, abs=0.003)
    assert all(".example.org/" in str(url) for url in urls)


def test_fmow_captions_tell_what_the_parser_reads(samples: list[RawSample]) -> None:
    for sample in of_source(samples, "FMoW")[:300]:
        parts = split_caption(sample.caption or "", "model")
        wanted = {"class", "country", "city", "season", "month", "taken_at", "gsd_m", "cloud_cover"}
        assert wanted <= parts.columns.keys()
        assert {"utm_zone", "utm_band", "azimuth_deg", "off_nadir_deg"} <= parts.columns.keys()
        assert parts.columns["class"] == sample.columns["class"]
        assert parts.generated
        assert abs(float(str(sample.columns["latitude"]))) <= 84


def test_bigearthnet_captions_tell_zone_and_several_labels(samples: list[RawSample]) -> None:
    several = set()
    for sample in of_source(samples, "BigEarthNet")[:300]:
        columns = split_caption(sample.caption or "", "model").columns
        assert {"utm_zone", "utm_hemisphere", "season", "month", "class"} <= columns.keys()
        assert "latitude" not in sample.columns
        several.add(columns["class"])
    assert sum(", " in str(labels) for labels in several) > 20


def test_classes_have_a_long_tail_and_the_web_none(samples: list[RawSample]) -> None:
    sizes = sorted(Counter(str(sample.columns["class"]) for sample in of_source(samples, "FMoW")).values())
    assert len(sizes) > 50
    assert sizes[-1] > 8 * sizes[len(sizes) // 4]
    assert all("class" not in sample.columns for sample in of_web(samples))


def test_places_are_known_as_far_as_rs5m_knows_them(samples: list[RawSample]) -> None:
    web = of_web(samples)
    named = sum("entities" in sample.columns for sample in web) / len(web)
    assert named == pytest.approx(880_354 / 3_007_809, abs=0.02)
    flickr = of_source(samples, "YFCC15M")
    located = sum("latitude" in sample.columns for sample in flickr) / len(flickr)
    assert located == pytest.approx(7_841 / 9_629, abs=0.15)


def test_an_empty_file_has_a_fault_and_no_vector() -> None:
    shard = synth_shards(RS5M_ROWS, dimension=16)[0]
    faulty = [sample for sample in shard.read() if sample.fault is not None]
    assert len(faulty) <= 5
    assert all(sample.vector is None for sample in faulty)
    assert {sample.fault.reason for sample in faulty if sample.fault} <= {"zero_bytes"}


def test_a_catalogue_of_one_row_can_be_planned() -> None:
    [shard] = synth_shards(1, dimension=16)
    assert isinstance(shard, SynthShard)
    assert len(list(shard.read())) == shard.samples == 1


def test_no_rows_are_refused() -> None:
    with pytest.raises(UserError, match="rows is 0"):
        synth_shards(0)
