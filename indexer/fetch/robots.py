"""robots.txt (RFC 9309) and the header X-Robots-Tag."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

# RFC 9309, section 2.5: at least this much of the file has to be looked at.
MOST_BYTES = 500 * 1024
_MOST_RULES = 5_000
_LINE = re.compile(r"\s*([A-Za-z-]+)\s*:\s*([^#]*)")


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules for one downloader: (pattern, whether it allows), in the order of the file."""

    rules: tuple[tuple[str, bool], ...] = ()

    def allows(self, path: str) -> bool:
        """Whether a path with its query may be asked for: the longest pattern that matches decides."""
        if path == "/robots.txt":
            return True
        path = unquote(path)
        matching = [(len(pattern), allows) for pattern, allows in self.rules if _matches(pattern, path)]
        return max(matching, default=(0, True))[1]


ALLOW_ALL = Rules()


def parse(text: str, product: str) -> Rules:
    """The rules of a robots.txt for the downloader called `product`, or else those for everybody."""
    groups: dict[str, list[tuple[str, bool]]] = {}
    agents: list[str] = []
    in_rules = False
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        field, value = match[1].lower(), match[2].strip()
        if field == "user-agent":
            if in_rules:
                agents, in_rules = [], False
            agents.append(re.split(r"[/\s]", value.lower())[0])
            groups.setdefault(agents[-1], [])
        elif field in ("allow", "disallow"):
            in_rules = True
            for agent in agents:
                if value and len(groups[agent]) < _MOST_RULES:
                    groups[agent].append((unquote(value), field == "allow"))
    return Rules(tuple(groups.get(product.lower(), groups.get("*", []))))


def opted_out(values: Iterable[str], directives: frozenset[str], product: str) -> str | None:
    """The directive of X-Robots-Tag headers that asks this downloader to leave an image alone, if any.

    >>> opted_out(["otherbot: noindex", "nofollow, noai"], frozenset({"noai"}), "rs5m-explorer")
    'noai'
    """
    for value in values:
        agent = None
        for part in value.lower().split(","):
            name, colon, rest = part.partition(":")
            if colon and not name.strip().startswith(("unavailable_after", "max-")):
                agent, part = name.strip(), rest  # noqa: PLW2901
            if agent in (None, "*", product.lower()) and part.strip() in directives:
                return part.strip()
    return None


def _matches(pattern: str, path: str) -> bool:
    """Whether a path begins as a pattern says; `*` stands for anything, a last `$` for the end."""
    anchored = pattern.endswith("$")
    first, *rest = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    position = len(first)
    for place, piece in enumerate(rest):
        if anchored and place == len(rest) - 1:
            return path.endswith(piece) and len(path) - len(piece) >= position
        position = path.find(piece, position)
        if position < 0:
            return False
        position += len(piece)
    return not anchored or position == len(path)
