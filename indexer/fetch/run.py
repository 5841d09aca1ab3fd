"""A fetch run: the shards that are not there yet, then another try of what failed in an earlier run."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from indexer.build.output import working_in
from indexer.catalogue.finish import WRITTEN_BY, replace_file
from indexer.counting import Counting
from indexer.errors import UserError
from indexer.fetch.client import Client, opened
from indexer.fetch.plan import MOST_IN_A_SHARD, Plan, Row, key_of, open_plan
from indexer.fetch.reasons import may_pass
from indexer.fetch.settings import FetchSettings
from indexer.fetch.shards import (
    drop_superseded,
    read_sidecar,
    sidecar,
    sidecars,
    update_sidecars,
    write_shard,
)
from indexer.fetch.spool import Outcome, Spool
from indexer.lists.raw_list import Wanted

FETCH = "fetch.json"
HIDDEN = ".fetch"
_JOB = "job.json"
# While one shard waits for its slowest hosts, the next is begun.
_OPEN_SHARDS = 2


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """What a fetch run does.

    Attributes:
        settings: limits and manners.
        shard_size: addresses of one shard, at most 10,000.
        retry: what to try again of what an earlier run did not get: `transient` failures, `none` or `all`.
        wanted: columns and source of a raw list.
    """

    settings: FetchSettings = field(default_factory=FetchSettings)
    shard_size: int = MOST_IN_A_SHARD
    retry: Literal["transient", "none", "all"] = "transient"
    wanted: Wanted = field(default_factory=Wanted)

    def __post_init__(self) -> None:
        if not 1 <= self.shard_size <= MOST_IN_A_SHARD:
            raise UserError(
                f"A shard of {self.shard_size} addresses cannot be.", f"Give 1 to {MOST_IN_A_SHARD:,}."
            )


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What came of all addresses so far.

    Attributes:
        urls: addresses.
        images: those that an image came from.
        failed: the others by reason, the commonest first.
        sources: by source: `urls` and `images`.
        tried: addresses that were tried in this run.
        worth_retrying: failed addresses that may succeed in a later run.
    """

    urls: int
    images: int
    failed: dict[str, int]
    sources: dict[str, dict[str, int]]
    tried: int
    worth_retrying: int

    def to_json(self) -> dict[str, Any]:
        """As values of JSON."""
        return {
            "written_by": WRITTEN_BY,
            "urls": self.urls,
            "images": self.images,
            "failed": self.failed,
            "sources": self.sources,
            "tried": self.tried,
            "worth_retrying": self.worth_retrying,
        }


def fetch(
    given: Sequence[str], out: Path, options: FetchOptions | None = None, counting: Counting | None = None
) -> FetchReport:
    """Download images into shards.

    Writes shards `00000.tar`, ... (image, caption and facts of each, as img2dataset does), a file
    `00000.parquet` for each that tells what came of every address, `filter.json` and `fetch.json`. A run that
    was stopped is gone on with; what an earlier run finished is not asked for again, but for failures that
    may pass.

    Args:
        given: a folder that `rs5m filter` made, or raw lists.
        out: folder for the shards.
        options: how.
        counting: told how far it is.

    Raises:
        UserError: there is nothing to download, or `out` holds the shards of something else.
    """
    options, counting = options or FetchOptions(), counting or Counting()
    _check_folder(out)
    with working_in(out):
        plan = open_plan(given, out / HIDDEN / "list", options.wanted, counting)
        _check_job(out, plan, options)
        plan.report.save(out)
        run = _Run(out, plan, options, counting)
        try:
            asyncio.run(run.finish())
        except BaseExceptionGroup as group:
            raise _first(group) from None
        report = _report(out, run.tried)
        replace_file(out / FETCH, json.dumps(report.to_json(), indent=1).encode())
        return report


@dataclass(slots=True)
class _Batch:
    """Rows that become one shard.

    Attributes:
        shard: its number; None where it depends on what comes of the rows.
        rows: in the order of their keys.
        spool: what came of them so far.
        outcomes: the same, by key.
    """

    shard: int | None
    rows: list[Row]
    spool: Spool
    outcomes: dict[str, Outcome] = field(default_factory=dict)


