"""The catalogue's encoder at serving time: loaded aside, and checked against the manifest."""

from __future__ import annotations

import logging
from pathlib import Path
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Literal

import numpy as np
from anyio import move_on_after, sleep

from app.errors import UnavailableError
from app.lru import LRU
from app.query.vectors import Vector
from indexer.catalogue import Catalogue
from indexer.encoders import Encoder, open_encoder
from indexer.errors import UserError

if TYPE_CHECKING:
    from PIL.Image import Image

log = logging.getLogger(__name__)

State = Literal["off", "loading", "ready", "failed"]
_TEXTS_HELD = 1024
_LOOK_AGAIN_S = 0.05
_BROWSING_WORKS = "Browsing, filters and caption search (mode=caption) work without it."


class QueryEncoder:
    """Encodes queries with the encoder the catalogue was built with.

    The app serves pages while it loads; a search that needs it waits. If it cannot be had, `problem` says
    why, and everything else goes on working.

    Args:
        catalogue: names the encoder and its weights' hash.
        checkpoint: the weights, where they are not where the manifest says.
        wait_s: how long a query waits for loading, in seconds.
    """

    def __init__(self, catalogue: Catalogue, checkpoint: Path | None = None, wait_s: float = 60.0) -> None:
        self._catalogue = catalogue
        self._checkpoint = checkpoint
        self._wait_s = wait_s
        self._encoder: Encoder | None = None
        self._done = Event()
        self._start = Lock()
        self._started = False
        self._texts: LRU[str, Vector] = LRU(_TEXTS_HELD)
        self.problem: UserError | None = None
        if not catalogue.manifest.vectors:
            self.problem = UserError("This catalogue has no image vectors.", _BROWSING_WORKS)
            self._done.set()

    @property
    def state(self) -> State:
        """`off` (nothing to search by meaning), `loading`, `ready`, or `failed` with `problem` set."""
        if not self._catalogue.manifest.vectors:
            return "off"
        if not self._done.is_set():
            return "loading"
        return "failed" if self.problem else "ready"

    def start(self) -> None:
        """Begin loading in a thread of its own; once is enough."""
        with self._start:
            if self._started or self._done.is_set():
                return
            self._started = True
        Thread(target=self._load, name="load-encoder", daemon=True).start()

    async def loaded(self) -> None:
        """Wait until it is known whether the encoder can be had, but no longer than `wait_s`."""
        self.start()
        with move_on_after(self._wait_s):
            while not self._done.is_set():
                await sleep(_LOOK_AGAIN_S)

    def of_text(self, text: str) -> Vector:
        """Unit vector of `text`, float32 (d,).

        Raises:
            UnavailableError: the encoder cannot be used; says why.
        """
        held = self._texts.get(text)
        if held is None:
            held = np.asarray(self._ready().encode_texts([text])[0], dtype=np.float32)
            self._texts.put(text, held)
        return held

    def of_picture(self, picture: Image) -> Vector:
        """Unit vector of an RGB picture, float32 (d,).

        Raises:
            UnavailableError: the encoder cannot be used; says why.
        """
        encoder = self._ready()
        return np.asarray(encoder.encode_images(np.stack([encoder.preprocess(picture)]))[0], dtype=np.float32)

    def _ready(self) -> Encoder:
        self.start()
        if not self._done.wait(self._wait_s):
            raise UnavailableError("The encoder is still loading.", "Try again in a moment.")
        if self._encoder is None:
            why = self.problem or UserError("it could not be loaded.")
            raise UnavailableError(f"Search by meaning is off: {why.what}", why.hint)
        return self._encoder

    def _load(self) -> None:
        try:
            self._encoder = self._open()
        except UserError as error:
            self.problem = error
        except Exception:
            # Whatever a model library raises, the pages must say that search is off rather than wait forever.
            log.exception("the encoder could not be loaded")
            name = self._catalogue.manifest.encoder["name"]
            self.problem = UserError(f"the encoder {name} could not be loaded.", "The log says why.")
        finally:
            self._done.set()

    def _open(self) -> Encoder:
        return open_matching_encoder(self._catalogue, self._checkpoint)


def open_matching_encoder(catalogue: Catalogue, checkpoint: Path | None = None) -> Encoder:
    """Open the encoder that `catalogue` was built with; its weights from `checkpoint`, if given.

    Raises:
        UserError: it cannot be had, or has other weights.
    """
    built_with = catalogue.manifest.encoder
    noted = built_with.get("checkpoint")
    encoder = open_encoder(str(built_with["name"]), checkpoint or (Path(noted) if noted else None))
    if not catalogue.encoder_matches(encoder):
        raise UserError(
            f"the catalogue was built with {built_with['name']} "
            f"(weights {str(built_with['weights_sha256'])[:12]}), "
            f"but the encoder here has weights {encoder.weights_sha256[:12]}.",
            "Set RS5M_CHECKPOINT to the weights it was built with, or index again.",
        )
    return encoder
