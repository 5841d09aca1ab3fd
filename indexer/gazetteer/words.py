"""Which names are also English words: Nice, Reading, Orange, Sale; and which say no more than a direction."""

from __future__ import annotations

from functools import cache

from indexer.captions import MONTHS, SEASONS


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Names of one to three letters are words, syllables or abbreviations more often than towns.
_SHORT = 3
# The dictionary has nouns, verbs, adjectives and adverbs; these it lacks, and all are towns somewhere.
_FUNCTION_WORDS = _listed(
    """
    about above after along also although among another around because been before behind below
    beneath beside between beyond both could does during each either else even every everyone from
    have here hers herself himself however into itself might more most much must myself near neither
    nobody none nothing onto other others ours over rather shall should since some such than that
    their theirs them themselves then there these they this those though through toward towards
    under underneath unless until upon very were what when where whether which while whom whose will
    with within without would your yours
    """
)
_TIMES = frozenset(
    name.lower()
    for name in (
        *MONTHS,
        *SEASONS,
        *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    )
)
# Of these alone a name may be put together and still be no name: Central Region, Lake City, Norte.
_GENERIC = _listed(
    """
    and area basin bay beach bridge canal capital center central centre centro city coast coastal
    country county delta department district division east eastern est federal forest garden gardens
    great greater harbor harbour heights hill hills inland interior island islands lake lakes land
    little lower maritime metro metropolitan middle mountain mountains municipality national nord
    nordeste norte north northeast northeastern northern northwest northwestern of ouest park parks
    plain plateau plaza point port province region republic ridge river rivers rural sea shore site
    south southeast southeastern southern southwest southwestern square state states sud sul sur
    territory the town township union united university upper urban valley view villa village west
    western woods world zone
    """
)


def is_word(name: str) -> bool:
    """Whether a name may well be no name where it is written: a word, a syllable, or words of direction."""
    if " " in name or "-" in name:
        return all(part in _GENERIC for part in name.lower().replace("-", " ").split())
    if not name.isalpha():
        return False
    lower = name.lower()
    return (
        len(name) <= _SHORT
        or lower in _FUNCTION_WORDS
        or lower in _GENERIC
        or is_time(name)
        or _in_dictionary(lower)
    )


def is_time(name: str) -> bool:
    """Whether a name is that of a month, season or weekday, which follow `in` as towns do."""
    return name.lower() in _TIMES


def is_generic(name: str) -> bool:
    """Whether a name is one of the words that any place may be called by."""
    return name.lower() in _GENERIC


def _in_dictionary(lower: str) -> bool:
    return bool(_lemmas()(lower))


@cache
def _lemmas():  # type: ignore[no-untyped-def]
    from lemminflect import getAllLemmas

    return getAllLemmas
