from __future__ import annotations

import numpy as np
import pytest

from indexer.catalogue.half import inner_products


def test_products_are_those_of_the_widened_rows() -> None:
    random = np.random.default_rng(0)
    rows = random.standard_normal((3_000, 512)).astype(np.float16)
    query = random.standard_normal(512).astype(np.float32)
    query /= np.linalg.norm(query)
    ids = np.sort(random.choice(3_000, 1_777, replace=False))

    products = inner_products(rows, query, ids)

    np.testing.assert_allclose(products, rows[ids].astype(np.float64) @ query, atol=2e-5)


@pytest.mark.parametrize("value", [0.0, -0.0, 6e-8, -3e-6, 6.1e-5, 1e-3, -0.37, 1.0, 65_504.0])
def test_every_kind_of_number_is_widened_exactly(value: float) -> None:
    rows = np.full((1, 1), value, np.float16)

    assert inner_products(rows, np.ones(1, np.float32), np.zeros(1, np.int64))[0] == np.float32(rows[0, 0])


def test_a_product_does_not_depend_on_the_rows_asked_for_with_it() -> None:
    random = np.random.default_rng(1)
    rows = random.standard_normal((900, 96)).astype(np.float16)
    query = random.standard_normal(96).astype(np.float32) / 10
    together = inner_products(rows, query, np.arange(900))

    alone = [inner_products(rows, query, np.array([row]))[0] for row in range(900)]

    assert together.tolist() == alone


def test_no_rows_no_products() -> None:
    rows = np.ones((3, 4), np.float16)

    assert inner_products(rows, np.ones(4, np.float32), np.empty(0, np.int64)).shape == (0,)
