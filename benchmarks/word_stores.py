"""Captions in SQLite's full-text index, and scanned with ILIKE."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import pyarrow.parquet as pq

from indexer.catalogue import Catalogue

_BATCH = 50_000
_BEST = 50


@dataclass(frozen=True)
class Asked:
    """A caption query.

    Attributes:
        words: all must occur.
        phrase: they must also stand side by side like this; empty for no phrase.
        source: source of every result; empty for any.
    """

    words: str
    phrase: str = ""
    source: str = ""


class FTS5:
    """SQLite's FTS5 over the captions, with the porter stemmer; the source lies beside, indexed by id.

    Attributes:
        path: the database.
        seconds: what building it took; noted beside it for later runs.
    """

    def __init__(self, captions: Path, folder: Path) -> None:
        self.path = folder / "fts5.sqlite"
        noted = folder / "fts5.seconds"
        if not self.path.exists():
            noted.write_text(str(_write(captions, self.path)))
        self.seconds = float(noted.read_text())
        self._connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        self._connection.execute("PRAGMA mmap_size = 17179869184")

    def search(self, asked: Asked) -> int:
        """Rank the best and count the matches."""
        match = f'"{asked.phrase}"' if asked.phrase else asked.words
        source, parameters = "", [match]
        if asked.source:
            source = "AND (SELECT source FROM facts WHERE facts.id = captions.rowid) = ?"
            parameters.append(asked.source)
        where = f"FROM captions WHERE captions MATCH ? {source}"
        self._connection.execute(
            f"SELECT rowid, rank {where} ORDER BY rank LIMIT {_BEST}",
            parameters,
        ).fetchall()
        ((matches,),) = self._connection.execute(f"SELECT count(*) {where}", parameters).fetchall()
        return int(matches)


def _write(captions: Path, path: Path) -> float:
    """Build the index; seconds it took."""
    start = perf_counter()
    aside = path.with_suffix(".tmp")
    aside.unlink(missing_ok=True)
    connection = sqlite3.connect(aside)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("CREATE VIRTUAL TABLE captions USING fts5(caption, tokenize = 'porter unicode61')")
    connection.execute("CREATE TABLE facts (id INTEGER PRIMARY KEY, source)")
    for batch in pq.ParquetFile(captions).iter_batches(_BATCH):
        ids, texts, sources = (column.to_pylist() for column in batch.columns)
        connection.executemany(
            "INSERT INTO captions (rowid, caption) VALUES (?, ?)", zip(ids, texts, strict=True)
        )
        connection.executemany("INSERT INTO facts VALUES (?, ?)", zip(ids, sources, strict=True))
    connection.execute("INSERT INTO captions (captions) VALUES ('optimize')")
    connection.commit()
    connection.close()
    aside.rename(path)
    return perf_counter() - start


class Ilike:
    """A scan of all captions in the catalogue's own DuckDB file: no stemming, no ranking."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def search(self, asked: Asked) -> int:
        """Find the first ones and count the matches."""
        parts = [asked.phrase] if asked.phrase else asked.words.split()
        conditions = ["caption ILIKE ?"] * len(parts)
        parameters = [f"%{part}%" for part in parts]
        if asked.source:
            conditions.append("source = ?")
            parameters.append(asked.source)
        rows = (
            self._catalogue.connect()
            .execute(
                f"""
                SELECT id, count(*) OVER () FROM samples WHERE {" AND ".join(conditions)}
                ORDER BY id LIMIT {_BEST}
                """,  # noqa: S608
                parameters,
            )
            .fetchall()
        )
        return int(rows[0][1]) if rows else 0
