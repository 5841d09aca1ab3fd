from dataclasses import replace

import numpy as np
import pytest

from indexer.demo.scenes import LOOKS, OFF_TOPIC, SCENES, SEASONS, View, render, render_off_topic, view_of
from indexer.demo.scenes.registry import scene
from indexer.demo.scenes.sensor import clouds

PLAIN = View("summer", "temperate", 0.0, 1.0, 180.0, 45.0, "aerial", snow=False)


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_there_are_many_kinds() -> None:
    assert len(SCENES) >= 34
    assert len(OFF_TOPIC) >= 10
    assert not set(SCENES) & set(OFF_TOPIC)


@pytest.mark.parametrize("kind", SCENES)
def test_a_scene_is_a_picture_decided_by_its_seed(kind: str) -> None:
    pictures = [render(kind, rng(seed)) for seed in range(3)]
    for picture in pictures:
        assert picture.image.shape == (256, 256, 3)
        assert picture.image.dtype == np.uint8
        assert picture.image.std() > 4
        assert picture.facts
        assert all(isinstance(value, (str, int)) for value in picture.facts.values())
    again = render(kind, rng(1))
    np.testing.assert_array_equal(pictures[1].image, again.image)
    assert (again.view, again.facts) == (pictures[1].view, pictures[1].facts)
    difference = np.abs(pictures[0].image.astype(int) - pictures[2].image).mean()
    assert difference > 5


@pytest.mark.parametrize("kind", OFF_TOPIC)
def test_an_off_topic_picture_is_decided_by_its_seed(kind: str) -> None:
    first, second = render_off_topic(kind, rng(1)), render_off_topic(kind, rng(2))
    assert first.shape == (256, 256, 3)
    assert first.dtype == np.uint8
    np.testing.assert_array_equal(first, render_off_topic(kind, rng(1)))
    assert (first != second).mean() > 0.05


def test_drawing_leaves_no_state_behind() -> None:
    alone = render("harbour", rng(5)).image
    for kind in ("forest", "dense_urban", "sea_ice"):
        render(kind, rng(5))
    np.testing.assert_array_equal(render("harbour", rng(5)).image, alone)


def test_a_drawn_view_suits_its_kind() -> None:
    for kind, known in SCENES.items():
        for seed in range(20):
            view = view_of(kind, rng(seed))
            assert view.climate in known.climates
            assert view.season in SEASONS
            assert view.look in LOOKS
            assert known.gsd_m[0] - 0.01 <= view.gsd_m <= known.gsd_m[1] + 0.01
            assert 0 <= view.cloud_cover <= 0.4
            assert not view.snow or (known.snow and view.season == "winter")


def test_a_given_view_comes_back_with_the_picture() -> None:
    assert render("orchard", rng(3), PLAIN).view == PLAIN


@pytest.mark.parametrize("fraction", [0.05, 0.2, 0.4])
def test_clouds_cover_the_fraction_asked_for(fraction: float) -> None:
    opacity, _ = clouds(rng(0), fraction)
    assert (opacity > 0.5).mean() == pytest.approx(fraction, abs=0.005)


def test_clouds_brighten_what_they_cover() -> None:
    clear, cloudy = (
        render("lake", rng(4), replace(PLAIN, gsd_m=6.0, cloud_cover=c)).image for c in (0.0, 0.4)
    )
    assert cloudy.mean() > clear.mean() + 25


def test_snow_whitens_the_ground() -> None:
    view = replace(PLAIN, season="winter", gsd_m=4.0)
    green, white = (render("strip_fields", rng(2), replace(view, snow=snow)).image for snow in (False, True))
    assert white.mean() > green.mean() + 60


def test_autumn_woods_are_redder_than_summer_woods() -> None:
    def redness(season: str) -> float:
        images = [render("forest", rng(seed), replace(PLAIN, season=season)).image for seed in range(4)]
        return float(np.mean([image[..., 0].mean() - image[..., 1].mean() for image in images]))

    assert redness("autumn") > redness("summer") + 15


def test_a_coarser_gsd_shows_more_of_the_ground() -> None:
    near, far = (
        render("centre_pivot_fields", rng(6), replace(PLAIN, gsd_m=gsd)).facts for gsd in (6.0, 14.0)
    )
    assert int(far["circles"]) > 2 * int(near["circles"])


def test_shadows_fall_away_from_the_sun() -> None:
    south, north = (
        render("stadium", rng(8), replace(PLAIN, gsd_m=0.8, sun_azimuth_deg=azimuth)).image
        for azimuth in (180.0, 0.0)
    )
    dark_rows = [np.flatnonzero((image.mean(axis=2) < 70).any(axis=1)).mean() for image in (south, north)]
    assert dark_rows[0] < dark_rows[1]


@pytest.mark.parametrize("look", LOOKS)
def test_every_look_changes_the_picture(look: str) -> None:
    plain = render("residential", rng(1), replace(PLAIN, gsd_m=0.5)).image.astype(int)
    seen = render("residential", rng(1), replace(PLAIN, gsd_m=0.5, look=look)).image
    changed = np.abs(seen - plain).mean()
    assert changed == 0 if look == PLAIN.look else changed > 2


def test_a_name_is_taken_once() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        scene("forest", "temperate", gsd_m=(1, 2))
    with pytest.raises(ValueError, match="climates must be"):
        scene("moon_base", "lunar", gsd_m=(1, 2))
