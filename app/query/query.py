"""The URL as one frozen value: parsed once, shared by every route, and turned into a URL again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Self
from urllib.parse import urlencode

from app.query.filters import Filters, field_of
from app.query.geo import BBox
from app.query.parameters import COLOUR, PARAMETERS
from indexer.catalogue.facets import FACETS
from indexer.catalogue.orders import DEFAULT_SORT, SORTS
from indexer.catalogue.schema import KEPT
from indexer.errors import UserError

Mode = Literal["image", "caption"]
Colour = Literal["count", "similarity"]
MODES: tuple[Mode, ...] = ("image", "caption")
COLOURS: tuple[Colour, ...] = ("count", "similarity")
MAX_Q_CHARS = 1_000
MAX_ID = 2**62
MAX_LIKE = 100
LARGEST_PAGE = 1_000
DEFAULT_PAGE = 50


@dataclass(frozen=True, slots=True)
class Chip:
    """An active condition, shown with a cross that removes it.

    Attributes:
        name: URL parameter.
        label: what the condition is about ("Source").
        value: what it asks for ("FMoW").
        without: the query with the condition removed, on its first page.
    """

    name: str
    label: str
    value: str
    without: Query


@dataclass(frozen=True, slots=True)
class Query:
    """What a URL asks for.

    Attributes:
        q: text looked for; empty for none.
        mode: rank pictures by meaning or captions by words; None leaves the choice to the catalogue.
        like: ids of samples that results should be like; of several, like their mean.
        image: hash of an uploaded query image.
        around: box that results should be like: like the mean of what lies in it.
        colour: what a map's colours tell: numbers, or likeness to what is asked for.
        k: number of results; None for the route's own number.
        filters: what every result satisfies.
        sort: order of a list, or of captions found by words instead of by relevance; one of `SORTS`.
        min_score: least cosine of a result; says nothing to a list or of words.
        group: whether near-duplicates in a ranking by cosine are gathered behind the best of them.
        cursor: place after which this page begins, as an answer's `next_cursor` gave it.
    """

    q: str = ""
    mode: Mode | None = None
    like: tuple[int, ...] = ()
    image: str | None = None
    k: int | None = None
    filters: Filters = field(default_factory=Filters)
    sort: str = DEFAULT_SORT
    cursor: str | None = None
    min_score: float | None = None
    group: bool = False
    around: BBox | None = None
    colour: Colour = "count"

    @classmethod
    def from_params(cls, params: Mapping[str, Sequence[str]] | Iterable[tuple[str, str]]) -> Self:
        """Parse query-string pairs; names that are no parameter of a query are left to the page.

        Raises:
            UserError: a value that cannot be a value of its parameter, or two things to rank by.
        """
        grouped = params if isinstance(params, Mapping) else _group(params)
        values = {item.name: _single(grouped, item.name) for item in PARAMETERS if not item.many}
        q = (values["q"] or "").strip()
        if len(q) > MAX_Q_CHARS:
            raise UserError(f"q has {len(q)} characters.", f"At most {MAX_Q_CHARS} are allowed.")
        like = _ids("like", grouped.get("like", ()))
        if sum(bool(value) for value in (q, like, values["image"], values["around"])) > 1:
            raise UserError("q, like, image and around each rank the results.", "Give one of them.")
        colour = _single(grouped, COLOUR.name) or "count"
        if colour not in COLOURS:
            raise UserError(f"colour={colour!r} is unknown.", f"Choose {' or '.join(COLOURS)}.")
        mode, sort, image = values["mode"], values["sort"] or DEFAULT_SORT, values["image"]
        if mode is not None and mode not in MODES:
            raise UserError(f"mode={mode!r} is unknown.", f"Choose {' or '.join(MODES)}.")
        if sort not in SORTS:
            raise UserError(f"sort={sort!r} is unknown.", f"Choose one of {', '.join(SORTS)}.")
        if image is not None and not re.fullmatch(r"[0-9a-f]{6,64}", image):
            raise UserError(
                f"image={image[:80]!r} is not the hash of a query image.", "Upload the image again."
            )
        return cls(
            q=q,
            mode=mode,
            like=like,
            image=image,
            around=BBox.parse(values["around"], "around") if values["around"] else None,
            k=_integer("k", values["k"], 1),
            filters=Filters.from_params(grouped),
            sort=sort,
            cursor=values["cursor"],
            min_score=_cosine("min_score", values["min_score"]),
            group=_yes("group", values["group"]),
            colour=colour,
        )

    def to_params(self) -> list[tuple[str, str]]:
        """The parameters that parse to this query, in a fixed order, defaults left out."""
        likes = [("like", id_) for id_ in self.like]
        head = [("q", self.q), ("mode", self.mode), *likes, ("image", self.image), ("around", self.around)]
        sort = None if self.sort == DEFAULT_SORT else self.sort
        group = "yes" if self.group else None
        tail = [
            ("min_score", self.min_score),
            ("group", group),
            ("sort", sort),
            ("k", self.k),
            ("cursor", self.cursor),
            ("colour", None if self.colour == "count" else self.colour),
        ]
        return [
            *((name, str(value)) for name, value in head if value not in (None, "")),
            *self.filters.to_params(),
            *((name, str(value)) for name, value in tail if value is not None),
        ]

    def url(self, path: str = "/") -> str:
        """`path` with this query as its query string, behind parameters of its own if it has any."""
        pairs = self.to_params()
        return f"{path}{'&' if '?' in path else '?'}{urlencode(pairs)}" if pairs else path

    @property
    def ranks(self) -> bool:
        """Whether the query ranks (text, likeness) rather than lists."""
        return bool(self.q or self.like or self.image or self.around)

    @property
    def page_size(self) -> int:
        """Results on one page.

        Raises:
            UserError: more than a page may hold.
        """
        size = self.k or DEFAULT_PAGE
        if size > LARGEST_PAGE:
            raise UserError(
                f"k={size} is more than the {LARGEST_PAGE} results of one page.",
                "Follow next_cursor, or use /export.csv for all of them.",
            )
        return size

    def with_(self, **changes: object) -> Self:
        """A copy with fields of the query or of its filters changed, on its first page."""
        of_filters = {name: value for name, value in changes.items() if name in Filters.__dataclass_fields__}
        of_query = {name: value for name, value in changes.items() if name not in of_filters}
        filters = replace(self.filters, **of_filters)  # type: ignore[arg-type]
        return replace(self, **{"cursor": None, "filters": filters, **of_query})  # type: ignore[arg-type]

    def after(self, cursor: str | None) -> Self:
        """The next page."""
        return replace(self, cursor=cursor)

    def toggled(self, name: str, value: str) -> Self:
        """A copy with one value of a facet added or, if it was picked, removed."""
        facet = next(facet for facet in FACETS if facet.name == name)
        picked = self.filters.picked(facet)
        if name in ("coordinates", "stage"):
            off = KEPT if name == "stage" else None
            return self.with_(**{name: off if value in picked else value})
        values = set(picked) ^ {value}
        params = Filters.from_params({name: sorted(values)})
        return self.with_(**{field_of(facet): getattr(params, field_of(facet))})

    def chips(self) -> list[Chip]:
        """Every active condition, in the order of the URL; what ranks comes first."""
        chips = []
        if self.q:
            chips.append(Chip("q", "Text", self.q, self.with_(q="")))
        for id_ in self.like:
            others = tuple(other for other in self.like if other != id_)
            chips.append(Chip("like", "Like sample", str(id_), self.with_(like=others)))
        if self.image is not None:
            chips.append(Chip("image", "Query image", self.image[:8], self.with_(image=None)))
        if self.around is not None:
            chips.append(Chip("around", "Like around", str(self.around), self.with_(around=None)))
        if self.min_score is not None:
            label = Chip("min_score", "Cosine at least", str(self.min_score), self.with_(min_score=None))
            chips.append(label)
        for facet in FACETS:
            chips.extend(
                Chip(facet.name, facet.label, value, self.toggled(facet.name, value))
                for value in self.filters.picked(facet)
            )
        return chips + self._geo_chips()

    def _geo_chips(self) -> list[Chip]:
        filters = self.filters
        chips = [
            Chip(name, label, str(area), self.with_(**{name: None}))
            for name, label in (("bbox", "Area"), ("polygon", "Area"), ("near", "Near"))
            if (area := getattr(filters, name)) is not None
        ]
        for zone in filters.zone:
            others = tuple(other for other in filters.zone if other != zone)
            chips.append(Chip("zone", "UTM zone", str(zone), self.with_(zone=others)))
        if filters.tier:
            chips.append(Chip("tier", "Place known as", " or ".join(filters.tier), self.with_(tier=())))
        return chips


def _group(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return grouped


def _single(params: Mapping[str, Sequence[str]], name: str) -> str | None:
    values = [value for value in params.get(name, ()) if value.strip()]
    if len(values) > 1:
        raise UserError(f"{name} is given {len(values)} times.", "Give it once.")
    return values[0].strip() if values else None


def _integer(name: str, text: str | None, least: int) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and least <= int(text) <= MAX_ID):
        raise UserError(f"{name}={text[:40]!r} is not a whole number of at least {least}.")
    return int(text)


def _ids(name: str, texts: Sequence[str]) -> tuple[int, ...]:
    """Read ids, each once, in the order given.

    Raises:
        UserError: one is no id, or there are more than a mean is worth asking for.
    """
    ids = dict.fromkeys(_integer(name, text.strip(), 0) for text in texts if text.strip())
    if len(ids) > MAX_LIKE:
        raise UserError(f"{name} is given {len(ids)} times.", f"At most {MAX_LIKE} are allowed.")
    return tuple(id_ for id_ in ids if id_ is not None)


def _cosine(name: str, text: str | None) -> float | None:
    if text is None:
        return None
    hint = "Write a cosine between -1 and 1, for example 0.25."
    try:
        value = float(text)
    except ValueError:
        raise UserError(f"{name}={text[:40]!r} is not a number.", hint) from None
    if not -1 <= value <= 1:
        raise UserError(f"{name}={text[:40]!r} is no cosine.", hint)
    return value


def _yes(name: str, text: str | None) -> bool:
    if text not in (None, "yes", "no"):
        raise UserError(f"{name}={text!r} is neither yes nor no.")
    return text == "yes"
