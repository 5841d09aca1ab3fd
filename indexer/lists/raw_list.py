"""A raw list on disk, and where in it address and caption stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from indexer.errors import UserError

# In the order in which they are tried. LAION-COCO's `TEXT` is LAION's, its own caption is `top_caption`.
URL_COLUMNS = ("url", "image_url", "img_url", "imageurl", "image url", "photo_url", "link")
CAPTION_COLUMNS = (
    "caption",
    "top_caption",
    "text",
    "alt_text",
    "alt",
    "caption_reference_description",
    "raw_caption",
    "title",
    "description",
)


@dataclass(frozen=True, slots=True)
class RawList:
    """One list of address and caption.

    Attributes:
        path: the file.
        kind: its format.
        source: dataset the pairs are from.
        url_column: column that holds the address.
        caption_column: column that holds the caption.
        sql: a DuckDB query with the columns `url` and `caption`, one row a row of the list in its order; with
            a further column `malformed` where a row may turn out to be none.
        estimate: about how many rows it has.
        rows: number of rows, where the file tells it.
        rejects: whether DuckDB notes rows that it cannot read in the table `reject_errors`.
        lenient_sql: a query that also reads what `sql` gives up at, and lets pass what `sql` would note.
    """

    path: Path
    kind: Literal["parquet", "csv", "jsonl"]
    source: str
    url_column: str
    caption_column: str
    sql: str
    estimate: int
    rows: int | None = None
    rejects: bool = False
    lenient_sql: str | None = None

    @property
    def state(self) -> list[object]:
        """What changes when the list, or the way it is read, does."""
        stat = self.path.stat()
        return [str(self.path), stat.st_size, stat.st_mtime_ns, self.source, self.sql]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person says about the lists.

    Attributes:
        url_column: column that holds the address, where no usual name tells.
        caption_column: column that holds the caption.
        source: dataset name, where the path does not tell.
    """

    url_column: str | None = None
    caption_column: str | None = None
    source: str | None = None

    def columns(self, path: Path, present: Sequence[str]) -> tuple[str, str]:
        """The columns of address and caption among those present.

        Raises:
            UserError: one is not there, or not known by name.
        """
        url = _column(path, present, self.url_column, URL_COLUMNS, "an address", "--url-column")
        caption = _column(
            path,
            [name for name in present if name != url],
            self.caption_column,
            CAPTION_COLUMNS,
            "a caption",
            "--caption-column",
        )
        return url, caption


def known(present: Iterable[str]) -> bool:
    """Whether these look like the names of a list's columns."""
    lower = {name.strip().lower() for name in present}
    return bool(lower & set(URL_COLUMNS)) and bool(lower & set(CAPTION_COLUMNS))


def _column(
    path: Path, present: Sequence[str], wanted: str | None, usual: Sequence[str], what: str, option: str
) -> str:
    if wanted is not None:
        if wanted in present:
            return wanted
        raise UserError(f"{path} has no column '{wanted}'.", f"Its columns are {_shown(present)}.")
    by_name = {name.strip().lower(): name for name in reversed(present)}
    for name in usual:
        if name in by_name:
            return by_name[name]
    raise UserError(
        f"{path} has no column known to hold {what}; it has {_shown(present)}.", f"Name it with {option}."
    )


def _shown(names: Sequence[str]) -> str:
    return ", ".join(names)[:300] or "none"
