"""Train the embedded encoder from nothing on drawn demo scenes: `python -m indexer.encoders.train --help`.

CLIP's contrastive loss (Radford et al. 2021), with two changes that a set of few kinds and many pictures asks
for: texts of the same kind in a batch share the target instead of being negatives, and a second, binary loss
teaches which pictures are remote-sensing images at all.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import open_clip
import torch
from safetensors.torch import load_file, save_file

from indexer.encoders.embedded_encoder import CONFIG_FILE, FOLDER, WEIGHTS_FILE, EmbeddedEncoder
from indexer.encoders.evaluate import EVALUATION_SEED, examine, table
from indexer.encoders.training_loop import Recipe, Training
from indexer.encoders.training_pairs import KINDS, Pairs, collect, draw_pairs

# Unlike the demo's own seed and the evaluation's, so that no picture is seen twice.
TRAINING_SEED = 230_611_300
# Pictures are kept a little larger than the model reads, to be cropped anew each time.
STORED_SIDE = 144


def train(
    config: dict[str, Any], pairs: Pairs, recipe: Recipe, seed: int, start: Path | None = None
) -> open_clip.CLIP:
    """Train a model of that open_clip config.

    Args:
        config: with `model_cfg` and `preprocess_cfg`.
        pairs: what it learns from.
        recipe: how long and how.
        seed: of weights, order, wording and augmentation.
        start: folder of a trained model of the same config; its image tower is kept, its words learn on.
    """
    torch.manual_seed(seed)
    model = open_clip.CLIP(**config["model_cfg"])
    training = Training(model, config, pairs, recipe, seed)
    if start is None:
        training.train_both_towers()
    else:
        model.load_state_dict(load_file(start / WEIGHTS_FILE))
    training.train_words()
    return model.eval()


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
    parser.add_argument(
        "--start", type=Path, help="folder of a trained model: learn only words, keep its eyes"
    )
    parser.add_argument("--per-kind", type=int, default=usual.per_kind, help="pictures of each kind of scene")
    parser.add_argument("--epochs", type=int, default=usual.epochs, help="times each picture is seen")
    parser.add_argument(
        "--word-epochs", type=int, default=usual.word_epochs, help="times each is worded anew"
    )
    parser.add_argument("--workers", type=int, default=2, help="processes that draw")
    parser.add_argument("--seed", type=int, default=TRAINING_SEED, help="of pictures, words and weights")
    options = parser.parse_args()
    recipe = Recipe(per_kind=options.per_kind, epochs=options.epochs, word_epochs=options.word_epochs)
    config = json.loads(options.config.read_text(encoding="utf-8"))
    cached = options.cache / f"{options.seed}-{recipe.per_kind}.npz"
    if not cached.exists():
        counts = recipe.per_kind, recipe.per_off_topic
        collect(draw_pairs(options.seed, *counts, STORED_SIDE, options.workers)).save(cached)
    pairs = Pairs.load(cached)
    print(f"{len(pairs.captions):,} pairs of {len(KINDS)} kinds; {asdict(recipe)}", flush=True)
    save(train(config, pairs, recipe, options.seed, options.start), config, options.out)
    print(table(examine(EmbeddedEncoder(options.out), EVALUATION_SEED)))


if __name__ == "__main__":
    main()
