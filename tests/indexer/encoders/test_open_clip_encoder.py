import json
import pickle
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import open_clip
import pytest
import torch
from safetensors.torch import save_file

from indexer.encoders import open_encoder
from indexer.errors import UserError

ARCHITECTURE = "tiny-resnet"
CONFIG = {
    "embed_dim": 32,
    "vision_cfg": {"image_size": 32, "layers": [1, 1, 1, 1], "width": 8, "head_width": 64},
    "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1},
}
TEXTS = ["planes", "a satellite image of a harbour"]


@pytest.fixture(scope="module", autouse=True)
def architecture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Make a model small enough for a test known to open_clip by name."""
    path = tmp_path_factory.mktemp("architectures") / f"{ARCHITECTURE}.json"
    path.write_text(json.dumps(CONFIG))
    open_clip.add_model_config(path)
    yield
    open_clip.factory._MODEL_CONFIG_PATHS.remove(path)
    open_clip.factory._MODEL_CONFIGS.pop(ARCHITECTURE)


@pytest.fixture(scope="module")
def model(architecture: None) -> open_clip.CLIP:
    torch.manual_seed(5)
    return open_clip.create_model(ARCHITECTURE).eval()


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))


def vectors_of(model: open_clip.CLIP) -> np.ndarray:
    with torch.inference_mode():
        return model.encode_text(open_clip.get_tokenizer(ARCHITECTURE)(TEXTS), normalize=True).numpy()


def as_state_dict(model: open_clip.CLIP, path: Path) -> None:
    torch.save(model.state_dict(), path)


def as_training_checkpoint(model: open_clip.CLIP, path: Path) -> None:
    weights = {f"module.{key}": value for key, value in model.state_dict().items()}
    torch.save({"epoch": 20, "name": "RS5M", "state_dict": weights}, path)


def as_old_state_dict(model: open_clip.CLIP, path: Path) -> None:
    torch.save({**model.state_dict(), "context_length": torch.tensor(77)}, path)


def as_half_precision(model: open_clip.CLIP, path: Path) -> None:
    torch.save({key: value.half() for key, value in model.state_dict().items()}, path)


def as_safetensors(model: open_clip.CLIP, path: Path) -> None:
    save_file(model.state_dict(), path)


@pytest.mark.parametrize(
    ("file_name", "save"),
    [
        ("RS5M_ViT-B-32.pt", as_state_dict),
        ("epoch_20.pt", as_training_checkpoint),
        ("old.pth", as_old_state_dict),
        ("half.bin", as_half_precision),
        ("weights.safetensors", as_safetensors),
    ],
)
def test_a_checkpoint_gives_the_models_own_vectors(model, tmp_path, file_name, save) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / file_name
    save(model, path)
    encoder = open_encoder(ARCHITECTURE, path, device="cpu")
    np.testing.assert_allclose(encoder.encode_texts(TEXTS), vectors_of(model), atol=2e-3)


def test_images_are_normalised_as_the_model_wants(model: open_clip.CLIP, tmp_path: Path) -> None:
    as_safetensors(model, tmp_path / "weights.safetensors")
    encoder = open_encoder(ARCHITECTURE, tmp_path / "weights.safetensors", device="cpu")
    batch = np.random.default_rng(0).integers(0, 256, (3, 32, 32, 3), dtype=np.uint8)
    pixels = (batch / 255 - open_clip.OPENAI_DATASET_MEAN) / open_clip.OPENAI_DATASET_STD
    with torch.inference_mode():
        images = torch.from_numpy(pixels).permute(0, 3, 1, 2).float()
        expected = model.encode_image(images, normalize=True).numpy()
    np.testing.assert_allclose(encoder.encode_images(batch), expected, atol=1e-4)
    np.testing.assert_array_equal(encoder.encode_images(batch), encoder.encode_images(batch))


def test_describe_names_checkpoint_and_hash(model: open_clip.CLIP, tmp_path: Path) -> None:
    path = tmp_path / "weights.safetensors"
    as_safetensors(model, path)
    described = open_encoder(ARCHITECTURE, path, device="cpu").describe()
    assert described["name"] == described["architecture"] == ARCHITECTURE
    assert described["checkpoint"] == str(path.resolve())
    assert (described["dimension"], described["image_size"]) == (32, 32)
    assert len(described["weights_sha256"]) == 64


def test_a_model_folder_is_an_encoder(model: open_clip.CLIP, tmp_path: Path) -> None:
    (tmp_path / "open_clip_config.json").write_text(json.dumps({"model_cfg": CONFIG, "preprocess_cfg": {}}))
    as_safetensors(model, tmp_path / "open_clip_model.safetensors")
    encoder = open_encoder(f"local-dir:{tmp_path}", device="cpu")
    np.testing.assert_allclose(encoder.encode_texts(TEXTS), vectors_of(model), atol=1e-4)


def test_a_folder_without_a_model_says_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"needs open_clip_config\.json"):
        open_encoder(f"local-dir:{tmp_path}")


class Payload:
    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self.mark,))


@pytest.mark.parametrize("save", [torch.save, lambda payload, path: path.write_bytes(pickle.dumps(payload))])
def test_a_pickle_with_code_is_refused_and_not_run(tmp_path, save) -> None:  # type: ignore[no-untyped-def]
    mark, path = tmp_path / "ran", tmp_path / "evil.pt"
    save({"state_dict": Payload(mark)}, path)
    with pytest.raises(UserError, match="unpickling can run code"):
        open_encoder(ARCHITECTURE, path)
    assert not mark.exists()


@pytest.mark.parametrize("content", [[1, 2, 3], {"epoch": 3, "state_dict": {}}, {"epoch": 3}, "text"])
def test_a_file_without_state_dict_is_refused(tmp_path: Path, content: object) -> None:
    torch.save(content, tmp_path / "other.pt")
    with pytest.raises(UserError, match=r"other\.pt"):
        open_encoder(ARCHITECTURE, tmp_path / "other.pt")


@pytest.mark.parametrize("suffix", [".pt", ".safetensors"])
@pytest.mark.parametrize("keep", [0, 2000])
def test_a_damaged_file_is_refused(model: open_clip.CLIP, tmp_path: Path, suffix: str, keep: int) -> None:
    path = tmp_path / f"cut{suffix}"
    (as_state_dict if suffix == ".pt" else as_safetensors)(model, path)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(UserError, match=r"cut\."):
        open_encoder(ARCHITECTURE, path)


def test_a_torchscript_program_is_refused(tmp_path: Path) -> None:
    torch.jit.script(torch.nn.Linear(2, 2)).save(tmp_path / "program.pt")
    with pytest.raises(UserError, match="TorchScript"):
        open_encoder(ARCHITECTURE, tmp_path / "program.pt")


def test_weights_of_another_shape_name_the_weight(model: open_clip.CLIP, tmp_path: Path) -> None:
    weights = dict(model.state_dict())
    weights["text_projection"] = torch.zeros(32, 64)
    torch.save(weights, tmp_path / "other.pt")
    with pytest.raises(UserError, match=r"other\.pt does not fit tiny-resnet .*text_projection"):
        open_encoder(ARCHITECTURE, tmp_path / "other.pt")


def test_weights_of_another_architecture_are_refused(model: open_clip.CLIP, tmp_path: Path) -> None:
    weights = {key: value for key, value in model.state_dict().items() if not key.startswith("visual.layer4")}
    save_file({**weights, "visual.proj": torch.zeros(2)}, tmp_path / "other.safetensors")
    with pytest.raises(UserError, match=r"does not fit tiny-resnet .*missing, 1 unknown"):
        open_encoder(ARCHITECTURE, tmp_path / "other.safetensors")


def test_a_missing_checkpoint_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"nowhere\.pt is not a file"):
        open_encoder("ViT-B-32", tmp_path / "nowhere.pt")


def test_a_checkpoint_of_another_kind_says_which_are_read(tmp_path: Path) -> None:
    (tmp_path / "weights.pkl").write_bytes(b"")
    with pytest.raises(UserError, match=r"'\.pkl'.*\.safetensors"):
        open_encoder("ViT-B-32", tmp_path / "weights.pkl")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("ViT-B32", r"not known.*Did you mean.*ViT-B-32"),
        ("nonsense", r"not known.*embedded"),
        ("nonsense/laion2b", r"not known"),
        ("ViT-B-32", r"names no weights.*laion2b_s34b_b79k.*--checkpoint"),
        ("ViT-B-32/nonsense", r"no weights called nonsense.*openai"),
        (ARCHITECTURE, r"names no weights.*--checkpoint"),
    ],
)
def test_an_unknown_name_says_what_there_is(name: str, says: str) -> None:
    with pytest.raises(UserError, match=says):
        open_encoder(name)


@pytest.mark.usefixtures("offline")
@pytest.mark.parametrize(
    "name", ["ViT-B-32/laion2b_s34b_b79k", "hf-hub:timm/vit_base_patch32_clip_224.laion2b", "hf-hub:nonsense"]
)
def test_without_network_the_error_says_how_to_get_the_weights(name: str) -> None:
    with pytest.raises(UserError, match=r"cannot be downloaded.*--checkpoint FILE.*--encoder embedded"):
        open_encoder(name)


@pytest.mark.parametrize("name", ["embedded", "hf-hub:owner/model", "ViT-B-32/openai"])
def test_two_sources_of_weights_are_refused(model: open_clip.CLIP, tmp_path: Path, name: str) -> None:
    as_state_dict(model, tmp_path / "weights.pt")
    with pytest.raises(UserError, match="--checkpoint"):
        open_encoder(name, tmp_path / "weights.pt")
