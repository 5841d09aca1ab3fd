"""The image half of an open_clip model, fed with uint8 batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from indexer.encoders.base import Pixels, Vectors

if TYPE_CHECKING:
    import torch


class ImageTower:
    """Normalises a batch and runs the image tower over it.

    Args:
        visual: maps float (n, 3, size, size) to (n, dimension).
        mean: per channel, of pixel values in 0..1, as the model was trained with.
        std: likewise.
        device: a torch device name such as `cpu` or `cuda`.
    """

    def __init__(
        self, visual: torch.nn.Module, mean: Sequence[float], std: Sequence[float], device: str
    ) -> None:
        import torch

        self._device = torch.device(device)
        # A batch of interleaved RGB already lies in memory as channels_last, and convolutions prefer it.
        self._visual = visual.eval().to(self._device).to(memory_format=torch.channels_last)
        self._mean = 255 * torch.tensor(mean, device=self._device).view(1, 3, 1, 1)
        self._std = 255 * torch.tensor(std, device=self._device).view(1, 3, 1, 1)

    def __call__(self, batch: Pixels) -> Vectors:
        """Map uint8 (n, size, size, 3) to float32 (n, dimension) unit vectors."""
        import torch

        with torch.inference_mode():
            pixels = torch.from_numpy(batch).to(self._device).permute(0, 3, 1, 2).float()
            vectors = self._visual((pixels - self._mean) / self._std).float()
            return cast(Vectors, torch.nn.functional.normalize(vectors, dim=-1).cpu().numpy())


def check_batch(batch: Pixels, image_size: int) -> None:
    """Raise ValueError unless `batch` is uint8 (n, image_size, image_size, 3)."""
    if batch.dtype != "uint8" or batch.ndim != 4 or batch.shape[1:] != (image_size, image_size, 3):
        raise ValueError(
            f"expected uint8 (n, {image_size}, {image_size}, 3), got {batch.dtype} {batch.shape}"
        )


def choose_device(asked: str | None) -> str:
    """Return the device asked for, else a CUDA device if there is one, else the CPU."""
    import torch

    return asked or ("cuda" if torch.cuda.is_available() else "cpu")
