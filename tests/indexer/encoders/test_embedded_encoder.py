import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import open_clip
import pytest
import torch
from PIL import Image

from indexer.encoders import Encoder, open_encoder
from indexer.encoders.embedded_encoder import CONFIG_FILE, FOLDER, WEIGHTS_FILE, EmbeddedEncoder
from indexer.encoders.tokenizer import Tokenizer
from indexer.errors import UserError

CAPTIONS = [
    "planes",
    "a satellite image of boats moored in a marina",
    "São Paulo &amp; its <b>highways</b> 🛰️",
    "",
    "This is a satellite image of farmland, UTM zone 18T, GSD 0.5 m, cloud cover 3 %. " * 8,
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return open_encoder("embedded", device="cpu")


@pytest.fixture(scope="module")
def model() -> open_clip.CLIP:
    """Load the same folder with open_clip itself."""
    return open_clip.create_model(f"local-dir:{FOLDER}", require_pretrained=True).eval()


@pytest.fixture(scope="module")
def batch(encoder: Encoder) -> np.ndarray:
    shape = (5, encoder.image_size, encoder.image_size, 3)
    return np.random.default_rng(3).integers(0, 256, shape, dtype=np.uint8)


def test_text_vectors_equal_open_clips(encoder: Encoder, model: open_clip.CLIP) -> None:
    text_config = json.loads((FOLDER / CONFIG_FILE).read_text())["model_cfg"]["text_cfg"]
    tokens = Tokenizer(text_config["vocab_size"], text_config["context_length"])(CAPTIONS)
    with torch.inference_mode():
        expected = model.encode_text(torch.from_numpy(tokens), normalize=True).numpy()
    np.testing.assert_allclose(encoder.encode_texts(CAPTIONS), expected, atol=1e-4)


def test_image_vectors_equal_open_clips(encoder: Encoder, model: open_clip.CLIP, batch: np.ndarray) -> None:
    config = open_clip.get_model_preprocess_cfg(model)
    pixels = (batch / 255 - config["mean"]) / config["std"]
    with torch.inference_mode():
        images = torch.from_numpy(pixels).permute(0, 3, 1, 2).float()
        expected = model.encode_image(images, normalize=True).numpy()
    np.testing.assert_allclose(encoder.encode_images(batch), expected, atol=1e-4)


def test_vectors_are_unit_float32_and_repeatable(encoder: Encoder, batch: np.ndarray) -> None:
    for encode in (lambda: encoder.encode_images(batch), lambda: encoder.encode_texts(CAPTIONS)):
        vectors = encode()
        assert vectors.dtype == np.float32
        assert vectors.shape == (5, encoder.dimension)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
        np.testing.assert_array_equal(vectors, encode())


def test_a_text_has_the_same_vector_alone_and_among_others(encoder: Encoder) -> None:
    together = encoder.encode_texts(CAPTIONS)
    alone = np.concatenate([encoder.encode_texts([caption]) for caption in CAPTIONS])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_many_texts_go_through_in_chunks(encoder: Encoder) -> None:
    vectors = encoder.encode_texts(["planes"] * 600)
    assert vectors.shape == (600, encoder.dimension)
    np.testing.assert_allclose(vectors, np.broadcast_to(vectors[0], vectors.shape), atol=1e-5)


def test_nothing_encodes_to_nothing(encoder: Encoder) -> None:
    assert encoder.encode_texts([]).shape == (0, encoder.dimension)
    none = np.empty((0, encoder.image_size, encoder.image_size, 3), np.uint8)
    assert encoder.encode_images(none).shape == (0, encoder.dimension)


def test_text_queries_import_neither_torch_nor_open_clip() -> None:
    program = (
        "import sys; from indexer.encoders import open_encoder; encoder = open_encoder();"
        "encoder.encode_texts(['planes']); encoder.describe();"
        "print(sorted({'torch', 'open_clip'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("shape", [(1, 64, 64, 3), (128, 128, 3), (1, 3, 128, 128)])
def test_a_batch_of_another_shape_is_refused(encoder: Encoder, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="expected uint8"):
        encoder.encode_images(np.zeros(shape, np.uint8))


def test_a_float_batch_is_refused(encoder: Encoder, batch: np.ndarray) -> None:
    with pytest.raises(ValueError, match="got float32"):
        encoder.encode_images(batch.astype(np.float32))  # type: ignore[arg-type]


def test_preprocess_crops_the_centre(encoder: Encoder) -> None:
    image = Image.new("RGB", (600, 200), "red")
    image.paste("blue", (200, 0, 400, 200))
    pixels = encoder.preprocess(image)
    assert pixels.shape == (encoder.image_size, encoder.image_size, 3)
    assert pixels.dtype == np.uint8
    inside = pixels[4:-4, 4:-4]
    assert (inside == (0, 0, 255)).all()


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "CMYK", "1"])
def test_preprocess_takes_any_mode(encoder: Encoder, mode: str) -> None:
    assert encoder.preprocess(Image.new(mode, (40, 30))).shape[2] == 3


def test_describe_is_what_a_manifest_needs(encoder: Encoder) -> None:
    described = encoder.describe()
    assert described["name"] == "embedded"
    assert described["checkpoint"] is None
    assert described["dimension"] == encoder.dimension
    assert described["image_size"] == encoder.image_size
    assert described["weights_sha256"] == encoder.weights_sha256
    assert len(encoder.weights_sha256) == 64
    json.dumps(described)


def test_weights_are_small_enough_to_ship() -> None:
    assert (FOLDER / WEIGHTS_FILE).stat().st_size <= 16_000_000


def test_missing_files_are_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"open_clip_config\.json"):
        EmbeddedEncoder(tmp_path)


def test_damaged_weights_are_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / CONFIG_FILE).write_bytes((FOLDER / CONFIG_FILE).read_bytes())
    (tmp_path / WEIGHTS_FILE).write_bytes((FOLDER / WEIGHTS_FILE).read_bytes()[:1000])
    with pytest.raises(UserError, match="cannot be read"):
        EmbeddedEncoder(tmp_path)
