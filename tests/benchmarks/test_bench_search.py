from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.exact_scans import scans
from benchmarks.filters import cluster_filters, facet_filters, no_filter, random_filters
from benchmarks.search import main
from benchmarks.truth import Group, find_truth
from benchmarks.vector_queries import QuerySource
from indexer.catalogue import Catalogue
from indexer.errors import UserError
from tests.catalogues import make_catalogue


def test_the_table_has_every_kind_of_filter_and_says_what_holds(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([str(tiny), "--queries", "8", "--scans", "2"])
    printed = capsys.readouterr().out
    for row in ("none", "random 50.00%", "source=", "class=", "cluster 10.00%", "box of"):
        assert row in printed
    # Three thousand samples are searched exactly, and that must be seen.
    assert "holds  no filter: recall@10 1.000" in printed
    assert "holds  100 results wherever 100 pass" in printed


@pytest.mark.parametrize("name", scans())
def test_every_exact_scan_finds_what_is_true(opened: Catalogue, name: str) -> None:
    scan = scans()[name](opened.vectors)
    everything = no_filter(opened).passing
    random = np.random.default_rng(1)
    for narrowed in [no_filter(opened), *random_filters(everything, random)]:
        queries = QuerySource(opened, random).samples(narrowed.passing, 5)
        group = Group(queries, narrowed.passing)
        find_truth(opened.vectors, [group], 10)
        found = [scan.search(query, 10, narrowed.passing) for query in queries]
        assert all(narrowed.passing.contains(ids).all() for ids in found)
        # bfloat16 has eight bits for a digit: the issue's own figure for it is 0.88.
        assert group.recall(opened.vectors, found, 10).mean() >= (0.8 if "bfloat16" in name else 1.0)


def test_random_filters_pass_the_share_asked_for(opened: Catalogue) -> None:
    everything = no_filter(opened).passing
    counts = [one.passing.count for one in random_filters(everything, np.random.default_rng(0))]
    assert counts[:3] == [round(share * everything.count) for share in (0.5, 0.1, 0.01)]


def test_a_facet_gives_each_value_once_and_only_near_the_shares(opened: Catalogue) -> None:
    narrowed = list(facet_filters(opened, "source"))
    assert len({one.name for one in narrowed}) == len(narrowed) >= 2
    assert narrowed[0].passing.count > narrowed[-1].passing.count > 0


def test_a_cluster_is_nearer_to_its_centre_than_the_rest(opened: Catalogue) -> None:
    everything = no_filter(opened).passing
    for one in cluster_filters(opened.vectors, everything, np.random.default_rng(0)):
        inside = np.asarray(opened.vectors[one.passing.ids()], np.float32)
        spread = (inside @ inside.mean(axis=0)).mean()
        overall = np.asarray(opened.vectors[everything.ids()], np.float32)
        assert spread > (overall @ overall.mean(axis=0)).mean()


def test_texts_and_samples_are_unit_vectors(opened: Catalogue) -> None:
    everything = no_filter(opened).passing
    source = QuerySource(opened, np.random.default_rng(0))
    for vectors in (source.texts(everything, 6), source.samples(everything, 6)):
        assert vectors.shape == (6, 32)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=2e-3)


def test_a_catalogue_without_vectors_cannot_be_measured(tmp_path: Path) -> None:
    make_catalogue(tmp_path / "words", [{"caption": "a harbour"}]).close()
    with pytest.raises(UserError, match="no image vectors"):
        main([str(tmp_path / "words")])
