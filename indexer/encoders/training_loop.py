"""The two phases of training: pictures and words together, then words alone.

The second costs little, so it can show each picture in many wordings. Holding the image tower still
meanwhile is the idea of locked-image tuning (Zhai et al. 2022).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import open_clip
import torch
from numpy.typing import NDArray
from torch.nn import functional

from indexer.encoders.augmentation import augment
from indexer.encoders.prompts import TEMPLATES
from indexer.encoders.tokenizer import Tokenizer
from indexer.encoders.training_losses import Topic, contrastive_loss
from indexer.encoders.training_pairs import KINDS, Pairs
from indexer.encoders.training_words import Wording

GENERIC_TEXTS = (*TEMPLATES, "a satellite image", "an aerial photo", "aerial photograph", "satellite imagery",
                 "an overhead view", "a picture from above", "Google Earth image", "aerial view")  # fmt: skip
GENERIC_PER_STEP = 12
LOCKED_BATCH = 256


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a training run is made of.

    Attributes:
        per_kind: pictures drawn of each kind of scene.
        per_off_topic: pictures drawn of each off-topic kind.
        epochs: times each picture is seen while both towers learn.
        batch_size: pairs in a step of them.
        word_epochs: times each picture is worded anew while the text tower alone learns.
        learning_rate: peak of a cosine schedule with linear warm-up, in both phases.
        weight_decay: AdamW's, on matrices only.
        own_share: part of the target that a picture's own text gets; those of its kind share the rest.
        topic_weight: weight of the remote-sensing-or-not loss.
        largest_scale: bound of the learned logit scale.
    """

    per_kind: int = 350
    per_off_topic: int = 150
    epochs: int = 6
    batch_size: int = 128
    word_epochs: int = 20
    learning_rate: float = 1.5e-3
    weight_decay: float = 0.05
    own_share: float = 0.3
    topic_weight: float = 0.3
    largest_scale: float = 40.0


@dataclass(frozen=True, slots=True)
class _Batch:
    places: NDArray[np.int64]
    tokens: torch.Tensor
    kinds: torch.Tensor
    are_scenes: torch.Tensor


