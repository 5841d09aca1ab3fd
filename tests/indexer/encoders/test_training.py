import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import open_clip
import pytest
import torch

from indexer.demo.scenes import OFF_TOPIC, SCENES
from indexer.demo.vocabulary import HELD_OUT_QUERIES
from indexer.encoders.augmentation import augment
from indexer.encoders.embedded_encoder import CONFIG_FILE, FOLDER, WEIGHTS_FILE, EmbeddedEncoder
from indexer.encoders.tokenizer import Tokenizer
from indexer.encoders.train import save, train
from indexer.encoders.training_loop import Recipe, encode_texts
from indexer.encoders.training_losses import Topic, contrastive_loss
from indexer.encoders.training_pairs import KINDS, Pairs, collect, draw_pairs
from indexer.encoders.training_words import Wording

SMALL = {
    "model_cfg": {
        "embed_dim": 32,
        "quick_gelu": True,
        "vision_cfg": {"image_size": 32, "layers": [1, 1, 1, 1], "width": 16, "head_width": 64},
        "text_cfg": {"context_length": 32, "vocab_size": 4514, "width": 64, "heads": 2, "layers": 1},
    },
    "preprocess_cfg": {"size": 32, "mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25]},
}


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Steps this small lose more by waiting for each other's threads than they gain."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def two_colours(count: int) -> Pairs:
    """Red forests and blue airports: two kinds that nothing but colour tells apart."""
    kinds = np.arange(count) % 2
    images = np.random.default_rng(0).integers(0, 60, (count, 36, 36, 3), dtype=np.uint8)
    images[kinds == 0, ..., 0] += 180
    images[kinds == 1, ..., 2] += 180
    numbers = np.array([KINDS.index("forest"), KINDS.index("airport")])[kinds]
    return Pairs(images, [("a red one", "a blue one")[kind] for kind in kinds], numbers)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedEncoder:
    recipe = Recipe(epochs=6, batch_size=16, word_epochs=2, learning_rate=2e-3)
    folder = tmp_path_factory.mktemp("trained")
    save(train(SMALL, two_colours(256), recipe, seed=4), SMALL, folder)
    return EmbeddedEncoder(folder, device="cpu")


def test_training_tells_two_kinds_apart(trained: EmbeddedEncoder) -> None:
    texts = trained.encode_texts(["a red one", "a blue one"])
    images = np.zeros((2, 32, 32, 3), np.uint8) + 30
    images[0, ..., 0] += 180
    images[1, ..., 2] += 180
    assert (texts @ trained.encode_images(images).T).argmax(axis=1).tolist() == [0, 1]


def test_going_on_from_a_folder_keeps_its_image_tower(trained: EmbeddedEncoder, tmp_path: Path) -> None:
    recipe = Recipe(word_epochs=1, learning_rate=2e-3)
    save(train(SMALL, two_colours(256), recipe, seed=9, start=trained.folder), SMALL, tmp_path)
    further = EmbeddedEncoder(tmp_path, device="cpu")
    batch = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), dtype=np.uint8)
    np.testing.assert_array_equal(further.encode_images(batch), trained.encode_images(batch))
    assert (further.encode_texts(["a red one"]) != trained.encode_texts(["a red one"])).any()


def test_saved_matrices_are_half_precision(trained: EmbeddedEncoder, tmp_path: Path) -> None:
    model = open_clip.CLIP(**SMALL["model_cfg"])
    save(model, SMALL, tmp_path)
    size = (tmp_path / WEIGHTS_FILE).stat().st_size
    assert size < 2.3 * sum(weights.numel() for weights in model.parameters())
    assert json.loads((tmp_path / CONFIG_FILE).read_text()) == SMALL


def test_texts_sorted_by_length_encode_as_open_clip_does() -> None:
    config = json.loads((FOLDER / CONFIG_FILE).read_text())["model_cfg"]
    model = open_clip.CLIP(**config).eval()
    tokenizer = Tokenizer(config["text_cfg"]["vocab_size"], config["text_cfg"]["context_length"])
    tokens = torch.from_numpy(tokenizer(["planes", "", "a long " * 50, "boats in a marina", "a b c"]))
    with torch.inference_mode():
        torch.testing.assert_close(encode_texts(model, tokens), model.encode_text(tokens))


