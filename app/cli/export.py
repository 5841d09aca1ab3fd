"""`rs5m export`: the CSV of the app, written to a file."""

from __future__ import annotations

import os
import shlex
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from app.cli.query_options import (
    AroundOption,
    BBoxOption,
    CatalogueArgument,
    ClassOption,
    CoordinatesOption,
    CountryOption,
    GroupOption,
    LikeOption,
    MinScoreOption,
    ModeOption,
    MonthOption,
    NearOption,
    OriginOption,
    PolygonOption,
    SortOption,
    SourceOption,
    StageOption,
    SubsetOption,
    TierOption,
    ZoneOption,
    query_of,
    vectors_of,
)
from app.licence import LICENCE_NOTE
from app.query.export import EXPORT_K, Form
from app.query.export import export as make
from indexer.catalogue import Catalogue
from indexer.errors import UserError


def export(
    catalogue: CatalogueArgument,
    out: Annotated[
        Path, typer.Option("-o", "--out", help="File to write: CSV, or GeoJSON where it ends in .geojson.")
    ],
    q: Annotated[str, typer.Option("--q", help="What to look for; all samples without it.")] = "",
    k: Annotated[
        int | None,
        typer.Option(
            "-k",
            min=1,
            help=f"Rows at most; a ranking has {EXPORT_K:,} and a list all without it.",
            show_default=False,
        ),
    ] = None,
    mode: ModeOption = None,
    like: LikeOption = None,
    min_score: MinScoreOption = None,
    group: GroupOption = False,
    sort: SortOption = None,
    subset: SubsetOption = None,
    source: SourceOption = None,
    class_: ClassOption = None,
    country: CountryOption = None,
    month: MonthOption = None,
    coordinates: CoordinatesOption = None,
    origin: OriginOption = None,
    stage: StageOption = None,
    bbox: BBoxOption = None,
    polygon: PolygonOption = None,
    near: NearOption = None,
    zone: ZoneOption = None,
    tier: TierOption = None,
    around: AroundOption = None,
) -> None:
    """Write samples of a catalogue as CSV: the same rows and bytes as /export.csv.

    UTF-8 with one header line; a text that a spreadsheet would run as a formula gets a leading apostrophe.
    A file named .geojson gets the samples with a point, as /export.geojson has them.
    """
    query = query_of(
        q=q,
        mode=mode,
        like=like,
        min_score=min_score,
        group=group,
        k=k,
        subset=subset,
        source=source,
        class_=class_,
        country=country,
        month=month,
        coordinates=coordinates,
        origin=origin,
        stage=stage,
        bbox=bbox,
        polygon=polygon,
        near=near,
        zone=zone,
        tier=tier,
        around=around,
        sort=sort,
    )
    with Catalogue.open(catalogue) as opened:
        form: Form = "geojson" if out.suffix.lower() == ".geojson" else "csv"
        made = make(opened, query, vectors_of(opened), form)
        write_whole(out, made.chunks)
    typer.echo(f"Licence: {LICENCE_NOTE}", err=True)
    typer.echo(f"Wrote {made.rows:,} rows to {out}. Next: rs5m serve {shlex.quote(str(catalogue))}")


def write_whole(path: Path, chunks: Iterable[bytes]) -> None:
    """Write `chunks` to `path` so that it is, whatever happens, either as before or whole.

    Raises:
        UserError: the file cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise UserError(
            f"{path} cannot be written: {error.strerror}.", "Name another file with -o."
        ) from None
    aside = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.writelines(chunks)
        aside.chmod(0o666 & ~_umask())
        aside.replace(path)
    except OSError as error:
        raise UserError(
            f"{path} cannot be written: {error.strerror}.", "Name another file with -o."
        ) from None
    finally:
        aside.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
