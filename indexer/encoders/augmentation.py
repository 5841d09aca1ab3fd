"""Random views of training pictures: rotation, crop, light, colour or a bad sensor should not matter."""

from __future__ import annotations

import torch
from torch.nn import functional


def augment(pixels: torch.Tensor, size: int, rng: torch.Generator) -> torch.Tensor:
    """Return a random view of each picture.

    Args:
        pixels: float (n, 3, side, side) in 0..1.
        size: side of the result.
        rng: decides, picture by picture.

    Returns:
        float (n, 3, size, size) in 0..1.
    """
    return degrade(relight(crop(pixels, size, rng), rng), rng)


def crop(pixels: torch.Tensor, size: int, rng: torch.Generator) -> torch.Tensor:
    """Turn by a multiple of 90 degrees, mirror half, and cut out 70 to 100 per cent of the side."""
    count = len(pixels)
    zoom = _uniform(count, 0.7, 1, rng)
    mirror = torch.randint(0, 2, (count,), generator=rng) * 2 - 1
    quarter = torch.randint(0, 4, (count,), generator=rng) * (torch.pi / 2)
    theta = torch.zeros(count, 2, 3)
    theta[:, 0, 0], theta[:, 0, 1] = zoom * mirror * quarter.cos(), -zoom * quarter.sin()
    theta[:, 1, 0], theta[:, 1, 1] = zoom * mirror * quarter.sin(), zoom * quarter.cos()
    theta[:, :, 2] = (torch.rand(count, 2, generator=rng) * 2 - 1) * (1 - zoom)[:, None]
    grid = functional.affine_grid(theta, [count, 3, size, size], align_corners=False)
    return functional.grid_sample(pixels, grid, padding_mode="reflection", align_corners=False)


def relight(pixels: torch.Tensor, rng: torch.Generator) -> torch.Tensor:
    """Change saturation (a tenth to grey), contrast, brightness and the gain of each channel."""
    count = len(pixels)
    saturation = _uniform(count, 0.5, 1.4, rng)
    saturation[torch.rand(count, generator=rng) < 0.1] = 0
    grey = pixels.mean(dim=1, keepdim=True)
    coloured = grey + _per_picture(saturation) * (pixels - grey)
    mean = coloured.mean(dim=(1, 2, 3), keepdim=True)
    contrasted = mean + _per_picture(_uniform(count, 0.7, 1.3, rng)) * (coloured - mean)
    gain = (_uniform(3 * count, 0.92, 1.08, rng)).view(count, 3, 1, 1)
    return (contrasted * gain * _per_picture(_uniform(count, 0.75, 1.25, rng))).clamp(0, 1)


def degrade(pixels: torch.Tensor, rng: torch.Generator) -> torch.Tensor:
    """Halve the resolution of a sixth, and add noise to another third."""
    sixth, third = round(len(pixels) / 6), round(len(pixels) / 3)
    order = torch.randperm(len(pixels), generator=rng)
    soft, noisy, rest = order[:sixth], order[sixth : sixth + third], order[sixth + third :]
    halved = functional.avg_pool2d(pixels[soft], 2)
    softened = functional.interpolate(halved, pixels.shape[-2:], mode="bilinear", align_corners=False)
    noise = torch.randn((len(noisy), *pixels.shape[1:]), generator=rng)
    grainy = (pixels[noisy] + _per_picture(_uniform(len(noisy), 0.01, 0.08, rng)) * noise).clamp(0, 1)
    return torch.cat([softened, grainy, pixels[rest]])[order.argsort()]


def _uniform(count: int, low: float, high: float, rng: torch.Generator) -> torch.Tensor:
    return low + (high - low) * torch.rand(count, generator=rng)


def _per_picture(values: torch.Tensor) -> torch.Tensor:
    return values.view(-1, 1, 1, 1)
