r"""Keywords that a caption is looked through for, and RS5M's list of them.

The list is that of RS5M (Zhang et al., "RS5M and GeoRSCLIP", IEEE TGRS 2024, section on filtering PUB11).
Words of one keyword may be written together, apart or with hyphens; a keyword begins a word, and a name ends
one, apart from a plural s or a number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from indexer.errors import UserError
from indexer.keyword_patterns import BadPattern, Spellings, spell

_PLATFORMS = {
    "aerial": ("imag", "photo", "map", "pic", "view", "scan", "satellite"),
    "satellite": ("imag", "photo", "map", "pic", "view", "scan", "data", "surveillance"),
    "space": ("photo", "imag", "view"),
    "space-borne": ("photo", "imag", "view"),
}
_NAMES = (
    "remote sensing",
    "space surveillance",
    "Google Earth",
    "Freesound",
    "Sentinel-1",
    "Sentinel-2",
    "Gaofen",
    "USGS",
    "NAIP",
    "MODIS",
    "EOSDIS",
    "WorldView",
    "Planet Dove",
    "ArcGIS",
    "Maxar",
    "Landsat",
    "Geographic Information System",
)
_FLAGS = re.IGNORECASE | re.ASCII
_GAP = r"[\s_-]*"


def _pattern(words: str, *, stem: bool = False) -> str:
    joined = _GAP.join(re.split(r"[\s-]", words))
    return rf"\b{joined}" + ("" if stem else r"(?:s?\b|\d)")


RS5M_KEYWORDS: dict[str, str] = {
    **{name: _pattern(name) for name in _NAMES},
    "earth observ*": _pattern("earth observ", stem=True),
    **{
        f"{platform} {thing}*": _pattern(f"{platform} {thing}", stem=True)
        for platform, things in _PLATFORMS.items()
        for thing in things
    },
}


@dataclass(frozen=True, slots=True)
class Keywords:
    r"""Keywords by label, in the language of `indexer.keyword_patterns`; letters match in either case.

    Attributes:
        patterns: label to pattern.
        pattern: all of them as one for DuckDB: `regexp_matches(caption, pattern, 'i')` is true for the
            captions in which `find` finds a keyword, and for no other.

    Raises:
        UserError: there is no keyword, or one's pattern is bad.

    >>> Keywords({"drone": r"\bdrones?\b"}).find("Harbour, seen by a Drone")
    'drone'
    """

    patterns: Mapping[str, str]
    pattern: str = field(init=False)
    _spelled: Mapping[str, Spellings] = field(init=False, repr=False, compare=False)
    _any: re.Pattern[str] = field(init=False, repr=False, compare=False)
    _each: tuple[tuple[str, str, re.Pattern[str]], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.patterns:
            raise UserError("There is no keyword.", "Name at least one, as label and pattern.")
        spelled = {label: _spelled(label, pattern) for label, pattern in self.patterns.items()}
        set_ = object.__setattr__
        set_(self, "patterns", dict(self.patterns))
        set_(self, "pattern", f"(?-i:{'|'.join(one.re2 for one in spelled.values())})")
        set_(self, "_spelled", spelled)
        set_(self, "_any", _one_of(list(spelled.values())))
        each = ((label, one.beginning, re.compile(one.python, _FLAGS)) for label, one in spelled.items())
        set_(self, "_each", tuple(each))

    def find(self, caption: str) -> str | None:
        """Label of the keyword that stands first in `caption`, of several there the first in the list."""
        match = self._any.search(caption)
        return self._each[match.lastindex - 1][0] if match and match.lastindex else None

    def find_all(self, caption: str) -> list[str]:
        """Labels of every keyword in `caption`, in the order of the list."""
        lower = caption.lower()
        return [
            label
            for label, beginning, pattern in self._each
            if beginning in lower and pattern.search(caption)
        ]

    def grep(self, label: str) -> str:
        """The pattern of keyword `label` as `LC_ALL=C grep -a -E -i` takes it.

        The C locale is the one in which grep's letters, spaces and word boundaries are those of ASCII, as
        they are to RE2; elsewhere the first letter of "éUSGS" hides a keyword, and a long s is an s.
        """
        return self._spelled[label].grep


def _spelled(label: str, pattern: str) -> Spellings:
    try:
        return spell(pattern)
    except BadPattern as error:
        raise UserError(
            f"Keyword '{label}' has a bad pattern, {pattern!r}: {error}.",
            "Use characters, [sets], groups, |, repetitions and \\b, \\d, \\s, \\w.",
        ) from None


def _one_of(spelled: list[Spellings]) -> re.Pattern[str]:
    """One pattern with a group for each."""
    lead = ""
    if all(one.beginning for one in spelled):
        # Where a word begins with none of these letters, not one of the patterns has to be tried.
        initials = "".join(sorted({one.beginning[0] for one in spelled}))
        lead = rf"\b(?=[{initials}])"
    return re.compile(f"{lead}(?:{'|'.join(f'({one.python})' for one in spelled)})", _FLAGS)


RS5M = Keywords(RS5M_KEYWORDS)
