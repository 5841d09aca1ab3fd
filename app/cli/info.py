"""`rs5m info`: what a catalogue holds and how it was built."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from indexer.build import BuildOptions
from indexer.build.job import deciding_options
from indexer.catalogue import Catalogue
from indexer.catalogue.index_choice import explain
from indexer.catalogue.layout import BUILD
from indexer.catalogue.search_settings import SearchSettings


def info(
    catalogue: Annotated[Path, typer.Argument(metavar="CATALOGUE", help="Folder that `rs5m index` made.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Say what a catalogue holds and how it was built."""
    with Catalogue.open(catalogue) as opened:
        facts = _facts(opened)
    if as_json:
        typer.echo(json.dumps(facts, indent=2, ensure_ascii=False, default=str))
    else:
        _print(opened, facts)


def _facts(catalogue: Catalogue) -> dict[str, Any]:
    connection = catalogue.connect()
    manifest = catalogue.manifest
    removed = connection.execute(
        """
        SELECT stage, reason, sum(count)::BIGINT FROM stage_counts
        WHERE stage <> 'kept' GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    places = connection.execute(
        """
        SELECT geo_tier, sum(count)::BIGINT FROM facet_counts
        WHERE stage = 'kept' GROUP BY ALL ORDER BY 2 DESC, 1
        """
    ).fetchall()
    shards = connection.execute("SELECT kind, count(*) FROM shards GROUP BY ALL ORDER BY 1").fetchall()
    build = catalogue.path / BUILD
    return {
        **{name: value for name, value in asdict(manifest).items() if name != "hashes"},
        "removed": [{"stage": stage, "reason": reason, "count": count} for stage, reason, count in removed],
        "geo_tiers": dict(places),
        "shards": dict(shards),
        "sizes": {entry.name: _size(entry) for entry in sorted(catalogue.path.iterdir())},
        "hashes": manifest.hashes,
        "build": json.loads(build.read_text("utf-8")) if build.is_file() else None,
    }


def _size(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(inner.stat().st_size for inner in path.rglob("*") if inner.is_file())


def _print(catalogue: Catalogue, facts: dict[str, Any]) -> None:
    path = catalogue.path
    console = Console(highlight=False)
    encoder = facts["encoder"]
    head = Table.grid(padding=(0, 2))
    head.add_row("catalogue", f"{path} ({facts['catalogue_id']}, format {facts['version']})")
    head.add_row("samples", f"{facts['samples']:,}, kept {facts['kept']:,}, with vector {facts['vectors']:,}")
    head.add_row("encoder", f"{encoder['name']}, weights {encoder['weights_sha256'][:12]}")
    if facts["vectors"]:
        head.add_row("vector index", explain(facts["vectors"], encoder["dimension"]))
        head.add_row("searched with", _searched(catalogue.manifest.search))
    head.add_row("places", _counts(facts["geo_tiers"]))
    head.add_row("shards", _counts(facts["shards"]))
    head.add_row("stages", ", ".join(facts["stages"]))
    head.add_row("inputs", "\n".join(facts["inputs"]))
    head.add_row("options", "\n".join(_chosen(facts["options"])))
    head.add_row("size", f"{sum(facts['sizes'].values()) / 1e6:,.1f} MB")
    if facts["build"]:
        build = facts["build"]
        head.add_row("built", f"{build['started']}, encoding took {build['encoding_seconds']:,.0f} s")
        head.add_row("put together", _steps(build.get("steps", [])))
    console.print(head)

    sources = Table("source", "subset", title="Sources", title_justify="left")
    sources.add_column("samples", justify="right")
    sources.add_column("kept", justify="right")
    for count in facts["sources"]:
        sources.add_row(count["source"], count["subset"], f"{count['samples']:,}", f"{count['kept']:,}")
    console.print(sources)
    if facts["removed"]:
        removed = Table("stage", "reason", title="Removed", title_justify="left")
        removed.add_column("samples", justify="right")
        for row in facts["removed"]:
            removed.add_row(row["stage"], row["reason"], f"{row['count']:,}")
        console.print(removed)
    for join in facts["joins"]:
        console.print(
            f"{join['file']}: {join['joined']:,} of {join['rows']:,} rows joined, {join['not_joined']:,} not"
        )
    console.print(f"Next: rs5m serve {path}")


def _searched(settings: SearchSettings) -> str:
    """What a search without a narrow filter does, and what it was measured to find."""
    point = settings.chosen
    if point is None:
        return "every vector, exactly"
    return (
        f"{point.probes:,} lists at first, {point.scanned:.1%} of the vectors on average, "
        f"{point.rescored:,.0f} compared exactly: "
        f"recall@10 {point.recall_10:.3f}, recall@100 {point.recall_100:.3f} of {settings.queries:,} queries"
    )


def _steps(steps: list[dict[str, Any]]) -> str:
    """Seconds of each step, and the most memory that was resident until its end."""
    return "\n".join(
        f"{step['step']} {step['seconds']:,.1f} s, memory up to {step['peak_mb']:,} MB" for step in steps
    )


def _chosen(options: dict[str, Any]) -> list[str]:
    """Options that are not at their default; stages and joins are shown elsewhere."""
    usual = deciding_options(BuildOptions()) | {name: options.get(name) for name in ("stages", "joins")}
    return [f"{name} {value}" for name, value in options.items() if value != usual.get(name)]


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())
