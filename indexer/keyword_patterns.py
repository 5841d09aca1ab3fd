r"""Regular expressions that Python, DuckDB (RE2) and `grep -E` take alike, each in its own spelling.

The three agree on little more than the basics, and not on case, spaces and word boundaries outside ASCII. So
a pattern here is written in a small language and spelled anew for each of them:

- characters, any case for ASCII letters and as they are otherwise; a backslash before punctuation takes its
  meaning away;
- `\b` (word boundary), `\d`, `\s`, `\w`, all of ASCII: a letter with an accent is no word character;
- sets such as `[a-f_\s]` of ASCII characters;
- `(...)`, `(?:...)`, `|`, and the repetitions `?`, `*`, `+`, `{2}`, `{2,}`, `{2,5}`.

There is no `.`, no `[^...]` and no anchor: grep in the C locale, the only one whose case and boundaries are
ASCII, takes a byte for a character.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile

_REPETITION = re.compile(r"[?*+]|\{(\d{1,3})(,(\d{1,3})?)?\}")
_MOST_REPEATED = 255  # what POSIX promises
_CLASSES = {"s": "[:space:]", "d": "0-9", "w": "0-9A-Za-z_"}
_SPACES = r" \t\n\v\f\r"


class BadPattern(ValueError):  # noqa: N818
    """A pattern that is not of the language; the message says what and where."""


@dataclass(frozen=True, slots=True)
class Spellings:
    """One pattern, as each of the three takes it.

    Attributes:
        python: for `re.compile(..., re.IGNORECASE | re.ASCII)`.
        re2: for `regexp_matches(text, ...)` with or without the option 'i'.
        grep: for `LC_ALL=C grep -E -i`.
        beginning: ASCII letters in lower case that every match begins with, at the beginning of a word; empty
            where that is not plain to see.
    """

    python: str
    re2: str
    grep: str
    beginning: str


def spell(pattern: str) -> Spellings:
    """Spell a pattern for each of the three.

    Raises:
        BadPattern: it uses what the language does not have, or would match everywhere.
    """
    tokens = _tokens(pattern)
    python = "".join(token.python for token in tokens)
    try:
        compiled = re.compile(python, re.IGNORECASE | re.ASCII)
    except (re.error, OverflowError, RecursionError) as error:
        raise BadPattern(str(error)) from None
    if any(not match[0] for text in ("", "a a") for match in compiled.finditer(text)):
        raise BadPattern("it matches a caption that says nothing")
    return Spellings(
        python=python,
        re2="".join(token.re2 for token in tokens),
        grep="".join(token.grep for token in tokens),
        beginning=_beginning(tokens),
    )


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    python: str
    re2: str
    grep: str


def _tokens(pattern: str) -> list[_Token]:
    tokens: list[_Token] = []
    place = 0
    while place < len(pattern):
        character = pattern[place]
        if character == "[":
            token, place = _set(pattern, place)
        elif match := _REPETITION.match(pattern, place):
            _check_repetition(match, tokens)
            token, place = _same("repetition", match[0]), match.end()
        elif pattern.startswith("(?:", place):
            token, place = _Token("open", "(?:", "(?:", "("), place + 3
        elif pattern.startswith("(?", place):
            raise BadPattern(f"{pattern[place : place + 3]!r} at character {place + 1} is not understood")
        elif character == "(":
            token, place = _Token("open", "(?:", "(?:", "("), place + 1
        elif character in ")|":
            token, place = _same("close" if character == ")" else "or", character), place + 1
        elif character == "\\":
            token, place = _escaped(pattern, place), place + 2
        elif character in ".^${}]":
            raise BadPattern(f"{character!r} at character {place + 1} is not understood; write \\{character}")
        else:
            token, place = _literal(character), place + 1
        tokens.append(token)
    return tokens


def _same(kind: str, text: str) -> _Token:
    return _Token(kind, text, text, text)


def _check_repetition(match: re.Match[str], tokens: list[_Token]) -> None:
    place = match.start() + 1
    if not tokens or tokens[-1].kind in ("open", "or", "repetition", "boundary"):
        raise BadPattern(f"{match[0]!r} at character {place} has nothing to repeat")
    if any(int(times) > _MOST_REPEATED for times in (match[1], match[3]) if times):
        raise BadPattern(f"{match[0]!r} at character {place} repeats more than {_MOST_REPEATED} times")


def _literal(character: str) -> _Token:
    if character in "\0\n" or "\ud800" <= character <= "\udfff":
        raise BadPattern(f"{character!r} cannot stand in a pattern")
    plain = re.escape(character)
    if not character.isascii():
        return _Token("literal", plain, f"(?:{character})", f"({character})")
    if character.isalpha():
        return _Token("letter", character, f"[{character.lower()}{character.upper()}]", character)
    # A backslash before anything but punctuation means something to grep.
    escaped = f"\\{character}" if character in r"\.[]{}()|*+?^$" else character
    return _Token("literal", plain, escaped, escaped)


def _escaped(pattern: str, place: int) -> _Token:
    letter = pattern[place + 1 : place + 2]
    if letter == "b":
        return _same("boundary", r"\b")
    if letter == "s":
        return _Token("class", f"[{_SPACES}]", "[[:space:]]", "[[:space:]]")
    if letter in _CLASSES:
        return _same("class", f"[{_CLASSES[letter]}]")
    if not letter or letter.isalnum() or not letter.isascii():
        raise BadPattern(f"{pattern[place : place + 2]!r} at character {place + 1} is not understood")
    return _literal(letter)


def _set(pattern: str, start: int) -> tuple[_Token, int]:
    """The set that begins at `start`, spelled out character by character, and the place behind it."""
    characters: set[str] = set()
    place = start + 1
    if pattern.startswith("^", place):
        raise BadPattern(f"'[^' at character {start + 1} is not understood; write what may stand there")
    while not pattern.startswith("]", place):
        low, place = _member(pattern, place, start)
        if pattern.startswith("-", place) and not pattern.startswith("-]", place):
            high, place = _member(pattern, place + 1, start)
            if len(low) != 1 or len(high) != 1 or min(low) > min(high):
                raise BadPattern(f"the range before character {place + 1} is none")
            low = {chr(code) for code in range(ord(min(low)), ord(min(high)) + 1)}
        characters |= low
    if not characters:
        raise BadPattern(f"the set at character {start + 1} is empty")
    folded = {case for one in characters for case in (one.lower(), one.upper())}
    python = "".join(re.escape(one) for one in sorted(folded))
    re2 = "".join(f"\\x{ord(one):02x}" for one in sorted(folded))
    return _Token("set", f"[{python}]", f"[{re2}]", _posix(folded)), place + 1


def _member(pattern: str, place: int, start: int) -> tuple[set[str], int]:
    if place >= len(pattern):
        raise BadPattern(f"the set at character {start + 1} has no end")
    character = pattern[place]
    if character == "\\":
        letter = pattern[place + 1 : place + 2]
        if letter in ("s", "d", "w"):
            found = re.compile(f"\\{letter}", re.ASCII)
            return {chr(code) for code in range(128) if found.match(chr(code))}, place + 2
        if not letter or letter.isalnum():
            raise BadPattern(f"{pattern[place : place + 2]!r} at character {place + 1} is not understood")
        place, character = place + 1, letter
    elif character == "[":
        raise BadPattern(f"'[' at character {place + 1} is not understood; write \\[")
    if not character.isascii() or not (character.isprintable() or character == "\t"):
        raise BadPattern(f"{character!r} at character {place + 1}: a set has printable ASCII characters only")
    return {character}, place + 1


def _posix(characters: set[str]) -> str:
    """A POSIX set: nothing in it is escaped, so a bracket stands first, a hyphen last, a caret not first."""
    if characters == {"^"}:
        return r"\^"
    spaces = set(" \t\n\v\f\r")
    rest = characters - spaces if spaces <= characters else characters
    parts = ["]"] if "]" in rest else []
    parts += ["[:space:]"] if spaces <= characters else []
    parts += sorted(rest - set("][^-"))
    parts += [one for one in "[^-" if one in rest]
    return f"[{''.join(parts if parts[0] != '^' else reversed(parts))}]"


def _beginning(tokens: list[_Token]) -> str:
    """Of a pattern `\\bword...` without an alternative outside parentheses."""
    depth = 0
    for token in tokens:
        depth += (token.kind == "open") - (token.kind == "close")
        if token.kind == "or" and depth == 0:
            return ""
    if not tokens or tokens[0].kind != "boundary":
        return ""
    letters = list(takewhile(lambda token: token.kind == "letter", tokens[1:]))
    following = tokens[1 + len(letters) :]
    if following and following[0].kind == "repetition":
        letters = letters[:-1]
    return "".join(token.python for token in letters).lower()
