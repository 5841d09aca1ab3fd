"""How fast and how well places are found in captions: `python -m benchmarks.places ../shared/data`.

Captions are RS5M's own, of `rs5m/rs3_dump.csv`. Those of FMoW say in template sentences where the image was
taken, which `indexer.captions` takes apart; the text of the caption is searched as any other, and what is
found is compared with that:

- the country that the best place lies in, with the country of the sentence;
- the name of the best city, as written or as the gazetteer has it, with the city of the sentence: of all of
  them, and of those without a letter that was lost (`?`), which no gazetteer can know.

A caption counts once: right, wrong, or nothing found. Precision is right / (right + wrong), recall is
right / all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.command import number, parser, run, say, show
from benchmarks.timing import machine, timed
from indexer.captions import split_caption
from indexer.errors import UserError
from indexer.gazetteer.find import Mention, by_specificity, find_places
from indexer.gazetteer.gazetteer import SMALLEST, Gazetteer, open_gazetteer
from indexer.gazetteer.place import CITY, COUNTRY
from indexer.gazetteer.query import find_place_in_query
from indexer.gazetteer.run import SMALLEST_CITY
from indexer.gazetteer.sources import packages
from indexer.names import source_of
from indexer.sources import find_shards

DUMP = "rs5m/rs3_dump.csv"
_FMOW = "FMoW"
_LOST = ("?", "\N{REPLACEMENT CHARACTER}")
_SHOWN = 12
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption and what its sentences say; `country` and `city` are None where they do not."""

    text: str
    source: str
    country: str | None
    city: str | None


@dataclass(slots=True)
class Score:
    """Captions by what became of them."""

    right: int = 0
    wrong: int = 0
    nothing: int = 0

    @property
    def all(self) -> int:
        """All of them."""
        return self.right + self.wrong + self.nothing

    @property
    def precision(self) -> float:
        """Right among those where something was found; 0 where nothing was."""
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        """Right among all; 0 without captions."""
        return self.right / max(self.all, 1)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    made = parser(__doc__, catalogue=False)
    made.add_argument("data", type=Path, metavar="DATA", help=f"folder that holds {DUMP}")
    made.add_argument("--smallest", type=int, default=SMALLEST_CITY, help="inhabitants of the smallest city")
    asked = made.parse_args(arguments)
    captions = read_captions(asked.data / DUMP)
    first_query = timed(lambda: find_place_in_query("harbours in Houston"))
    loading: list[Gazetteer] = []
    seconds = timed(lambda: loading.append(open_gazetteer(asked.smallest))) / 1000
    gazetteer = loading[0]
    speed(captions, gazetteer)
    quality([caption for caption in captions if caption.source == _FMOW], gazetteer)
    others = [caption.text for caption in captions if caption.source != _FMOW]
    named = sum(bool(find_places(text, gazetteer)) for text in others)
    say(f"Of {len(others):,} other captions, whose metadata gives no place, {named:,} are said to name one")
    say(
        f"{packages()}; {len(gazetteer.names):,} names, cities of {asked.smallest:,} inhabitants and more, "
        f"loaded in {seconds:.1f} s"
    )
    say(
        f"The first query of a search box, which loads cities of {SMALLEST:,} and more, took "
        f"{first_query:,.0f} ms"
    )


def read_captions(path: Path) -> list[Caption]:
    """The captions of a dump.

    Raises:
        UserError: it is not there.
    """
    if not path.is_file():
        raise UserError(f"{path} is not there.", "Give the folder that holds RS5M's sample data.")
    return [
        Caption(
            sample.caption,
            (source_of(sample.name) or ("unknown", ""))[0],
            said.get("country"),  # type: ignore[arg-type]
            said.get("city"),  # type: ignore[arg-type]
        )
        for shard in find_shards([str(path)])
        for sample in shard.read()
        if sample.caption
        for said in (split_caption(sample.caption).columns,)
    ]


def speed(captions: Sequence[Caption], gazetteer: Gazetteer) -> None:
    """Print captions a second, on one core, by source; each is read once before it is timed."""
    rows = []
    for source in ("all", *sorted({caption.source for caption in captions})):
        texts = [caption.text for caption in captions if source in ("all", caption.source)]
        search(texts, gazetteer)
        milliseconds = min(timed(partial(search, texts, gazetteer)) for _ in range(_ROUNDS))
        length, rate = sum(map(len, texts)) / len(texts), len(texts) / milliseconds * 1000
        rows.append([source, f"{len(texts):,}", number(length), number(rate)])
    headings = ["captions", "number", "characters each", "captions/s"]
    show(f"Speed; {machine()}", headings, rows, f"best of {_ROUNDS}, one core")


def search(texts: Iterable[str], gazetteer: Gazetteer) -> int:
    """Search every text; returns the number of places."""
    return sum(len(find_places(text, gazetteer)) for text in texts)


def quality(captions: Sequence[Caption], gazetteer: Gazetteer) -> None:
    """Print precision and recall of country and city, and examples of what was wrong."""
    scores = {"country": Score(), "city": Score(), "city, no letter lost": Score()}
    wrong = []
    for caption in captions:
        found = by_specificity(find_places(caption.text, gazetteer))
        for name, right in judged(caption, found, gazetteer):
            score = scores[name]
            score.right += right is True
            score.wrong += right is False
            score.nothing += right is None
            if name == "country" and right is False:
                wrong.append(
                    f"{caption.city}, {caption.country}: {found[0].place.name}, {found[0].place.country_code}"
                )
    show(
        f"Against the sentences of {len(captions):,} captions of FMoW",
        ["", "captions", "right", "wrong", "nothing found", "precision", "recall"],
        [
            [
                name,
                *(f"{count:,}" for count in (score.all, score.right, score.wrong, score.nothing)),
                f"{score.precision:.4f}",
                f"{score.recall:.4f}",
            ]
            for name, score in scores.items()
        ],
    )
    say(f"Wrong countries, the first {_SHOWN} of {len(wrong)}: {'; '.join(wrong[:_SHOWN])}")


def judged(
    caption: Caption, found: Sequence[Mention], gazetteer: Gazetteer
) -> Iterator[tuple[str, bool | None]]:
    """For each thing that the sentences say whether it was found: None where nothing was."""
    if caption.country:
        code = country_code(caption.country, gazetteer)
        yield "country", found[0].place.country_code == code if found else None
    if caption.city:
        best = next((mention for mention in found if mention.place.kind == CITY), None)
        right = None if best is None else caption.city in (best.text, best.place.name)
        yield "city", right
        if not any(mark in caption.city for mark in _LOST):
            yield "city, no letter lost", right


def country_code(name: str, gazetteer: Gazetteer) -> str | None:
    """The code of the country that a sentence names; None where the gazetteer has no such country."""
    found = gazetteer.candidates(name)
    return next((one.place.country_code for one in found if one.place.kind == COUNTRY), None)


if __name__ == "__main__":
    run(main)