class Training:
    """A model, the pairs it learns from, and the draws of a seed.

    Args:
        model: of that config; trained in place.
        config: open_clip's, with `model_cfg` and `preprocess_cfg`.
        pairs: pictures at least as large as the model reads.
        recipe: how long and how.
        seed: of the order, the wording and the augmentation.
    """

    def __init__(
        self, model: open_clip.CLIP, config: dict[str, Any], pairs: Pairs, recipe: Recipe, seed: int
    ) -> None:
        self._model = model
        self._pairs = pairs
        self._recipe = recipe
        self._rng = np.random.default_rng(seed)
        self._torch_rng = torch.Generator().manual_seed(seed)
        text_config, preprocess = config["model_cfg"]["text_cfg"], config["preprocess_cfg"]
        self._tokenizer = Tokenizer(text_config["vocab_size"], text_config["context_length"])
        self._wording = Wording(self._tokenizer.whole_words)
        self._size = config["model_cfg"]["vision_cfg"]["image_size"]
        self._mean = torch.tensor(preprocess["mean"]).view(1, 3, 1, 1)
        self._std = torch.tensor(preprocess["std"]).view(1, 3, 1, 1)

    def train_both_towers(self) -> None:
        """Learn from augmented pictures and their texts; prints the loss of each epoch."""
        self._model.visual.to(memory_format=torch.channels_last).train()
        parameters = list(self._model.parameters())
        self._run(parameters, self._recipe.epochs, self._recipe.batch_size, self._see)
        self._model.eval()

    def train_words(self) -> None:
        """Learn from new wordings of the pictures as the image tower sees them; it stays as it is."""
        seen = self._see_all()
        parameters = [
            weights for name, weights in self._model.named_parameters() if not name.startswith("visual.")
        ]
        self._run(parameters, self._recipe.word_epochs, LOCKED_BATCH, lambda batch: seen[batch.places])

    def _see(self, batch: _Batch) -> torch.Tensor:
        return cast(torch.Tensor, self._model.encode_image(self._normalise(self._augmented(batch.places))))

    def _see_all(self) -> torch.Tensor:
        self._model.visual.eval()
        vectors = []
        with torch.inference_mode():
            for start in range(0, len(self._pairs.images), LOCKED_BATCH):
                stored = self._stored(np.arange(start, min(start + LOCKED_BATCH, len(self._pairs.images))))
                shown = functional.interpolate(stored, self._size, mode="bicubic", antialias=True)
                vectors.append(self._model.encode_image(self._normalise(shown.clamp(0, 1))))
        return torch.cat(vectors).clone()

    def _stored(self, places: NDArray[np.int64]) -> torch.Tensor:
        return torch.from_numpy(self._pairs.images[places]).permute(0, 3, 1, 2).float() / 255

    def _augmented(self, places: NDArray[np.int64]) -> torch.Tensor:
        return augment(self._stored(places), self._size, self._torch_rng)

    def _normalise(self, pixels: torch.Tensor) -> torch.Tensor:
        return ((pixels - self._mean) / self._std).contiguous(memory_format=torch.channels_last)

    def _run(
        self,
        parameters: list[torch.nn.Parameter],
        epochs: int,
        batch_size: int,
        see: Callable[[_Batch], torch.Tensor],
    ) -> None:
        topic = Topic()
        per_epoch = len(self._pairs.captions) // batch_size
        optimizer = _optimizer(parameters, topic, self._recipe)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer,
            self._recipe.learning_rate,
            total_steps=epochs * per_epoch,
            pct_start=0.08,
            cycle_momentum=False,
        )
        started = time.monotonic()
        for epoch in range(epochs):
            losses = []
            for batch in self._batches(batch_size):
                loss = self._loss(see, batch, topic)
                optimizer.zero_grad()
                torch.autograd.backward(loss)
                torch.nn.utils.clip_grad_norm_(parameters, 1.0)
                optimizer.step()
                schedule.step()
                with torch.no_grad():
                    self._model.logit_scale.clamp_(max=float(np.log(self._recipe.largest_scale)))
                losses.append(loss.item())
            seconds = time.monotonic() - started
            print(f"epoch {epoch + 1}/{epochs} loss {np.mean(losses):.3f} {seconds:.0f} s", flush=True)

    def _loss(self, see: Callable[[_Batch], torch.Tensor], batch: _Batch, topic: Topic) -> torch.Tensor:
        with torch.autocast("cpu", torch.bfloat16):
            images = see(batch)
            texts = encode_texts(self._model, batch.tokens)
        images = functional.normalize(images.float(), dim=-1)
        texts = functional.normalize(texts.float(), dim=-1)
        own, generic = texts[:-GENERIC_PER_STEP], texts[-GENERIC_PER_STEP:]
        logits = self._model.logit_scale.exp() * images @ own.T
        loss = contrastive_loss(logits, batch.kinds, self._recipe.own_share)
        topic_loss = cast(torch.Tensor, topic(images, generic, batch.are_scenes))
        return loss + self._recipe.topic_weight * topic_loss

    def _batches(self, batch_size: int) -> Iterator[_Batch]:
        pairs, order = self._pairs, self._rng.permutation(len(self._pairs.captions))
        for start in range(0, len(order) - batch_size + 1, batch_size):
            places = np.sort(order[start : start + batch_size])
            texts = [self._wording.draw(KINDS[pairs.kinds[i]], pairs.captions[i], self._rng) for i in places]
            texts += self._rng.choice(GENERIC_TEXTS, GENERIC_PER_STEP, replace=False).tolist()
            yield _Batch(
                places=places,
                tokens=torch.from_numpy(self._tokenizer(texts)),
                kinds=torch.from_numpy(pairs.kinds[places]),
                are_scenes=torch.from_numpy(pairs.are_scenes[places]),
            )


def encode_texts(model: open_clip.CLIP, tokens: torch.Tensor, chunks: int = 4) -> torch.Tensor:
    """Do what `model.encode_text` does, sorted by length, so that short texts cost no padding.

    Args:
        model: one with a causal text tower.
        tokens: (n, context_length) ids.
        chunks: groups of like length.

    Returns:
        (n, dimension), not normalised.
    """
    ends = tokens.argmax(dim=1)
    order = ends.argsort()
    encoded = []
    for chosen in order.chunk(chunks):
        length = int(ends[chosen].max()) + 1
        x = model.token_embedding(tokens[chosen, :length]) + model.positional_embedding[:length]
        x = model.ln_final(model.transformer(x, attn_mask=model.attn_mask[:length, :length]))
        encoded.append(x[torch.arange(len(x)), ends[chosen]] @ model.text_projection)
    return torch.cat(encoded)[order.argsort()]


def _optimizer(parameters: list[torch.nn.Parameter], topic: Topic, recipe: Recipe) -> torch.optim.Optimizer:
    matrices = [weights for weights in parameters if weights.ndim > 1]
    others = [weights for weights in parameters if weights.ndim <= 1]
    return torch.optim.AdamW(
        [
            {"params": matrices, "weight_decay": recipe.weight_decay},
            {"params": [*others, *topic.parameters()], "weight_decay": 0.0},
        ],
        lr=recipe.learning_rate,
        betas=(0.9, 0.98),
    )
