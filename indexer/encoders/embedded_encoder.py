"""The encoder that ships with the package: small, trained by this project, and needing no download.

Its folder holds an open_clip config and weights, so `open_clip.create_model("local-dir:...")` reads it too.
Texts go through numpy; torch and open_clip are imported only when the first image is encoded.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from PIL import Image

from indexer.encoders.base import Pixels, Vectors, unit
from indexer.encoders.image_tower import ImageTower, check_batch, choose_device
from indexer.encoders.preprocess import square
from indexer.encoders.text_tower import TextTower
from indexer.encoders.tokenizer import Tokenizer
from indexer.errors import UserError

FOLDER = Path(__file__).parent / "embedded"
CONFIG_FILE = "open_clip_config.json"
WEIGHTS_FILE = "open_clip_model.safetensors"

# Bounds the text tower's memory: 256 full texts take about 50 MB.
TEXTS_AT_ONCE = 256


class EmbeddedEncoder:
    """A small CLIP from a folder with `open_clip_config.json` and `open_clip_model.safetensors`.

    Args:
        folder: where config and weights lie; by default the ones in the package.
        device: torch device of the image tower; None takes CUDA where there is one.

    Raises:
        UserError: config or weights are missing or damaged.
    """

    name = "embedded"

    def __init__(self, folder: Path = FOLDER, device: str | None = None) -> None:
        try:
            config = json.loads((folder / CONFIG_FILE).read_text(encoding="utf-8"))
        except FileNotFoundError as missing:
            raise UserError(
                f"The embedded encoder's {CONFIG_FILE} is not in {folder}.",
                "Install the package again, or name another encoder with --encoder.",
            ) from missing
        self.folder = folder
        self._weights_path = folder / WEIGHTS_FILE
        self._device = device
        self._model_config: dict[str, Any] = config["model_cfg"]
        self._preprocess_config: dict[str, Any] = config["preprocess_cfg"]
        text = self._model_config["text_cfg"]
        self._tokenizer = Tokenizer(text["vocab_size"], text["context_length"])
        self._text_tower = TextTower(_text_weights(self._weights_path), text["heads"], text["layers"])
        self._lock = Lock()
        self._image_tower: ImageTower | None = None

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._model_config["embed_dim"])

    @property
    def image_size(self) -> int:
        """Side of the images in pixels."""
        return int(self._model_config["vision_cfg"]["image_size"])

    @cached_property
    def weights_sha256(self) -> str:
        """Hex SHA-256 of the weights file."""
        return hashlib.sha256(self._weights_path.read_bytes()).hexdigest()

    def preprocess(self, image: Image.Image) -> Pixels:
        """Resize the shorter side and crop the centre: uint8 (image_size, image_size, 3)."""
        return square(image, self.image_size)

    def encode_images(self, batch: Pixels) -> Vectors:
        """Encode uint8 (n, image_size, image_size, 3) to float32 (n, dimension) unit vectors.

        The first call imports torch and open_clip, which takes seconds.
        """
        check_batch(batch, self.image_size)
        with self._lock:
            if self._image_tower is None:
                self._image_tower = self._load_image_tower()
        return self._image_tower(batch)

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Encode texts to float32 (n, dimension) unit vectors, without torch."""
        tokens = self._tokenizer(texts)
        chunks = [tokens[start : start + TEXTS_AT_ONCE] for start in range(0, len(tokens), TEXTS_AT_ONCE)]
        encoded = [unit(self._text_tower(chunk)) for chunk in chunks]
        return np.concatenate([np.empty((0, self.dimension), np.float32), *encoded])

    def describe(self) -> dict[str, Any]:
        """What a manifest keeps of the encoder."""
        vision = self._model_config["vision_cfg"]
        blocks = ", ".join(map(str, vision["layers"]))
        return {
            "name": self.name,
            "architecture": f"ModifiedResNet [{blocks}] width {vision['width']}",
            "checkpoint": None,
            "weights_sha256": self.weights_sha256,
            "dimension": self.dimension,
            "image_size": self.image_size,
        }

    def _load_image_tower(self) -> ImageTower:
        import open_clip
        from safetensors.torch import load_file

        model = open_clip.CLIP(**self._model_config)
        model.load_state_dict(load_file(self._weights_path))
        preprocess = self._preprocess_config
        return ImageTower(model.visual, preprocess["mean"], preprocess["std"], choose_device(self._device))


def _text_weights(path: Path) -> dict[str, np.ndarray[Any, np.dtype[np.float32]]]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as tensors:
            names = [name for name in tensors.keys() if not name.startswith("visual.")]  # noqa: SIM118
            return {name: tensors.get_tensor(name).astype(np.float32) for name in names}
    except (OSError, SafetensorError) as error:
        raise UserError(
            f"The embedded encoder's weights {path} cannot be read: {error}.",
            "Install the package again, or name another encoder with --encoder.",
        ) from error
