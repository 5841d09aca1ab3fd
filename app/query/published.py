"""RS5M's published filter counts (Zhang et al., "RS5M and GeoRSCLIP", arXiv 2306.11300, TGRS 2024).

The removed samples were never published, only these counts: a reference to hold one's own catalogue against.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """One source of PUB11.

    Attributes:
        source: as the table writes it.
        amount: size of the source, as published ("2.3B").
        keyword: captions that hold a remote-sensing keyword.
        download: images that could be fetched.
        invalid: removed: cannot be opened, or zero bytes.
        duplicate: removed: same URL, or near-duplicate picture.
        outlier: removed: by VLM score or remote-sensing detector.
        remain: kept.
    """

    source: str
    amount: str
    keyword: int
    download: int
    invalid: int
    duplicate: int
    outlier: int
    remain: int


@dataclass(frozen=True, slots=True)
class PublishedSet:
    """One source of RS3; taken whole, its captions written by a model."""

    source: str
    samples: int


PUB11: tuple[PublishedRow, ...] = (
    PublishedRow("LAION2B", "2.3B", 1_980_978, 1_737_584, 102, 343_017, 333_686, 1_060_779),
    PublishedRow("COYO700M", "746M", 680_089, 566_076, 28, 245_650, 94_329, 226_069),
    PublishedRow("LAIONCOCO", "662M", 3_014_283, 2_549_738, 80, 417_689, 527_941, 1_604_028),
    PublishedRow("LAION400M", "413M", 286_102, 241_324, 25, 141_658, 23_860, 75_781),
    PublishedRow("WIT", "37M", 98_540, 93_754, 0, 74_081, 9_299, 10_374),
    PublishedRow("YFCC15M", "15M", 27_166, 25_020, 0, 265, 15_126, 9_629),
    PublishedRow("CC12M", "12M", 18_892, 16_234, 0, 1_870, 4_330, 10_034),
    PublishedRow("Redcaps", "12M", 2_842, 2_686, 0, 228, 972, 1_486),
    PublishedRow("CC3M", "3.3M", 12_563, 11_718, 1, 328, 1_817, 9_572),
    PublishedRow("SBU", "1M", 102, 91, 0, 4, 36, 51),
    PublishedRow("VG", "0.1M", 26, 26, 0, 0, 20, 6),
)

PUB11_TOTAL = PublishedRow("Total", "4.2B", 6_121_583, 5_244_251, 236, 1_224_790, 1_011_416, 3_007_809)

RS3: tuple[PublishedSet, ...] = (
    PublishedSet("FMoW", 727_144),
    PublishedSet("BigEarthNet", 344_385),
    PublishedSet("MillionAID", 990_848),
)

RS3_TOTAL = 2_062_377
RS5M_TOTAL = 5_070_186