class _Run:
    """One run; `tried` counts the addresses that it asked for."""

    def __init__(self, out: Path, plan: Plan, options: FetchOptions, counting: Counting) -> None:
        self._out = out
        self._plan = plan
        self._options = options
        self._counting = counting
        self._shards = -(-plan.total // options.shard_size)
        drop_superseded(out)
        self._again = list(_failed(out, options.retry))
        self._done = self._images = 0
        self.tried = 0

    async def finish(self) -> None:
        """Download what is left."""
        missing = [number for number in range(self._shards) if not sidecar(self._out, number).exists()]
        size = self._options.shard_size
        left = sum(min(size, self._plan.total - number * size) for number in missing) + len(self._again)
        self._done = self._plan.total - left
        self._counting.began("fetching", self._plan.total, self._done, "addresses")
        async with opened(self._options.settings) as client:
            await self._work_through(client, self._planned(missing), self._write)
            # After the rest: by then most of what was in the way has had time to pass.
            await self._work_through(client, self._retried(), self._write_again)
        Spool(self._out / HIDDEN / "retry").clear()

    def _planned(self, missing: Sequence[int]) -> Iterator[_Batch]:
        for number in missing:
            rows = self._plan.rows(number, self._options.shard_size)
            yield _Batch(number, rows, Spool(self._out / HIDDEN / f"{number:05d}"))

    def _retried(self) -> Iterator[_Batch]:
        size = self._options.shard_size
        for first in range(0, len(self._again), size):
            yield _Batch(None, self._again[first : first + size], Spool(self._out / HIDDEN / "retry"))

    async def _work_through(
        self, client: Client, batches: Iterator[_Batch], write: Callable[[_Batch], None]
    ) -> None:
        places = asyncio.Semaphore(_OPEN_SHARDS)
        writing = asyncio.Lock()

        async def work(batch: _Batch) -> None:
            try:
                async with asyncio.TaskGroup() as group:
                    for row in batch.rows:
                        group.create_task(self._fetch(client, row, batch))
                async with writing:
                    await asyncio.to_thread(write, batch)
            finally:
                places.release()

        async with asyncio.TaskGroup() as group:
            async for batch in _in_turn(batches, places):
                group.create_task(work(batch))

    async def _fetch(self, client: Client, row: Row, batch: _Batch) -> None:
        outcome = batch.spool.get(row.key)
        if outcome is None:
            fetched = await client.fetch(row.url)
            outcome = batch.spool.put(row.key, fetched)
            self.tried += 1
        batch.outcomes[row.key] = outcome
        self._done += 1
        self._images += outcome.sha256 is not None
        self._counting.reached(self._done, f"{self._images:,} images")

    def _write(self, batch: _Batch) -> None:
        assert batch.shard is not None  # noqa: S101 for the type checker
        write_shard(self._out, batch.shard, batch.rows, batch.outcomes, batch.spool)
        batch.spool.clear()

    def _write_again(self, batch: _Batch) -> None:
        """Images into a shard of their own; what failed again stays where it was."""
        got = [row for row in batch.rows if batch.outcomes[row.key].sha256 is not None]
        if got:
            number = max(self._shards, *(int(path.stem) + 1 for path in sidecars(self._out)))
            rows = [
                Row(key_of(number, place), row.url, row.caption, row.keyword, row.source, supersedes=row.key)
                for place, row in enumerate(got)
            ]
            write_shard(self._out, number, rows, batch.outcomes, batch.spool)
        gone = {row.key for row in got}
        changed = {key: outcome for key, outcome in batch.outcomes.items() if key not in gone}
        update_sidecars(self._out, gone, changed)
        batch.spool.forget(batch.outcomes)


async def _in_turn(batches: Iterator[_Batch], places: asyncio.Semaphore) -> AsyncIterator[_Batch]:
    """The batches, each once there is a place for it; whoever takes one gives the place back."""
    while True:
        await places.acquire()
        batch = await asyncio.to_thread(next, batches, None)
        if batch is None:
            places.release()
            return
        yield batch


def _failed(out: Path, retry: str) -> Iterator[Row]:
    """Rows that failed in an earlier run and are to be tried again."""
    if retry == "none":
        return
    for path in sidecars(out):
        for row in read_sidecar(path):
            if row["status"] != "success" and (retry == "all" or may_pass(row["reason"])):
                yield Row(row["key"], row["url"], row["caption"], row["keyword"], row["source"])


def _check_folder(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise UserError(f"{out} is a file.", "Give a folder with --out.")
    if out.is_dir() and not (out / HIDDEN / _JOB).exists():
        foreign = sorted(entry.name for entry in out.iterdir() if entry.name not in (HIDDEN, "run.lock"))
        if foreign:
            raise UserError(
                f"{out} holds other things, such as {foreign[0]}.", "Give a new or empty folder with --out."
            )


def _check_job(out: Path, plan: Plan, options: FetchOptions) -> None:
    """Raise a UserError if the folder was begun for other rows; note what it is begun for."""
    path = out / HIDDEN / _JOB
    job = {"rows": plan.report.job, "shard_size": options.shard_size}
    if path.exists():
        if json.loads(path.read_text("utf-8")) != job:
            raise UserError(
                f"{out} holds the shards of another list, or of another size.", "Give another --out."
            )
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, json.dumps(job).encode())


def _report(out: Path, tried: int) -> FetchReport:
    reasons: Counter[str] = Counter()
    sources: dict[str, Counter[str]] = {}
    for path in sidecars(out):
        for row in read_sidecar(path):
            of_source = sources.setdefault(row["source"], Counter(urls=0, images=0))
            of_source["urls"] += 1
            if row["status"] == "success":
                of_source["images"] += 1
            else:
                reasons[row["reason"]] += 1
    return FetchReport(
        urls=sum(of_source["urls"] for of_source in sources.values()),
        images=sum(of_source["images"] for of_source in sources.values()),
        failed=dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
        sources={name: dict(sources[name]) for name in sorted(sources)},
        tried=tried,
        worth_retrying=sum(count for reason, count in reasons.items() if may_pass(reason)),
    )


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    found = group.exceptions[0]
    return _first(found) if isinstance(found, BaseExceptionGroup) else found
