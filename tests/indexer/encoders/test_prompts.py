import numpy as np

from indexer.encoders import open_encoder
from indexer.encoders.prompts import TEMPLATES, remote_sensing_vector


def test_the_templates_are_the_papers_33() -> None:
    assert len(set(TEMPLATES)) == 33
    assert {"remote sensing image", "jpeg corrupted aerial image", "good satellite image"} <= set(TEMPLATES)


def test_their_mean_is_one_unit_vector() -> None:
    vector = remote_sensing_vector(open_encoder())
    assert vector.shape == (1, 256)
    assert np.linalg.norm(vector) == np.float32(1) or abs(np.linalg.norm(vector) - 1) < 1e-6
