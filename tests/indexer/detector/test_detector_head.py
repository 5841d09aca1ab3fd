import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.detector import DetectorHead, head_for
from indexer.detector.facts import MadeFor, TrainedOn
from indexer.detector.layers import Layer
from indexer.detector.measure import Measured
from indexer.errors import UserError

ENCODER = {"name": "tiny", "weights_sha256": "ab" * 32, "dimension": 3, "image_size": 32}
UNSEEN = Measured(40, 10, 38, 1, 0.97, (0.92, 1.0))
TRAINED_ON = TrainedOn("a test", 160, 40, "the same test", 1e-3, True, 0, 0)


def layer(weights: list[list[float]], bias: list[float]) -> Layer:
    return Layer(np.array(weights, np.float32), np.array(bias, np.float32))


def head(*layers: Layer) -> DetectorHead:
    return DetectorHead("tiny", MadeFor("tiny", "ab" * 32, 3), layers, TRAINED_ON, UNSEEN)


LINEAR = head(layer([[4.0, -4.0, 0.1]], [0.5]))
# Opens where the first or the second axis is far from 0, which no linear head can.
HIDDEN = head(layer([[1, 0, 0], [-1, 0, 0]], [-0.5, -0.5]), layer([[20, 20]], [-2]))


def test_linear_head_is_logistic_regression() -> None:
    vectors = np.array([[1, 0, 0], [0, 1, 0], [0.6, 0.6, 0.5]], np.float32)
    expected = 1 / (1 + np.exp(-(vectors @ [4, -4, 0.1] + 0.5)))
    found = LINEAR.probabilities(vectors)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_hidden_layer_opens_on_both_sides() -> None:
    vectors = np.array([[1, 0, 0], [-1, 0, 0], [0, 1, 0]], np.float16)
    assert (HIDDEN.probabilities(vectors) > 0.5).tolist() == [True, True, False]


def test_sample_without_vector_has_no_probability() -> None:
    vectors = np.array([[0, 0, 0], [1, 0, 0]], np.float16)
    assert np.isnan(LINEAR.probabilities(vectors)).tolist() == [True, False]


def test_extreme_vectors_give_no_warning_and_stay_in_range() -> None:
    steep = head(layer([[1e6, 0, 0]], [0]))
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert steep.probabilities(np.array([[1, 0, 0], [-1, 0, 0]], np.float32)).tolist() == [1, 0]


def test_mapped_vectors_are_scored_as_those_in_memory(tmp_path: Path) -> None:
    vectors = np.random.default_rng(0).normal(size=(70_000, 3)).astype(np.float16)
    vectors[69_999] = 0
    np.save(tmp_path / "vectors.npy", vectors)
    mapped = np.load(tmp_path / "vectors.npy", mmap_mode="r")
    np.testing.assert_array_equal(LINEAR.probabilities(mapped), LINEAR.probabilities(vectors))


def test_no_vectors_give_no_probabilities() -> None:
    assert LINEAR.probabilities(np.empty((0, 3), np.float16)).shape == (0,)


def test_vectors_of_another_length_are_refused() -> None:
    with pytest.raises(UserError, match="reads vectors of 3 numbers, these have 5"):
        LINEAR.probabilities(np.zeros((2, 5), np.float32))


