"""CLIP's text transformer in numpy.

Importing torch and open_clip costs seconds; a text of a few words through a small transformer costs a
millisecond. So a server that only encodes queries runs this. The arithmetic is that of open_clip's
`TextTransformer` with a causal mask, QuickGELU and end-token pooling (Radford et al. 2021, section 2.4); a
test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

LAYER_NORM_EPSILON = 1e-5


class TextTower:
    """A text transformer over an open_clip state dict.

    Args:
        weights: float32 arrays by their open_clip names, without the image tower's.
        heads: attention heads per layer.
        layers: number of transformer layers.
    """

    def __init__(self, weights: Mapping[str, Array], heads: int, layers: int) -> None:
        self._weights = weights
        self._heads = heads
        self._layers = layers

    def __call__(self, tokens: NDArray[np.int64]) -> Array:
        """Encode token ids.

        Args:
            tokens: int64 (n, context_length); the end token is the greatest id of its row.

        Returns:
            float32 (n, embed_dim), not yet scaled to unit length.
        """
        ends = tokens.argmax(axis=1)
        # Under a causal mask nothing after the last end token reaches a result.
        tokens = tokens[:, : int(ends.max(initial=0)) + 1]
        x = self._weights["token_embedding.weight"][tokens]
        x = x + self._weights["positional_embedding"][: tokens.shape[1]]
        for layer in range(self._layers):
            prefix = f"transformer.resblocks.{layer}"
            x = x + self._attention(self._layer_norm(x, f"{prefix}.ln_1"), f"{prefix}.attn")
            x = x + self._mlp(self._layer_norm(x, f"{prefix}.ln_2"), f"{prefix}.mlp")
        pooled = self._layer_norm(x[np.arange(len(x)), ends], "ln_final")
        return cast(Array, pooled @ self._weights["text_projection"])

    def _layer_norm(self, x: Array, name: str) -> Array:
        centred = x - x.mean(axis=-1, keepdims=True)
        spread = np.sqrt(np.square(centred).mean(axis=-1, keepdims=True) + np.float32(LAYER_NORM_EPSILON))
        return cast(Array, centred / spread * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"])

    def _linear(self, x: Array, weight: str, bias: str) -> Array:
        return cast(Array, x @ self._weights[weight].T + self._weights[bias])

    def _attention(self, x: Array, name: str) -> Array:
        texts, length, width = x.shape
        projected = self._linear(x, f"{name}.in_proj_weight", f"{name}.in_proj_bias")
        by_head = projected.reshape(texts, length, 3, self._heads, width // self._heads)
        query, key, value = by_head.transpose(2, 0, 3, 1, 4)
        logits = query @ key.swapaxes(-1, -2) / np.float32(np.sqrt(width // self._heads))
        logits += np.triu(np.full((length, length), -np.inf, np.float32), k=1)
        weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        mixed = (weights @ value).swapaxes(1, 2).reshape(texts, length, width)
        return self._linear(mixed, f"{name}.out_proj.weight", f"{name}.out_proj.bias")

    def _mlp(self, x: Array, name: str) -> Array:
        hidden = self._linear(x, f"{name}.c_fc.weight", f"{name}.c_fc.bias")
        quick_gelu = hidden / (1 + np.exp(np.float32(-1.702) * hidden))
        return self._linear(quick_gelu, f"{name}.c_proj.weight", f"{name}.c_proj.bias")
