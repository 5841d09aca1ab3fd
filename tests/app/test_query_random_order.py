from __future__ import annotations

import numpy as np
import pytest

from app.query.random_order import first_at_random, permanent_numbers

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15


def split_mix(state: int, number: int) -> list[int]:
    """SplitMix64 as its authors write it: a state that steps, and a mixer of it."""
    made = []
    for _ in range(number):
        state = (state + GOLDEN) & MASK
        mixed = state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & MASK
        made.append(mixed ^ (mixed >> 31))
    return made


def test_the_numbers_are_those_of_split_mix() -> None:
    assert split_mix(1234567, 3) == [6457827717110365317, 3203168211198807973, 9817491932198370423]
    for seed in (0, 1, 2**62):
        (start,) = split_mix(seed * GOLDEN & MASK, 1)
        assert permanent_numbers(np.arange(50), seed).tolist() == split_mix(start, 50)


def test_a_draw_is_the_same_on_every_machine_and_day() -> None:
    # A link in a paper has to lead to the same samples for good: written down, not worked out.
    assert first_at_random(np.arange(10), 10, 1).tolist() == [3, 1, 9, 7, 0, 6, 4, 5, 8, 2]
    assert first_at_random(np.arange(10), 10, 2).tolist() != [3, 1, 9, 7, 0, 6, 4, 5, 8, 2]


def test_nothing_is_drawn_twice_and_all_is_drawn_where_there_is_no_more() -> None:
    ids = np.arange(100, 400, 3)

    found = first_at_random(ids, 1000, 7)

    assert sorted(found.tolist()) == ids.tolist()
    assert found.tolist() != ids.tolist()
    assert len(first_at_random(np.empty(0, np.int64), 5, 7)) == 0


def test_a_longer_draw_goes_on_where_a_shorter_one_ended() -> None:
    ids = np.arange(5000)
    assert first_at_random(ids, 400, 3).tolist()[:150] == first_at_random(ids, 150, 3).tolist()


def test_a_set_that_lost_some_keeps_the_others_of_its_draw() -> None:
    before = first_at_random(np.arange(5000), 200, 3).tolist()
    after = first_at_random(np.arange(0, 5000)[np.arange(5000) % 10 != 0], 200, 3).tolist()

    still_there = [id_ for id_ in before if id_ % 10]
    assert after[: len(still_there)] == still_there


@pytest.mark.parametrize("population", [40, 1000])
def test_every_sample_is_drawn_equally_often(population: int) -> None:
    draws, number = 2000, 10
    counts = np.zeros(population)
    for seed in range(draws):
        counts[first_at_random(np.arange(population), number, seed)] += 1

    expected = draws * number / population
    share = number / population
    # Drawn without replacement, a count varies less than a Poisson one; the sum of squares is then close to
    # chi-square with population - 1 degrees of freedom, whose mean and deviation are these.
    square = ((counts - expected) ** 2 / (expected * (1 - share))).sum()
    freedom = population - 1
    assert abs(square - freedom) < 4 * np.sqrt(2 * freedom)


def test_pairs_are_drawn_together_no_more_often_than_chance_has_it() -> None:
    together = sum({0, 1} <= set(first_at_random(np.arange(20), 5, seed).tolist()) for seed in range(4000))
    chance = 5 / 20 * 4 / 19
    assert abs(together / 4000 - chance) < 4 * np.sqrt(chance * (1 - chance) / 4000)