@pytest.mark.parametrize("original", [LINEAR, HIDDEN])
def test_saved_head_is_read_back_the_same(original: DetectorHead, tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "head.json"
    original.save(path)
    again = DetectorHead.load(path, ENCODER)
    vectors = np.random.default_rng(1).normal(size=(100, 3)).astype(np.float32)
    np.testing.assert_array_equal(again.probabilities(vectors), original.probabilities(vectors))
    assert again.describe() == original.describe()
    assert original.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert [entry.name for entry in path.parent.iterdir()] == ["head.json"]


def test_file_has_a_line_for_each_row_of_weights(tmp_path: Path) -> None:
    named = replace(HIDDEN, name="a [\n1\n] name")
    named.save(tmp_path / "head.json")
    lines = (tmp_path / "head.json").read_text().splitlines()
    assert sum(line.strip() in ("[ 1.0, 0.0, 0.0 ],", "[ -1.0, 0.0, 0.0 ]") for line in lines) == 2
    assert DetectorHead.load(tmp_path / "head.json").name == named.name


def test_description_is_json_and_says_how_good_it_is() -> None:
    described = LINEAR.describe()
    assert json.loads(json.dumps(described)) == described
    assert described["encoder"]["weights_sha256"] == ENCODER["weights_sha256"]
    assert described["trained_on"]["remote_sensing"] == 160
    assert described["unseen"] == {"remote_sensing": 40, "other": 10, "what": "the same test"}
    assert described["accuracy"] == 47 / 50
    assert described["precision"] == 38 / 39
    assert described["recall"] == 38 / 40
    assert described["auc"] == 0.97
    assert set(described["intervals"]) == {"accuracy", "precision", "recall", "specificity", "auc"}


def test_head_fits_only_the_weights_it_was_trained_on(tmp_path: Path) -> None:
    assert LINEAR.fits(ENCODER)
    assert not LINEAR.fits(ENCODER | {"weights_sha256": "cd" * 32})
    assert not LINEAR.fits(ENCODER | {"dimension": 4})
    assert not LINEAR.fits({})
    LINEAR.save(tmp_path / "head.json")
    with pytest.raises(UserError, match=r"vectors of tiny \(weights abab.*these are of other \(weights cdcd"):
        DetectorHead.load(tmp_path / "head.json", ENCODER | {"name": "other", "weights_sha256": "cd" * 32})


def edited(folder: Path, **fields: Any) -> Path:
    """A saved head with some fields replaced; None takes a field away."""
    path = folder / "head.json"
    LINEAR.save(path)
    content = json.loads(path.read_text()) | fields
    path.write_text(json.dumps({name: value for name, value in content.items() if value is not None}))
    return path


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"format": "other"}, "is no detector head"),
        ({"version": 99}, "is of version 99; this program reads version 1"),
        ({"layers": None}, "layers is missing"),
        ({"unseen": None}, "unseen is missing"),
        ({"layers": []}, "it has 0 layers"),
        ({"layers": [{"weights": [[1, 2]], "bias": [0]}]}, "1 rows of 2 weights instead of 1 rows of 3"),
        ({"layers": [{"weights": [[1, 2, 3], [1, 2]], "bias": [0, 0]}]}, "rows of weights differ in length"),
        ({"layers": [{"weights": [[1, 2, "x"]], "bias": [0]}]}, "a weight is no number"),
        ({"layers": [{"weights": [1, 2, 3], "bias": [0]}]}, "nested 1 deep instead of 2"),
        ({"layers": [{"weights": [[1, 2, float("inf")]], "bias": [0]}]}, "no finite number"),
        ({"layers": [{"weights": [[1, 2, 1e300]], "bias": [0]}]}, "no finite number"),
        ({"layers": [{"weights": [[1, 2, 3]] * 2, "bias": [0, 0]}]}, "gives 2 numbers instead of one"),
        ({"layers": [{"weights": [[1, 2, 3]]}]}, "bias is missing"),
        ({"layers": "none"}, "is damaged"),
        ({"encoder": {"name": "tiny", "weights_sha256": "ab", "dimension": "3"}}, "dimension is '3'"),
        ({"encoder": {"name": "tiny", "weights_sha256": "ab", "dimension": True}}, "dimension is True"),
        ({"encoder": {"name": "tiny"}}, "weights_sha256 is missing"),
        ({"unseen": {"remote_sensing": 1}}, "other is missing"),
        ({"unseen": asdict(UNSEEN) | {"true_positives": 41}}, "more unseen samples are said to be found"),
        ({"unseen": asdict(UNSEEN) | {"other": 1.5}}, "no number of samples"),
        ({"unseen": asdict(UNSEEN) | {"auc": float("nan")}}, "auc is not between"),
    ],
)
def test_damaged_head_is_refused_and_named(fields: dict[str, Any], message: str, tmp_path: Path) -> None:
    path = edited(tmp_path, **fields)
    with pytest.raises(UserError, match=message) as raised:
        DetectorHead.load(path)
    assert "head.json" in raised.value.what
    assert "train-detector" in raised.value.hint


@pytest.mark.parametrize("content", [b"", b"{", b"\x80\x04K\x01.", b"[1, 2]", b"[" * 100_000])
def test_file_that_is_no_head_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "head.json").write_bytes(content)
    with pytest.raises(UserError, match="is no detector head"):
        DetectorHead.load(tmp_path / "head.json")


def test_missing_head_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"head\.json cannot be read: No such file"):
        DetectorHead.load(tmp_path / "head.json")


def test_shipped_head_is_found_by_the_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.detector.shipped.HEADS", tmp_path)
    assert head_for(ENCODER) is None
    LINEAR.save(tmp_path / "tiny.json")
    replace(LINEAR, name="else", encoder=MadeFor("else", "ef" * 32, 3)).save(tmp_path / "else.json")
    found = head_for(ENCODER)
    assert found is not None
    assert found.name == "tiny"
    assert head_for({"name": "tiny"}) is None
