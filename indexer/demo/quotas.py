"""How many samples each of RS5M's fourteen sources gets."""

from __future__ import annotations

from indexer.names import PUB11, RS3

PUBLISHED: dict[str, tuple[str, int]] = {
    "LAION2B": (PUB11, 1_060_779),
    "COYO700M": (PUB11, 226_069),
    "LAIONCOCO": (PUB11, 1_604_028),
    "LAION400M": (PUB11, 75_781),
    "WIT": (PUB11, 10_374),
    "YFCC15M": (PUB11, 9_629),
    "CC12M": (PUB11, 10_034),
    "Redcaps": (PUB11, 1_486),
    "CC3M": (PUB11, 9_572),
    "SBU": (PUB11, 51),
    "VG": (PUB11, 6),
    "FMoW": (RS3, 727_144),
    "BigEarthNet": (RS3, 344_385),
    "MillionAID": (RS3, 990_848),
}
"""Source -> subset and number of pairs in RS5M (Zhang et al., IEEE TGRS 2024, tables of PUB11 and RS3)."""


def quotas(samples: int) -> dict[str, int]:
    """Samples per source: as in RS5M, but a few of every source once there are 500 samples or more.

    The sum is `samples`; rounding follows the largest remainders.
    """
    floor = min(6, samples // 100)
    shared = samples - floor * len(PUBLISHED)
    total = sum(count for _, count in PUBLISHED.values())
    exact = {source: shared * count / total for source, (_, count) in PUBLISHED.items()}
    given = {source: floor + int(share) for source, share in exact.items()}
    by_remainder = sorted(exact, key=lambda source: (int(exact[source]) - exact[source], source))
    for source in by_remainder[: samples - sum(given.values())]:
        given[source] += 1
    return given