def test_captions_of_the_same_kind_are_no_negatives() -> None:
    kinds = torch.tensor([0, 0, 1])
    by_kind = torch.tensor([[9.0, 9.0, 0.0], [9.0, 9.0, 0.0], [0.0, 0.0, 9.0]])
    by_pair = torch.eye(3) * 9
    assert contrastive_loss(by_kind, kinds, 0.0) < contrastive_loss(by_pair, kinds, 0.0)
    assert contrastive_loss(by_pair, kinds, 1.0) < contrastive_loss(by_kind, kinds, 1.0)


def test_the_topic_loss_wants_scenes_near_the_generic_texts() -> None:
    near, far = torch.tensor([[1.0, 0.0]]), torch.tensor([[-1.0, 0.0]])
    images, are_scenes = torch.cat([near, far]), torch.tensor([True, False])
    assert Topic()(images, near, are_scenes) < 0.01
    assert Topic()(images, far, are_scenes) > 5


def test_augmentation_is_bounded_varied_and_repeatable() -> None:
    pixels = torch.rand(1, 3, 36, 36).expand(12, -1, -1, -1)
    seen = augment(pixels, 32, torch.Generator().manual_seed(1))
    assert seen.shape == (12, 3, 32, 32)
    assert 0 <= seen.min() < seen.max() <= 1
    assert len(torch.unique(seen, dim=0)) == 12
    assert torch.equal(seen, augment(pixels, 32, torch.Generator().manual_seed(1)))


def test_pairs_follow_from_the_seed_and_survive_a_file(tmp_path: Path) -> None:
    first = collect(pair for pair, _ in zip(draw_pairs(1, 1, 1, 32), range(3), strict=False))
    again = collect(pair for pair, _ in zip(draw_pairs(1, 1, 1, 32), range(3), strict=False))
    other = collect(pair for pair, _ in zip(draw_pairs(2, 1, 1, 32), range(3), strict=False))
    np.testing.assert_array_equal(first.images, again.images)
    assert first.captions == again.captions
    assert (first.images != other.images).any()
    first.save(tmp_path / "pairs.npz")
    loaded = Pairs.load(tmp_path / "pairs.npz")
    np.testing.assert_array_equal(loaded.images, first.images)
    assert loaded.captions == first.captions


def test_off_topic_kinds_are_no_scenes() -> None:
    numbers = np.array([KINDS.index(next(iter(SCENES))), KINDS.index(next(iter(OFF_TOPIC)))])
    pairs = Pairs(np.zeros((2, 1, 1, 3), np.uint8), ["", ""], numbers)
    assert pairs.are_scenes.tolist() == [True, False]


@pytest.fixture(scope="module")
def wording() -> Wording:
    return Wording(Tokenizer(8514, 64).whole_words)


@pytest.mark.parametrize("kind", ["harbour", next(iter(OFF_TOPIC))])
def test_many_texts_are_drawn_for_a_picture_and_none_is_empty(wording: Wording, kind: str) -> None:
    rng = np.random.default_rng(0)
    texts = [wording.draw(kind, "the caption", rng) for _ in range(400)]
    assert 50 < texts.count("the caption") < 150
    assert len(set(texts)) > 150
    assert all(text.strip() for text in texts)


def test_no_held_out_query_is_ever_drawn(wording: Wording) -> None:
    rng = np.random.default_rng(0)
    for kind, queries in HELD_OUT_QUERIES.items():
        assert not {wording.draw(kind, "the caption", rng) for _ in range(300)} & set(queries)


def test_whole_words_are_common_english() -> None:
    words = Tokenizer(8514, 64).whole_words
    assert {"the", "where", "around"} <= set(words)
    assert all(word.isalpha() for word in words)
