"""Any open_clip model as an encoder: by tag, from the Hugging Face hub, or from a checkpoint file."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PIL import Image

from indexer.encoders.base import Pixels, Vectors
from indexer.encoders.checkpoints import check_checkpoint, load_weights
from indexer.encoders.hub import hub_access
from indexer.encoders.image_tower import ImageTower, check_batch, choose_device
from indexer.encoders.preprocess import square
from indexer.errors import UserError

if TYPE_CHECKING:
    import torch

HUB_PREFIX = "hf-hub:"
FOLDER_PREFIX = "local-dir:"
EXAMPLE = "ViT-B-32/laion2b_s34b_b79k"


class OpenClipEncoder:
    """An open_clip model with its own preprocessing and tokenizer.

    Args:
        name: `ARCHITECTURE/TAG`, `hf-hub:OWNER/MODEL`, `local-dir:FOLDER`, or with a checkpoint
            `ARCHITECTURE`.
        checkpoint: weights for a bare architecture, `.pt` or `.safetensors`.
        device: torch device; None takes CUDA where there is one.

    Raises:
        UserError: the name is unknown, the weights cannot be had, or they do not fit; it says what to do.
    """

    def __init__(self, name: str, checkpoint: Path | None = None, device: str | None = None) -> None:
        self.name = name
        self._checkpoint = checkpoint
        self._device = choose_device(device)
        with hub_access():
            self.architecture, model, self._weights_path = _create(name, checkpoint)
            self._tokenizer = _tokenizer(self.architecture, name)
        import open_clip

        self._model = cast(Any, model.eval().to(self._device))
        preprocess = open_clip.get_model_preprocess_cfg(self._model)
        self._squash = preprocess.get("resize_mode") == "squash"
        self._size = _side(preprocess["size"], name)
        self._image_tower = ImageTower(
            self._model.visual, preprocess["mean"], preprocess["std"], self._device
        )
        self._dimension: int = self.encode_texts(["an image"]).shape[1]

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    @property
    def image_size(self) -> int:
        """Side of the images in pixels."""
        return self._size

    @cached_property
    def weights_sha256(self) -> str:
        """Hex SHA-256 of the weights file."""
        with self._weights_path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def preprocess(self, image: Image.Image) -> Pixels:
        """Resize and crop (or squash, where the model was trained so): uint8 (image_size, image_size, 3)."""
        return square(image, self.image_size, self._squash)

    def encode_images(self, batch: Pixels) -> Vectors:
        """Encode uint8 (n, image_size, image_size, 3) to float32 (n, dimension) unit vectors."""
        check_batch(batch, self.image_size)
        return self._image_tower(batch)

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Encode texts, cut to the model's context length, to float32 (n, dimension) unit vectors."""
        import torch

        with torch.inference_mode():
            tokens = self._tokenizer(list(texts)).to(self._device)
            return cast(Vectors, self._model.encode_text(tokens, normalize=True).float().cpu().numpy())

    def describe(self) -> dict[str, Any]:
        """What a manifest keeps of the encoder."""
        return {
            "name": self.name,
            "architecture": self.architecture,
            "checkpoint": None if self._checkpoint is None else str(self._checkpoint.resolve()),
            "weights_sha256": self.weights_sha256,
            "dimension": self.dimension,
            "image_size": self.image_size,
        }


def _create(name: str, checkpoint: Path | None) -> tuple[str, torch.nn.Module, Path]:
    """Return what open_clip calls the architecture, the model with its weights, and their file."""
    if checkpoint is not None:
        check_checkpoint(checkpoint)
    import open_clip

    if name.startswith((HUB_PREFIX, FOLDER_PREFIX)):
        if checkpoint is not None:
            raise UserError(
                f"Encoder {name} brings its own weights.",
                "Leave out --checkpoint, or name only the architecture, such as --encoder ViT-B-32.",
            )
        weights = _find_weights(name)
        return name, _create_from(name, require_pretrained=True), weights
    architecture, tag = _split(name, has_checkpoint=checkpoint is not None)
    if checkpoint is not None:
        model = open_clip.create_model(architecture)
        load_weights(model, checkpoint, architecture)
        return architecture, model, checkpoint
    pretrained = open_clip.get_pretrained_cfg(architecture, tag)
    try:
        weights = Path(open_clip.download_pretrained(pretrained))
    except Exception as error:
        raise _unreachable(name) from error
    # Some tags were trained with QuickGELU although the architecture of the same name is not.
    quick_gelu = bool(pretrained.get("quick_gelu"))
    return architecture, _create_from(architecture, pretrained=tag, force_quick_gelu=quick_gelu), weights


