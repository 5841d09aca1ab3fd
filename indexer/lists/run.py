"""A filter run: list after list, stretch after stretch, going on where an earlier run stopped."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path

import duckdb

from indexer.build.output import working_in
from indexer.catalogue.finish import WRITTEN_BY, replace_file
from indexer.catalogue.layout import LOCK
from indexer.counting import Counting
from indexer.errors import UserError
from indexer.keywords import RS5M, Keywords
from indexer.lists import scan
from indexer.lists.open_list import open_lists
from indexer.lists.raw_list import RawList, Wanted
from indexer.lists.report import REPORT, Counts, ListReport, Report, read_report
from indexer.lists.stretch import Stretch, StretchWriter

STRETCHES = "stretches.json"
_OWN = re.compile(
    rf"(?:survivors|removed)-\d+\.parquet|spill|{re.escape(REPORT)}|{re.escape(STRETCHES)}|{re.escape(LOCK)}"
)
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class FilterOptions:
    """What a filter run does.

    Attributes:
        wanted: columns and source, where the lists do not tell.
        keywords: what a caption has to hold one of; None keeps every row with an address.
        removed: whether removed rows are written too.
        stretch_rows: rows of a stretch, the most that an interrupted run does again.
        memory: what DuckDB may use, as it takes it.
        threads: how many DuckDB uses; all cores if None.
        overwrite: delete what another run left in the folder.
    """

    wanted: Wanted = field(default_factory=Wanted)
    keywords: Keywords | None = RS5M
    removed: bool = False
    stretch_rows: int = 1 << 23
    memory: str = "1GB"
    threads: int | None = None
    overwrite: bool = False


def filter_lists(
    paths: Sequence[str], out: Path, options: FilterOptions | None = None, counting: Counting | None = None
) -> Report:
    """Filter lists of address and caption by keywords.

    Writes `survivors-00000.parquet`, ... (url, caption, keyword, source, list, row) and `filter.json` into
    `out`; with `removed` also `removed-00000.parquet`, ... with the reason. Rows are numbered from 1, those
    that cannot be read left out of the numbers. A run that was stopped is gone on with, and ends in the same
    bytes.

    Args:
        paths: lists, folders of lists, and brace patterns.
        out: folder for the result.
        options: how.
        counting: told how far it is.

    Raises:
        UserError: a list cannot be opened, or `out` holds something else.
    """
    options, counting = options or FilterOptions(), counting or Counting()
    lists = open_lists(paths, options.wanted)
    job = _identity(lists, options)
    with working_in(out):
        _check(out, job, overwrite=options.overwrite)
        finished = read_report(out)
        if finished is not None:
            return finished
        run = _Run(lists, out, options, job, counting)
        run.finish()
        report = _report(lists, options, job, run.stretches)
        report.save(out)
        (out / STRETCHES).unlink(missing_ok=True)
        return report


class _Run:
    """One run over the lists, from the stretches on that an earlier one finished."""

    def __init__(
        self, lists: Sequence[RawList], out: Path, options: FilterOptions, job: str, counting: Counting
    ) -> None:
        self._lists = lists
        self._out = out
        self._options = options
        self._job = job
        self._counting = counting
        self.stretches = _noted(out)
        self._forget_unnoted()

    def finish(self) -> None:
        """Filter what is left."""
        self._counting.began("filtering", sum(raw.estimate for raw in self._lists), self._rows, "rows")
        options = self._options
        with closing(scan.connect(options.memory, options.threads, self._out / "spill.tmp")) as connection:
            for place, raw in enumerate(self._lists):
                try:
                    self._finish_list(connection, place, raw)
                except scan.CannotReadOnError as error:
                    self._counting.remarked(f"{raw.path.name}: {error}; read again, leniently")
                    self.stretches = [stretch for stretch in self.stretches if stretch.place != place]
                    self._forget_unnoted()
                    self._finish_list(connection, place, raw, lenient=True)

    @property
    def _rows(self) -> int:
        return sum(stretch.rows for stretch in self.stretches)

    def _finish_list(
        self, connection: duckdb.DuckDBPyConnection, place: int, raw: RawList, *, lenient: bool = False
    ) -> None:
        mine = [stretch for stretch in self.stretches if stretch.place == place]
        if mine and mine[-1].ended:
            return
        lenient = lenient or bool(mine and mine[-1].lenient)
        following = Stretch(place, first=sum(stretch.rows for stretch in mine), lenient=lenient)
        for stretch in self._filter(connection, raw, following):
            kept = sum(one.verdicts.get(scan.KEPT, 0) for one in self.stretches)
            if not stretch.verdicts:
                self._counting.reached(self._rows + stretch.rows, f"{kept:,} kept")
                continue
            self.stretches.append(stretch)
            self._save()
            kept += stretch.verdicts.get(scan.KEPT, 0)
            self._counting.reached(self._rows, f"{kept:,} kept")
            for line in stretch.malformed:
                self._counting.remarked(f"{raw.path.name}: {line}")

    def _filter(
        self, connection: duckdb.DuckDBPyConnection, raw: RawList, stretch: Stretch
    ) -> Iterator[Stretch]:
        """Yield each stretch from `stretch` on once it is written; in between, the one that is being read.

        Raises:
            CannotReadOnError: the list has to be read leniently, from its beginning.
        """
        options = self._options
        scan.forget_rejected(connection)
        writer = self._writer(raw, stretch, len(self.stretches))
        try:
            try:
                for batch in scan.scan(
                    connection,
                    raw,
                    options.keywords,
                    stretch.first,
                    everything=options.removed,
                    lenient=stretch.lenient,
                ):
                    while len(batch):
                        part = batch.slice(0, options.stretch_rows - writer.stretch.rows)
                        writer.add(part)
                        batch = batch.slice(len(part))  # noqa: PLW2901
                        yield writer.stretch
                        if writer.stretch.rows == options.stretch_rows:
                            finished = writer.finish()
                            yield finished
                            following = Stretch(
                                stretch.place, finished.first + finished.rows, lenient=stretch.lenient
                            )
                            writer = self._writer(raw, following, len(self.stretches))
                if raw.rejects:
                    writer.add_unread(scan.MALFORMED, *scan.rejected(connection, _SHOWN))
            except scan.CannotReadOnError as error:
                if raw.lenient_sql and not stretch.lenient:
                    raise
                read = writer.stretch.first + writer.stretch.rows
                left = max(raw.rows - read, 0) if raw.rows is not None else 0
                writer.add_unread(scan.UNREADABLE, left, [f"cannot be read on after row {read:,}: {error}"])
            writer.stretch.ended = True
            yield writer.finish()
        except BaseException:
            writer.abandon()
            raise

    def _writer(self, raw: RawList, stretch: Stretch, number: int) -> StretchWriter:
        return StretchWriter(
            self._out, number, stretch, raw, self._options.keywords, removed=self._options.removed
        )

    def _forget_unnoted(self) -> None:
        """Delete files of stretches that are not noted; a stretch's own were renamed before it was."""
        noted = {name for stretch in self.stretches for name in stretch.files}
        for entry in self._out.iterdir():
            if entry.name.endswith(".tmp") or (entry.suffix == ".parquet" and entry.name not in noted):
                _delete(entry)

    def _save(self) -> None:
        content = {"job": self._job, "stretches": [asdict(stretch) for stretch in self.stretches]}
        replace_file(self._out / STRETCHES, json.dumps(content, ensure_ascii=False).encode())


