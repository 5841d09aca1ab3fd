"""The funnel as a table for a paper: CSV, Markdown or LaTeX."""

from __future__ import annotations

from typing import Literal

from app.query.csv_text import csv_bytes, guarded
from app.query.export import CSV, Export
from app.query.funnel import Funnel, FunnelRow
from indexer.catalogue import Catalogue

Form = Literal["csv", "md", "tex"]
FORMS: tuple[Form, ...] = ("csv", "md", "tex")
HEADINGS = (
    "Source",
    "Subset",
    "Amount",
    "After keywords",
    "Downloaded",
    "Invalid",
    "Duplicate",
    "Outlier (VLM)",
    "Outlier (detector)",
    "Remain",
)
_TEXTS = 2
_DASH = {"csv": "", "md": "-", "tex": "--"}
_MEDIA_TYPES = {"csv": CSV, "md": "text/markdown; charset=utf-8", "tex": "application/x-tex; charset=utf-8"}
_MARKDOWN = {mark: f"\\{mark}" for mark in "\\`*_{}[]<>()#+-.!|~"} | {"\n": " ", "\r": " "}
_LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "\n": " ",
    "\r": " ",
    **{mark: f"\\{mark}" for mark in "&%$#_{}"},
}


def export_funnel(catalogue: Catalogue, funnel: Funnel, form: Form = "csv") -> Export:
    """`funnel` in RS5M's columns, the total last; what did not run is a dash, and empty in CSV."""
    identity = catalogue.manifest.catalogue_id
    write = {"csv": _csv, "md": _markdown, "tex": _latex}[form]
    filename = f"rs5m-funnel-{identity}.{form}"
    return Export(len(funnel.rows) + 1, filename, iter([write(funnel, identity)]), _MEDIA_TYPES[form])


def _headings(funnel: Funnel) -> tuple[str, ...]:
    return (*HEADINGS[:-1], "Other stages", HEADINGS[-1]) if funnel.total.other else HEADINGS


def _rows(funnel: Funnel) -> list[tuple[str | int | None, ...]]:
    return [
        *(_cells(funnel, row, row.source or "unknown") for row in funnel.rows),
        _cells(funnel, funnel.total, "Total"),
    ]


def _cells(funnel: Funnel, row: FunnelRow, source: str) -> tuple[str | int | None, ...]:
    other = (row.other,) if funnel.total.other else ()
    counts = (row.amount, row.keyword, row.download, row.invalid, row.duplicate, row.vlm, row.detector)
    return (source, row.subset or "", *counts, *other, row.remain)


def _csv(funnel: Funnel, identity: str) -> bytes:
    rows = [
        tuple(guarded(cell) if isinstance(cell, str) else _number(cell, "csv", "") for cell in row)
        for row in _rows(funnel)
    ]
    return b"".join(csv_bytes(_headings(funnel), [rows]))


def _markdown(funnel: Funnel, identity: str) -> bytes:
    def line(cells: list[str]) -> str:
        return f"| {' | '.join(cells)} |"

    headings = _headings(funnel)
    rule = ["---"] * _TEXTS + ["---:"] * (len(headings) - _TEXTS)
    body = [
        line(
            [_escaped(cell, _MARKDOWN) if isinstance(cell, str) else _number(cell, "md", ",") for cell in row]
        )
        for row in _rows(funnel)
    ]
    return "\n".join([line(list(headings)), line(rule), *body, "", f"{_caption(identity)}", ""]).encode()


def _latex(funnel: Funnel, identity: str) -> bytes:
    headings = _headings(funnel)
    *rows, total = (
        " & ".join(
            _escaped(cell, _LATEX) if isinstance(cell, str) else _number(cell, "tex", "{,}") for cell in row
        )
        + r" \\"
        for row in _rows(funnel)
    )
    lines = [
        r"\begin{table}",
        r"\centering",
        rf"\caption{{{_caption(identity)}}}",
        rf"\begin{{tabular}}{{{'l' * _TEXTS}{'r' * (len(headings) - _TEXTS)}}}",
        r"\hline",
        " & ".join(headings) + r" \\",
        r"\hline",
        *rows,
        r"\hline",
        total,
        r"\hline",
        r"\end{tabular}",
        r"\end{table}",
        "",
    ]
    return "\n".join(lines).encode()


def _caption(identity: str) -> str:
    return f"Image-text pairs left or removed by each stage. Catalogue {identity}."


def _number(count: int | str | None, form: Form, separator: str) -> str:
    return _DASH[form] if count is None else f"{count:,}".replace(",", separator)


def _escaped(text: str, marks: dict[str, str]) -> str:
    return "".join(marks.get(mark, mark) for mark in text)