def _split(name: str, has_checkpoint: bool) -> tuple[str, str]:
    """Split `ARCHITECTURE/TAG`, and refuse what open_clip does not know."""
    import open_clip

    known = open_clip.list_models()
    architecture, _, tag = (name, "", "") if name in known else name.rpartition("/")
    architecture = architecture or name
    if architecture not in known:
        close = difflib.get_close_matches(name, known, n=3, cutoff=0.4)
        raise UserError(
            f"Encoder {name} is not known.",
            f"Use embedded, an open_clip model such as {EXAMPLE}, or hf-hub:OWNER/MODEL."
            + (f" Did you mean {' or '.join(close)}?" if close else ""),
        )
    if tag and has_checkpoint:
        raise UserError(
            f"Encoder {name} names its weights, and --checkpoint names others.",
            f"Use --encoder {architecture} with --checkpoint, or leave out --checkpoint.",
        )
    tags = open_clip.list_pretrained_tags_by_model(architecture)
    if not has_checkpoint and tag not in tags:
        what = f"has no weights called {tag}" if tag else "names no weights"
        offer = f"Choose one of {', '.join(f'{architecture}/{each}' for each in tags)}, or g" if tags else "G"
        raise UserError(f"Encoder {name} {what}.", f"{offer}ive a file with --checkpoint FILE.")
    return architecture, tag


def _find_weights(name: str) -> Path:
    """Return the weights file of a hub model (downloaded unless cached) or of a model folder."""
    from open_clip import factory

    if name.startswith(FOLDER_PREFIX):
        folder = Path(name.removeprefix(FOLDER_PREFIX))
        found = factory._find_checkpoint_in_dir(folder) if folder.is_dir() else None
        if found is None or not (folder / "open_clip_config.json").is_file():
            raise UserError(
                f"Encoder {name} is not a model folder.",
                "It needs open_clip_config.json and a weights file such as open_clip_model.safetensors.",
            )
        return Path(found)
    try:
        return Path(factory.download_pretrained_from_hf(name.removeprefix(HUB_PREFIX)))
    except Exception as error:
        raise _unreachable(name) from error


def _create_from(name: str, **options: Any) -> torch.nn.Module:
    import open_clip

    try:
        model: torch.nn.Module = open_clip.create_model(name, **options)
    except Exception as error:
        raise UserError(
            f"Encoder {name} cannot be loaded: {str(error).splitlines()[0] if str(error) else error!r}.",
            "Check that its config and weights belong together, or use another encoder.",
        ) from error
    return model


def _tokenizer(architecture: str, name: str) -> Any:
    import open_clip

    try:
        return open_clip.get_tokenizer(architecture)
    except ImportError as error:
        raise UserError(
            f"Encoder {name} needs a tokenizer from the transformers package.",
            "Install it into the same environment: pip install transformers.",
        ) from error
    except Exception as error:
        raise _unreachable(name) from error


def _side(size: int | Sequence[int], name: str) -> int:
    sides = {size} if isinstance(size, int) else set(size)
    if len(sides) > 1:
        raise UserError(f"Encoder {name} reads images of {size} pixels.", "Use one that reads square images.")
    return sides.pop()


def _unreachable(name: str) -> UserError:
    return UserError(
        f"The weights of {name} cannot be downloaded from here and are not in the local cache.",
        "Run once with a network to fill the cache; or fetch the weights elsewhere and use "
        "--encoder ARCHITECTURE --checkpoint FILE; or use --encoder embedded, which needs no download.",
    )
