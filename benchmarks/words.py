"""How fast captions are found by their words: `python -m benchmarks.words CATALOGUE`.

The app's caption search against SQLite's FTS5 (porter stemming), DuckDB's full-text extension in an
environment of its own, and a scan with ILIKE. Each gives the 50 best matches and says how many there are, in
turns, each round with other words. The engines stem and score differently: the column `matches` says whether
they did the same work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean

from app.query import Filters, Query
from app.query.ranking import rank
from benchmarks.asked import Captions, commonest
from benchmarks.command import WORK, about, megabytes, number, parser, ratio, run, say, show
from benchmarks.environments import CannotRunError, Driver, environment
from benchmarks.stores import arrow_batches, write_parquet
from benchmarks.timing import Times, disk_bytes, interleaved
from benchmarks.word_stores import FTS5, Asked, Ilike
from indexer.catalogue import Catalogue
from indexer.catalogue.layout import CAPTIONS

BEST = 50
# The extension is fetched from DuckDB's own server at run time, or comes in this package for this version.
_DUCKDB = ("duckdb==1.5.5", "duckdb-extension-fts==1.5.5")
_DIFFERENT = 40


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    made = parser(__doc__, rounds=30)
    made.add_argument("--without-duckdb", action="store_true", help="leave DuckDB's extension out")
    asked = made.parse_args(arguments)
    with Catalogue.open(asked.catalogue) as catalogue:
        folder = WORK / "words" / catalogue.manifest.catalogue_id
        folder.mkdir(parents=True, exist_ok=True)
        measure(catalogue, folder, asked.rounds, with_duckdb=not asked.without_duckdb)


def measure(catalogue: Catalogue, folder: Path, rounds: int, *, with_duckdb: bool) -> None:
    """Build what there is to compare, time it in turns, and print the table."""
    captions = write_captions(catalogue, folder)
    fts5 = FTS5(captions, folder)
    engines: dict[str, Callable[[Asked], int]] = {
        "app": lambda asked: ours(catalogue, asked),
        "SQLite FTS5": fts5.search,
        "ILIKE": Ilike(catalogue).search,
    }
    built = [f"SQLite FTS5: {number(fts5.seconds)} s, {megabytes(disk_bytes(fts5.path))}"]
    built.append(f"app: {megabytes(disk_bytes(catalogue.path / CAPTIONS))}")
    driver = None
    if with_duckdb:
        try:
            driver = Driver(environment("duckdb-fts", _DUCKDB), "duckdb_words", folder / "duckdb.log")
            facts = driver.ask("build", captions=str(captions.absolute()), path=str(folder / "fts.duckdb"))
            built.append(
                f"DuckDB {facts['version']} fts: {number(facts['seconds'])} s, {megabytes(facts['disk'])}, "
                f"peak {megabytes(facts['peak'])}"
            )
            engines["DuckDB fts"] = _DuckDB(driver)
        except CannotRunError as error:
            built.append(f"DuckDB's extension: {error}")
    report(catalogue, timed_in_turns(questions(catalogue), engines, rounds), list(engines), rounds)
    say("Index built in, size: " + "; ".join(built))
    if driver:
        driver.close()


class _DuckDB:
    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def __call__(self, asked: Asked) -> int:
        answer = self._driver.ask(
            "search", words=asked.words, phrase=asked.phrase, source=asked.source, k=BEST
        )
        return int(answer["matches"])


def questions(catalogue: Catalogue) -> dict[str, list[Asked]]:
    """Kinds of caption queries, each with different ones of its kind."""
    captions = Captions(catalogue)
    common, rare = captions.common(_DIFFERENT), captions.rare(_DIFFERENT)
    phrases = captions.common_phrases(_DIFFERENT)
    sources = commonest(catalogue, "source")[:8]
    return {
        "a common word": [Asked(word) for word in common],
        "a rare word": [Asked(word) for word in rare],
        "two common words": [Asked(phrase) for phrase in phrases],
        "a phrase": [Asked(phrase, phrase=phrase) for phrase in phrases],
        "a common word, one source": [
            Asked(word, source=sources[place % len(sources)]) for place, word in enumerate(common)
        ],
        "a rare word, one source": [
            Asked(word, source=sources[place % len(sources)]) for place, word in enumerate(rare)
        ],
    }


def ours(catalogue: Catalogue, asked: Asked) -> int:
    """Number of matches, the best `BEST` ranked."""
    filters = Filters.from_params({"source": [asked.source], "stage": ["any"]})
    words = f'"{asked.phrase}"' if asked.phrase else asked.words
    query = Query(q=words, mode="caption", filters=filters)
    return rank(catalogue, query, None, BEST).found


def timed_in_turns(
    kinds: dict[str, list[Asked]], engines: dict[str, Callable[[Asked], int]], rounds: int
) -> dict[str, dict[str, tuple[Times, float]]]:
    """By kind of query and engine: times, and matches of a query on average."""
    found = {}
    for kind, asked in kinds.items():
        matches: dict[str, list[int]] = {name: [] for name in engines}

        def case(
            name: str, asked: list[Asked] = asked, matches: dict[str, list[int]] = matches
        ) -> Callable[[int], object]:
            return lambda turn: matches[name].append(engines[name](asked[turn % len(asked)]))

        times = interleaved({name: case(name) for name in engines}, rounds)
        found[kind] = {name: (times[name], mean(matches[name])) for name in engines}
    return found


def report(
    catalogue: Catalogue, found: dict[str, dict[str, tuple[Times, float]]], engines: list[str], rounds: int
) -> None:
    """Print the table."""
    rows = []
    for kind, of_kind in found.items():
        ours_p50 = of_kind["app"][0].p50
        for name in engines:
            times, matches = of_kind[name]
            rows.append(
                (
                    kind if name == "app" else "",
                    name,
                    f"{matches:,.0f}",
                    number(times.p50),
                    number(times.p95),
                    "" if name == "app" else ratio(times.p50, ours_p50),
                )
            )
    show(about(catalogue), ("", "engine", "matches", "p50 ms", "p95 ms", "/ app"), rows, f"{rounds} rounds")


def write_captions(catalogue: Catalogue, folder: Path) -> Path:
    """A Parquet file of id, caption and source of every sample with a caption, written unless it is there."""
    path = folder / "captions.parquet"
    if not path.exists():
        rows = arrow_batches(catalogue, "SELECT id, caption, source FROM samples WHERE caption <> ''")
        write_parquet(rows, path.with_suffix(".tmp"))
        path.with_suffix(".tmp").rename(path)
    return path


if __name__ == "__main__":
    run(main)
