"""DuckDB's full-text extension over captions, from a package that brings the extension's file along."""

from __future__ import annotations

import resource
from pathlib import Path
from time import perf_counter
from typing import Any

import duckdb
import duckdb_extension_fts

from benchmarks.drivers.protocol import serve


class _Driver:
    def __init__(self) -> None:
        self.connection: Any = None

    def build(self, captions: str, path: str) -> dict[str, Any]:
        """Index the Parquet file `captions` (id, caption, source) into the database `path`."""
        start = perf_counter()
        Path(path).unlink(missing_ok=True)
        extension = next(Path(duckdb_extension_fts.__file__).parent.rglob("*.duckdb_extension"))
        self.connection = duckdb.connect(path)
        self.connection.execute(f"LOAD '{extension}'")
        self.connection.execute(f"CREATE TABLE captions AS SELECT * FROM read_parquet('{captions}')")  # noqa: S608
        self.connection.execute("PRAGMA create_fts_index('captions', 'id', 'caption', stemmer = 'english')")
        self.connection.execute("CHECKPOINT")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        version = duckdb.__version__
        seconds = perf_counter() - start
        return {"seconds": seconds, "peak": peak, "disk": Path(path).stat().st_size, "version": version}

    def search(self, words: str, phrase: str, source: str, k: int) -> dict[str, Any]:
        """The best `k` that hold all `words` (and `phrase`, and are of `source`), and how many there are.

        The extension has no phrases: what holds the words is searched for the phrase by ILIKE.
        """
        start = perf_counter()
        conditions, parameters = ["score IS NOT NULL"], [words]
        if phrase:
            conditions.append("caption ILIKE ?")
            parameters.append(f"%{phrase}%")
        if source:
            conditions.append("source = ?")
            parameters.append(source)
        rows = self.connection.execute(
            f"""
            SELECT id, score, count(*) OVER () FROM (
                SELECT *, fts_main_captions.match_bm25(id, ?, conjunctive := 1) AS score FROM captions
            ) WHERE {" AND ".join(conditions)} ORDER BY score DESC, id LIMIT {int(k)}
            """,  # noqa: S608
            parameters,
        ).fetchall()
        matches = rows[0][2] if rows else 0
        return {"milliseconds": (perf_counter() - start) * 1000, "matches": matches}


if __name__ == "__main__":
    driver = _Driver()
    serve({"build": driver.build, "search": driver.search})
