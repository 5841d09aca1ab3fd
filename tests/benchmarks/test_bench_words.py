from __future__ import annotations

from pathlib import Path

import pytest

from app.query import Filters, Query, search
from benchmarks.asked import Captions
from benchmarks.word_stores import FTS5, Asked, Ilike
from benchmarks.words import main, ours, write_captions
from indexer.catalogue import Catalogue
from tests.catalogues import make_catalogue


def test_the_table_has_every_kind_of_query_and_engine(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(tiny), "--rounds", "2", "--without-duckdb"])
    printed = capsys.readouterr().out
    for cell in ("a common word", "a rare word", "two common words", "a phrase", "one source"):
        assert cell in printed
    for engine in ("app", "SQLite FTS5", "ILIKE"):
        assert engine in printed


def test_engines_find_the_same_captions(tmp_path: Path) -> None:
    rows = [
        {"caption": "a red harbour at dawn", "source": "A"},
        {"caption": "the harbour, red boats", "source": "B"},
        {"caption": "boats on a lake", "source": "A"},
        {"caption": None, "source": "A"},
    ]
    with make_catalogue(tmp_path / "catalogue", rows) as catalogue:
        captions = write_captions(catalogue, tmp_path)
        fts5, ilike = FTS5(captions, tmp_path), Ilike(catalogue)
        for asked, matches in (
            (Asked("harbour"), 2),
            (Asked("red harbour"), 2),
            (Asked("red harbour", phrase="red harbour"), 1),
            (Asked("boats", source="A"), 1),
            (Asked("glacier"), 0),
        ):
            assert (ours(catalogue, asked), fts5.search(asked), ilike.search(asked)) == (matches,) * 3


def test_words_come_from_the_catalogue_by_how_common_they_are(opened: Catalogue) -> None:
    captions = Captions(opened)
    common, rare = captions.common(5), captions.rare(5)
    assert captions.words[common[0]] > captions.words[rare[0]] > 0
    found = [
        search(opened, Query(q=word, mode="caption", filters=Filters(stage="any"))).found for word in common
    ]
    assert min(found) > captions.words[rare[0]]
