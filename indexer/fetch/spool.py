"""What came of each address of a shard that is not whole yet: an interrupted run asks nobody twice."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indexer.fetch.client import Fetched


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one address, as shards tell it; the image's bytes lie in the spool.

    Attributes:
        key: of the row.
        status: `success` or `failed`.
        reason: why there is no image; short code.
        detail: the same as a sentence.
        http_status: status of the last answer, if there was one.
        attempts: how often it was tried in the last run.
        final_url: where redirects led to, if anywhere else.
        suffix: that of the image's file, without a dot.
        width: pixels.
        height: pixels.
        bytes: size of the image.
        sha256: of its bytes, hexadecimal.
    """

    key: str
    status: str
    attempts: int
    reason: str | None = None
    detail: str | None = None
    http_status: int | None = None
    final_url: str | None = None
    suffix: str | None = None
    width: int | None = None
    height: int | None = None
    bytes: int | None = None
    sha256: str | None = None


class Spool:
    """A folder with two files an address: the image, and then what is known of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, key: str, fetched: Fetched) -> Outcome:
        """Keep what came of one address."""
        picture = fetched.picture
        facts: dict[str, Any] = {
            "attempts": fetched.attempts,
            "reason": fetched.reason,
            "detail": fetched.detail,
            "http_status": fetched.http_status,
            "final_url": fetched.final_url,
        }
        if picture is not None:
            self._image(key).write_bytes(picture.content)
            facts |= {
                "suffix": picture.suffix,
                "width": picture.width,
                "height": picture.height,
                "bytes": len(picture.content),
                "sha256": picture.sha256,
            }
        facts |= {"key": key, "status": "failed" if picture is None else "success"}
        aside = self._folder / f"{key}.tmp"
        aside.write_text(json.dumps(facts, ensure_ascii=True), "utf-8")
        aside.replace(self._folder / f"{key}.json")
        return Outcome(**facts)

    def get(self, key: str) -> Outcome | None:
        """What an earlier run kept of one address; None if it kept nothing, or not all of it."""
        try:
            outcome = Outcome(**json.loads((self._folder / f"{key}.json").read_text("utf-8")))
            if outcome.sha256 is not None:
                self.image(outcome)
        except (OSError, ValueError, TypeError):
            return None
        return outcome

    def image(self, outcome: Outcome) -> bytes:
        """The image of an outcome.

        Raises:
            OSError: it is not there.
            ValueError: it is not the one that was downloaded.
        """
        content = self._image(outcome.key).read_bytes()
        if hashlib.sha256(content).hexdigest() != outcome.sha256:
            raise ValueError(f"{self._image(outcome.key)} has changed")
        return content

    def forget(self, keys: Iterable[str]) -> None:
        """Delete what is kept of some addresses."""
        for key in keys:
            (self._folder / f"{key}.json").unlink(missing_ok=True)
            self._image(key).unlink(missing_ok=True)

    def clear(self) -> None:
        """Delete it."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _image(self, key: str) -> Path:
        return self._folder / f"{key}.image"