def _identity(lists: Sequence[RawList], options: FilterOptions) -> str:
    told = {
        "lists": [raw.state for raw in lists],
        "keywords": list(_patterns(options).items()),
        "removed": options.removed,
        "stretch_rows": options.stretch_rows,
        "written_by": WRITTEN_BY,
    }
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _patterns(options: FilterOptions) -> Mapping[str, str]:
    return options.keywords.patterns if options.keywords else {}


def _check(out: Path, job: str, *, overwrite: bool) -> None:
    """Raise a UserError unless `out` is empty or holds this job's files; `overwrite` deletes another's."""
    names = [entry.name for entry in out.iterdir()]
    foreign = sorted(name for name in names if not _OWN.fullmatch(name.removesuffix(".tmp")))
    if foreign:
        raise UserError(
            f"{out} holds other things, such as {foreign[0]}.", "Give a new or empty folder with --out."
        )
    if overwrite:
        for name in sorted(names, key=lambda name: name != REPORT):
            if name != LOCK:
                _delete(out / name)
        return
    finished = read_report(out)
    begun = finished.job if finished else _begun(out)[0]
    if begun not in (None, job):
        raise UserError(
            f"{out} holds another filter run: other lists, keywords or options, or another version.",
            "Give another --out, or --overwrite.",
        )


def _begun(out: Path) -> tuple[str | None, list[Stretch]]:
    try:
        content = json.loads((out / STRETCHES).read_text("utf-8"))
        return content["job"], [Stretch(**stretch) for stretch in content["stretches"]]
    except FileNotFoundError:
        return None, []
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UserError(f"{out / STRETCHES} is damaged: {error!r}.", "Begin anew with --overwrite.") from None


def _noted(out: Path) -> list[Stretch]:
    """Stretches that an earlier run finished, up to the first of which a file is missing."""
    whole: list[Stretch] = []
    for stretch in _begun(out)[1]:
        if not all((out / name).is_file() for name in stretch.files):
            break
        whole.append(stretch)
    return whole


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _report(
    lists: Sequence[RawList], options: FilterOptions, job: str, stretches: Sequence[Stretch]
) -> Report:
    reports = []
    for place, raw in enumerate(lists):
        mine = [stretch for stretch in stretches if stretch.place == place]
        verdicts = _sum(stretch.verdicts for stretch in mine)
        reports.append(
            ListReport(
                file=str(raw.path),
                source=raw.source,
                url_column=raw.url_column,
                caption_column=raw.caption_column,
                counts=Counts(
                    rows=sum(stretch.rows for stretch in mine),
                    kept=verdicts.pop(scan.KEPT, 0),
                    removed=dict(sorted(verdicts.items())),
                ),
                first=_sum(stretch.keyword_first for stretch in mine),
                found=_sum(stretch.keyword_found for stretch in mine),
                malformed=[line for stretch in mine for line in stretch.malformed][:_SHOWN],
            )
        )
    return Report(job, _patterns(options), tuple(reports))


def _sum(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    return dict(sum((Counter(one) for one in counts), Counter[str]()))
