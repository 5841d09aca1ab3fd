"""What training asks for: a picture near the texts of its kind, and scenes apart from what is none."""

from __future__ import annotations

import torch
from torch.nn import functional


def contrastive_loss(logits: torch.Tensor, kinds: torch.Tensor, own_share: float) -> torch.Tensor:
    """Return the cross-entropy of pictures against texts and back, with soft targets.

    Args:
        logits: (n, n), picture i against text j.
        kinds: (n,) kind of pair i.
        own_share: target of the own pair; the rest is spread over all pairs of the same kind, own included.
    """
    same = (kinds[:, None] == kinds[None, :]).float()
    targets = own_share * torch.eye(len(kinds)) + (1 - own_share) * same / same.sum(dim=1, keepdim=True)
    return (functional.cross_entropy(logits, targets) + functional.cross_entropy(logits.T, targets)) / 2


class Topic(torch.nn.Module):
    """Binary loss: is a picture near the generic remote-sensing texts exactly if it is a scene?"""

    def __init__(self) -> None:
        super().__init__()
        self.scale = torch.nn.Parameter(torch.tensor(10.0))
        self.bias = torch.nn.Parameter(torch.tensor(0.0))

    def forward(self, images: torch.Tensor, generic: torch.Tensor, are_scenes: torch.Tensor) -> torch.Tensor:
        """Take unit vectors (n, d) of pictures and (m, d) of generic texts, and bool (n,)."""
        logits = self.scale * images @ generic.T + self.bias
        return functional.binary_cross_entropy_with_logits(
            logits, are_scenes.float()[:, None].expand_as(logits)
        )
