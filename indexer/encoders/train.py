"""Train the embedded encoder from nothing on drawn demo scenes: `python -m indexer.encoders.train --help`.

CLIP's contrastive loss (Radford et al. 2021), with two changes that a set of few kinds and many pictures asks
for: captions of the same kind in a batch share the target instead of being negatives, and a second, binary
loss teaches which pictures are remote-sensing images at all.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import open_clip
import torch
from safetensors.torch import save_file
from torch.nn import functional

from indexer.encoders.augmentation import augment
from indexer.encoders.embedded_encoder import CONFIG_FILE, FOLDER, WEIGHTS_FILE, EmbeddedEncoder
from indexer.encoders.evaluate import EVALUATION_SEED, examine, table
from indexer.encoders.prompts import TEMPLATES
from indexer.encoders.tokenizer import Tokenizer
from indexer.encoders.training_pairs import KINDS, Pairs, collect, draw_pairs, draw_text

# Unlike the demo's own seed and the evaluation's, so that no picture is seen twice.
TRAINING_SEED = 230_611_300
# Pictures are kept a little larger than the model reads, to be cropped anew each time.
STORED_SIDE = 144

GENERIC_TEXTS = (*TEMPLATES, "a satellite image", "an aerial photo", "aerial photograph", "satellite imagery",
                 "an overhead view", "a picture from above", "Google Earth image", "aerial view")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a training run is made of.

    Attributes:
        per_kind: pictures drawn of each kind of scene.
        per_off_topic: pictures drawn of each off-topic kind.
        epochs: times each picture is seen.
        batch_size: pairs in a step.
        learning_rate: peak of a cosine schedule with linear warm-up.
        weight_decay: AdamW's, on matrices only.
        own_share: part of the target that a picture's own caption gets; those of its kind share the rest.
        topic_weight: weight of the remote-sensing-or-not loss.
        largest_scale: bound of the learned logit scale.
    """

    per_kind: int = 350
    per_off_topic: int = 150
    epochs: int = 6
    batch_size: int = 128
    learning_rate: float = 1.5e-3
    weight_decay: float = 0.05
    own_share: float = 0.3
    topic_weight: float = 0.3
    largest_scale: float = 40.0


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


