"""What is said of samples by UTM zone: how many there are, and how their letters are read."""

from __future__ import annotations

from app.query.zones import ZoneCounts
from app.views.text import counted, printable, sentence


def counted_words(counts: ZoneCounts) -> str:
    """`5,193 of 10,000 samples have a UTM zone - 1,724 of these without a band - 4,807 have none`."""
    if not counts.matching:
        return "No sample matches the filters"
    halves = sum(part.samples for part in counts.halves)
    of = f"{counts.located:,} of " if counts.without else ""
    return sentence(
        [
            f"{of}{counted(counts.matching, 'sample')} {_have(counts.located)} a UTM zone",
            f"{halves:,} of these without a band" if halves else None,
            f"{counts.without:,} {_have(counts.without)} none" if counts.without else None,
        ]
    )


def reading_words(counts: ZoneCounts) -> list[str]:
    """How the letter behind a zone's number is read, where sources write two things; sentences."""
    moved = sum(counts.half_sources.values())
    if not moved:
        return []
    sources = ", ".join(f"{printable(name)} {samples:,}" for name, samples in counts.half_sources.items())
    if counts.reading == "hemisphere":
        return [
            f"Of {counted(moved, 'sample')} ({sources}) zone and hemisphere are known, but no band: they "
            "have a row beside the grid, and the dashed halves of zones are where they lie.",
        ]
    return [
        f"As RS5M's own plot reads them: the letter of {counted(moved, 'sample')} ({sources}) is a "
        "hemisphere, but taken for a band. N of 34N is drawn at 0 to 8° north, S of 34S at 32 to 40° north.",
        f"So {moved:,} of {counted(counts.located, 'sample')} with a UTM zone stand in a band that their "
        f"source does not name; these cells are outlined.{_bigearthnet(counts)}",
    ]


def _bigearthnet(counts: ZoneCounts) -> str:
    """BigEarthNet's patches are of ten countries from Portugal to Finland (arXiv:1902.06148)."""
    samples = counts.half_sources.get("BigEarthNet")
    if not samples:
        return ""
    return (
        f" BigEarthNet lies between Portugal and Finland, 36 to 70° north: all its {samples:,} are misplaced."
    )


def _have(number: int) -> str:
    return "has" if number == 1 else "have"
