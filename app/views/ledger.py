"""The ledger entry of a sample, in sentences."""

from __future__ import annotations

from dataclasses import dataclass

from app.query import Sample
from app.query.cells import Cell
from app.query.samples import Row
from indexer.catalogue.schema import KEPT


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, and what it points to."""

    text: str
    url: str | None = None
    link: str = ""


def ledger_sentences(sample: Sample) -> list[Sentence]:
    """What became of `sample` in the filter pipeline and why; remarks last."""
    entry = sample.ledger
    if not entry:
        return [Sentence("The ledger has no entry for this sample.")]
    first = _kept(entry) if entry["stage"] == KEPT else _removed(entry)
    return [*first, *(Sentence(f"Remark: {note}") for note in entry["notes"] or ())]


def _kept(entry: Row) -> list[Sentence]:
    sentences = [Sentence("Kept: no stage removed it.")]
    if entry["keyword"]:
        sentences.append(Sentence(f'The keyword stage matched "{entry["keyword"]}".'))
    if entry["detail"]:
        sentences.append(Sentence(entry["detail"]))
    return sentences


def _removed(entry: Row) -> list[Sentence]:
    reason = str(entry["reason"] or "no reason given").replace("_", " ")
    cell = Cell(stage=entry["stage"], reason=entry["reason"]).url()
    sentences = [Sentence(f"Removed by the {entry['stage']} stage: {reason}.", cell, "Others like that.")]
    if entry["detail"]:
        sentences.append(Sentence(entry["detail"]))
    if entry["score"] is not None:
        held = f", held against {entry['threshold']:.4g}" if entry["threshold"] is not None else ""
        sentences.append(Sentence(f"The stage measured {entry['score']:.4g}{held}."))
    if entry["keeper"] is not None:
        keeper = entry["keeper"]
        sentences.append(Sentence("The copy that was kept is", f"/samples/{keeper}", f"sample {keeper}."))
    if entry["cluster"] is not None:
        there = Cell(cluster=int(entry["cluster"])).url()
        sentences.append(Sentence("All copies are in", there, f"cluster {entry['cluster']}."))
    return sentences
