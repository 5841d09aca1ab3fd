"""The whole demo world decided before a pixel is drawn: which sample is of which source, kind and fault."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from indexer.demo.chance import pick, stream
from indexer.demo.faults import DUPLICATES, OFF_TOPIC, SHARES
from indexer.demo.places import places_for
from indexer.demo.quotas import PUBLISHED, quotas
from indexer.demo.scenes import OFF_TOPIC as OFF_TOPIC_KINDS
from indexer.demo.scenes import SCENES
from indexer.demo.vocabulary import VOCABULARY
from indexer.names import PUB11

VALIDATION_SHARE = 0.05
_ORDER, _KINDS, _FAULTS, _NAME = range(4)


@dataclass(frozen=True, slots=True)
class Planned:
    """One sample to be.

    Attributes:
        index: number in the world, dense from 0; every random choice of the sample follows from it.
        name: image name in RS5M's fashion, which tells the source.
        source: one of RS5M's fourteen.
        subset: PUB11 or RS3.
        split: `train` or `val`.
        kind: what the picture shows: a scene, or an off-topic kind.
        label: FMoW's class label; None for other sources.
        fault: what is wrong with it, or None.
        of: for a duplicate, the index of the sample whose picture it shows.
    """

    index: int
    name: str
    source: str
    subset: str
    split: str
    kind: str
    label: str | None = None
    fault: str | None = None
    of: int | None = None

    @property
    def picture(self) -> int:
        """Index of the sample whose picture this is: its own, or a duplicate's original."""
        return self.index if self.of is None else self.of


def plan_world(samples: int, seed: int) -> list[Planned]:
    """Decide the whole world: PUB11 first, each subset's training split before its validation split."""
    rng = stream(seed, _ORDER)
    sources = [source for source, count in quotas(samples).items() for _ in range(count)]
    sources = [sources[int(at)] for at in rng.permutation(len(sources))]
    sources.sort(key=lambda source: PUBLISHED[source][0])
    splits = _splits([PUBLISHED[source][0] for source in sources])
    kinds = _kinds(sources, stream(seed, _KINDS))
    clean = [
        _named(index, source, split, kind, stream(seed, _NAME, index))
        for index, (source, split, kind) in enumerate(zip(sources, splits, kinds, strict=True))
    ]
    return _with_faults(clean, stream(seed, _FAULTS))


def _splits(subsets: list[str]) -> list[str]:
    splits: list[str] = []
    for subset in sorted(set(subsets)):
        count = subsets.count(subset)
        validation = int(count * VALIDATION_SHARE)
        splits += ["train"] * (count - validation) + ["val"] * validation
    return splits


def _eligible(source: str) -> list[str]:
    """Kinds a source can show: FMoW and BigEarthNet have classes, and BigEarthNet ten countries."""
    if source == "FMoW":
        return [kind for kind in SCENES if VOCABULARY[kind].fmow]
    if source == "BigEarthNet":
        return [
            kind
            for kind, known in SCENES.items()
            if VOCABULARY[kind].ben and places_for(kind, known.climates, in_bigearthnet=True)
        ]
    return list(SCENES)


def _kinds(sources: list[str], rng: np.random.Generator) -> list[str]:
    """A kind per sample, all about equally often: sources that cannot show every kind choose first."""
    eligible = {source: _eligible(source) for source in set(sources)}
    used = dict.fromkeys(SCENES, 0)
    chosen = [""] * len(sources)
    shuffled = [int(at) for at in rng.permutation(len(sources))]
    for at in sorted(shuffled, key=lambda at: len(eligible[sources[at]])):
        among = eligible[sources[at]]
        fewest = min(used[kind] for kind in among)
        chosen[at] = pick(rng, [kind for kind in among if used[kind] <= fewest + 2])
        used[chosen[at]] += 1
    return chosen


def _named(index: int, source: str, split: str, kind: str, rng: np.random.Generator) -> Planned:
    label = pick(rng, VOCABULARY[kind].fmow) if source == "FMoW" else None
    block, number = int(rng.integers(128)), int(rng.integers(16, 256))
    forms = {
        "FMoW": f"fmow_{label}_{index}_{block % 12}_{pick(rng, ('rgb', 'msrgb'))}.jpg",
        "BigEarthNet": f"ben_{index * 37 + number % 37}.jpg",
        "MillionAID": f"millionaid_P{index * 131 + number % 131:07d}.jpg",
        "YFCC15M": f"yfcc15m_{index * 65537 + number:012x}.jpg",
    }
    name = forms.get(source, f"{source.lower()}_{block}_{index * 16 + number % 16}.jpg")
    return Planned(index, name, source, PUBLISHED[source][0], split, kind, label)


def _with_faults(clean: list[Planned], rng: np.random.Generator) -> list[Planned]:
    web = [sample.index for sample in clean if sample.subset == PUB11]
    order = [web[int(at)] for at in rng.permutation(len(web))]
    planned = list(clean)
    taken = 0
    for fault, share in SHARES.items():
        count = max(1, round(share * len(web))) if len(web) >= 100 else 0
        for index in order[taken : taken + count]:
            planned[index] = replace(clean[index], fault=fault)
        taken += count
    originals = order[taken:]
    used = iter(originals)
    for index in order[:taken]:
        sample = planned[index]
        if sample.fault in DUPLICATES:
            original = next(used)
            planned[index] = replace(sample, of=original, kind=clean[original].kind)
        elif sample.fault == OFF_TOPIC:
            planned[index] = replace(sample, kind=pick(rng, tuple(OFF_TOPIC_KINDS)))
    return planned
