"""The encoder of scale catalogues."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from indexer.encoders import open_encoder
from indexer.encoders.synthetic_encoder import SyntheticEncoder
from indexer.errors import UserError


def test_its_name_is_enough_to_open_it_again() -> None:
    encoder = open_encoder("synthetic-64-7")
    described = encoder.describe()
    again = open_encoder(described["name"])
    assert described == again.describe()
    assert (described["name"], described["dimension"]) == ("synthetic-64-7", 64)
    np.testing.assert_array_equal(encoder.encode_texts(["a port"]), again.encode_texts(["a port"]))


def test_without_settings_it_is_the_default_one() -> None:
    assert open_encoder("synthetic").describe() == open_encoder("synthetic-512-0").describe()


def test_its_hash_tells_seed_and_dimension() -> None:
    names = ("synthetic-64-0", "synthetic-64-1", "synthetic-32-0")
    assert len({open_encoder(name).weights_sha256 for name in names}) == 3


def test_texts_are_unit_vectors_whatever_they_say() -> None:
    found = open_encoder("synthetic-64-0").encode_texts(["airport", "", "xyzzy plugh", "航拍", "a " * 1000])
    assert (found.shape, found.dtype) == ((5, 64), np.float32)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


def test_singular_plural_and_company_lead_to_one_concept() -> None:
    harbour, harbours, ships, zoo = open_encoder("synthetic-512-0").encode_texts(
        ["harbour", "aerial photo of harbours", "harbour with ships", "zoo"]
    )
    np.testing.assert_allclose(harbour, harbours, atol=1e-6)
    assert harbour @ ships > harbour @ zoo + 0.05


def test_unknown_words_differ_but_lead_nowhere() -> None:
    one, other, none = open_encoder("synthetic-512-0").encode_texts(["xyzzy", "plugh", "the of"])
    assert not np.allclose(one, other)
    assert one @ none > 0.9


def test_no_texts_give_no_rows() -> None:
    assert open_encoder("synthetic-64-0").encode_texts([]).shape == (0, 64)


def test_it_knows_no_pictures() -> None:
    encoder = open_encoder("synthetic-64-0")
    with pytest.raises(UserError, match="knows no pictures"):
        encoder.preprocess(Image.new("RGB", (8, 8)))
    with pytest.raises(UserError, match="knows no pictures"):
        encoder.encode_images(np.zeros((1, 224, 224, 3), np.uint8))


@pytest.mark.parametrize("name", ["synthetic-", "synthetic-512", "synthetic-x-0", "synthetic-512-0-1"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(UserError, match=name):
        open_encoder(name)


def test_a_small_dimension_is_refused() -> None:
    with pytest.raises(UserError, match="too small"):
        SyntheticEncoder(8)


def test_it_needs_no_torch() -> None:
    code = (
        "import sys; from indexer.encoders import open_encoder;"
        "open_encoder('synthetic-64-0').encode_texts(['port']);"
        "print(sorted({'torch', 'open_clip'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
