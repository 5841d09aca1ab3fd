"""Encoders: how images and texts become unit vectors of one space.

An encoder that is not an open_clip model is a file here and one line in `ENCODERS`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from indexer.encoders.base import Encoder
from indexer.encoders.embedded_encoder import EmbeddedEncoder
from indexer.encoders.open_clip_encoder import OpenClipEncoder
from indexer.errors import UserError

DEFAULT_ENCODER = "embedded"


def _synthetic(name: str) -> Encoder:
    # It draws from `indexer.synth`, which imports this package.
    from indexer.encoders.synthetic_encoder import SyntheticEncoder

    return SyntheticEncoder.named(name)


# Makes the encoder of that name on a device; every other name is an open_clip model.
ENCODERS: dict[str, Callable[[str, str | None], Encoder]] = {
    "embedded": lambda _, device: EmbeddedEncoder(device=device),
    "synthetic": lambda name, _: _synthetic(name),
}


def open_encoder(
    name: str = DEFAULT_ENCODER, checkpoint: Path | None = None, device: str | None = None
) -> Encoder:
    """Return the encoder of that name.

    Args:
        name: `embedded`, `synthetic-512-0` (dimension, seed), `ARCHITECTURE/TAG`, `hf-hub:OWNER/MODEL`,
            `local-dir:FOLDER`, or with a checkpoint `ARCHITECTURE`.
        checkpoint: a `.pt` or `.safetensors` file with the weights of a bare architecture.
        device: a torch device; None takes CUDA where there is one, else the CPU.

    Raises:
        UserError: the name is unknown, or the weights cannot be had or do not fit.
    """
    # The name of a synthetic one goes on with its settings: `synthetic-512-0`.
    make = ENCODERS.get("synthetic" if name.startswith("synthetic-") else name)
    if make is None:
        return OpenClipEncoder(name, checkpoint, device)
    if checkpoint is not None:
        raise UserError(
            f"Encoder {name} brings its own weights.",
            "Leave out --checkpoint, or name the checkpoint's architecture, such as --encoder ViT-B-32.",
        )
    return make(name, device)


__all__ = ["DEFAULT_ENCODER", "ENCODERS", "Encoder", "open_encoder"]