def train(config: dict[str, Any], pairs: Pairs, recipe: Recipe, seed: int) -> open_clip.CLIP:
    """Train a model of that open_clip config; prints the losses of each epoch."""
    torch.manual_seed(seed)
    model = open_clip.CLIP(**config["model_cfg"])
    model.visual.to(memory_format=torch.channels_last)
    topic = Topic()
    steps = recipe.epochs * (len(pairs.captions) // recipe.batch_size)
    optimizer = _optimizer(model, topic, recipe)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, recipe.learning_rate, total_steps=steps, pct_start=0.08, cycle_momentum=False
    )
    batches = _batches(config, pairs, recipe, seed)
    model.train()
    started, losses = time.monotonic(), []
    for step in range(steps):
        loss = _step(model, topic, next(batches), recipe)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        with torch.no_grad():
            model.logit_scale.clamp_(max=float(np.log(recipe.largest_scale)))
        losses.append(loss.item())
        if (step + 1) % max(1, steps // recipe.epochs) == 0:
            print(
                f"step {step + 1}/{steps} loss {np.mean(losses):.3f} {time.monotonic() - started:.0f} s",
                flush=True,
            )
            losses.clear()
    return model.eval()


@dataclass(frozen=True, slots=True)
class _Batch:
    pixels: torch.Tensor
    tokens: torch.Tensor
    generic_tokens: torch.Tensor
    kinds: torch.Tensor
    are_scenes: torch.Tensor


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


def _step(model: open_clip.CLIP, topic: Topic, batch: _Batch, recipe: Recipe) -> torch.Tensor:
    with torch.autocast("cpu", torch.bfloat16):
        images = model.encode_image(batch.pixels)
        texts = encode_texts(model, torch.cat([batch.tokens, batch.generic_tokens]))
    images, texts = functional.normalize(images.float(), dim=-1), functional.normalize(texts.float(), dim=-1)
    captions, generic = texts[: len(batch.tokens)], texts[len(batch.tokens) :]
    logits = model.logit_scale.exp() * images @ captions.T
    loss = contrastive_loss(logits, batch.kinds, recipe.own_share)
    return loss + recipe.topic_weight * cast(torch.Tensor, topic(images, generic, batch.are_scenes))


def _batches(config: dict[str, Any], pairs: Pairs, recipe: Recipe, seed: int) -> Iterator[_Batch]:
    rng, torch_rng = np.random.default_rng(seed), torch.Generator().manual_seed(seed)
    text_config = config["model_cfg"]["text_cfg"]
    tokenizer = Tokenizer(text_config["vocab_size"], text_config["context_length"])
    mean = torch.tensor(config["preprocess_cfg"]["mean"]).view(1, 3, 1, 1)
    std = torch.tensor(config["preprocess_cfg"]["std"]).view(1, 3, 1, 1)
    size = config["model_cfg"]["vision_cfg"]["image_size"]
    while True:
        order = rng.permutation(len(pairs.captions))
        for start in range(0, len(order) - recipe.batch_size + 1, recipe.batch_size):
            chosen = np.sort(order[start : start + recipe.batch_size])
            stored = torch.from_numpy(pairs.images[chosen]).permute(0, 3, 1, 2).float() / 255
            texts = [draw_text(KINDS[pairs.kinds[i]], pairs.captions[i], rng) for i in chosen]
            yield _Batch(
                pixels=((augment(stored, size, torch_rng) - mean) / std).contiguous(
                    memory_format=torch.channels_last
                ),
                tokens=torch.from_numpy(tokenizer(texts)),
                generic_tokens=torch.from_numpy(
                    tokenizer(rng.choice(GENERIC_TEXTS, 12, replace=False).tolist())
                ),
                kinds=torch.from_numpy(pairs.kinds[chosen]),
                are_scenes=torch.from_numpy(pairs.are_scenes[chosen]),
            )


def _optimizer(model: open_clip.CLIP, topic: Topic, recipe: Recipe) -> torch.optim.Optimizer:
    matrices = [weights for weights in model.parameters() if weights.ndim > 1]
    others = [weights for weights in model.parameters() if weights.ndim <= 1]
    return torch.optim.AdamW(
        [
            {"params": matrices, "weight_decay": recipe.weight_decay},
            {"params": [*others, *topic.parameters()], "weight_decay": 0.0},
        ],
        lr=recipe.learning_rate,
        betas=(0.9, 0.98),
    )


def save(model: open_clip.CLIP, config: dict[str, Any], folder: Path) -> None:
    """Write config and weights for `EmbeddedEncoder`; matrices as float16, the few vectors as float32."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = {
        name: (value.half() if value.ndim > 1 else value).contiguous()
        for name, value in model.state_dict().items()
    }
    (folder / CONFIG_FILE).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    save_file(weights, folder / WEIGHTS_FILE)


def main() -> None:
    """Draw the pairs unless cached, train, save, examine, and print what the model card states."""
    usual = Recipe()
    parser = argparse.ArgumentParser(prog="python -m indexer.encoders.train", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out/encoder"), help="folder for config and weights")
    parser.add_argument("--config", type=Path, default=FOLDER / CONFIG_FILE, help="open_clip config to train")
    parser.add_argument("--cache", type=Path, default=Path("out/pairs"), help="folder that keeps drawn pairs")
    parser.add_argument("--per-kind", type=int, default=usual.per_kind, help="pictures of each kind of scene")
    parser.add_argument("--epochs", type=int, default=usual.epochs, help="times each picture is seen")
    parser.add_argument("--workers", type=int, default=2, help="processes that draw")
    parser.add_argument("--seed", type=int, default=TRAINING_SEED, help="of pictures, words and weights")
    options = parser.parse_args()
    recipe = Recipe(per_kind=options.per_kind, epochs=options.epochs)
    config = json.loads(options.config.read_text(encoding="utf-8"))
    cached = options.cache / f"{options.seed}-{recipe.per_kind}.npz"
    if not cached.exists():
        counts = recipe.per_kind, recipe.per_off_topic
        collect(draw_pairs(options.seed, *counts, STORED_SIDE, options.workers)).save(cached)
    pairs = Pairs.load(cached)
    print(f"{len(pairs.captions):,} pairs of {len(KINDS)} kinds; {asdict(recipe)}", flush=True)
    save(train(config, pairs, recipe, options.seed), config, options.out)
    print(table(examine(EmbeddedEncoder(options.out), EVALUATION_SEED)))


if __name__ == "__main__":
    main()
