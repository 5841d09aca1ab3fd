"""Choosing and setting stages."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.errors import UserError
from indexer.stages import RS5M_STAGES, Pipeline

ALL = ("keyword", "download", "invalid", "duplicate", "vlm", "detector")


def test_the_shipped_file_is_rs5ms_and_says_what_the_defaults_are() -> None:
    assert Pipeline.default().names == ALL
    assert Pipeline.read(RS5M_STAGES).settings == Pipeline.named(*ALL).settings | {
        "vlm": {"subsets": ["PUB11"], "keep": 0.9},
        "detector": {"subsets": ["PUB11"], "keep": 0.8},
    }
    for stage in ("vlm", "detector"):
        spelled = next(one for one in Pipeline.default().stages if one.name == stage).settings  # type: ignore[attr-defined]
        left_out = next(one for one in Pipeline.named(stage).stages if one.name == stage).settings  # type: ignore[attr-defined]
        assert spelled.share == left_out.share


def test_stages_run_in_rs5ms_order_whatever_the_order_of_their_names() -> None:
    assert Pipeline.named("duplicate", "keyword").names == ("keyword", "invalid", "duplicate")


def test_invalid_always_runs() -> None:
    assert Pipeline.named().names == ("invalid",)
    assert Pipeline.named("vlm").changed(["invalid=off"]).names == ("invalid", "vlm")


@pytest.mark.parametrize(
    ("text", "names"),
    [(None, ALL), ("none", ("invalid",)), ("keyword, duplicate", ("keyword", "invalid", "duplicate"))],
)
def test_stages_may_be_chosen_by_name(text: str | None, names: tuple[str, ...]) -> None:
    assert Pipeline.chosen(text).names == names


def test_stages_may_be_chosen_by_a_file(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('[duplicate]\nnear = "all"\ncosine = 0.9\n\n[vlm]\nleast = 0.2\nsubsets = ["mine"]\n')

    pipeline = Pipeline.chosen(str(path))

    assert pipeline.names == ("invalid", "duplicate", "vlm")
    assert pipeline.settings["duplicate"]["near"] == "all"
    assert pipeline.settings["vlm"] == {"subsets": ["mine"], "least": 0.2}


def test_settings_are_changed_one_by_one() -> None:
    changed = Pipeline.default().changed(["vlm.least=0.25", "keyword=off", "duplicate.cosine=0.9"])

    assert "keyword" not in changed.names
    assert changed.settings["vlm"] == {"subsets": ["PUB11"], "least": 0.25}
    assert changed.settings["duplicate"]["cosine"] == 0.9
    assert changed.changed(["vlm.keep=0.5", "keyword=on"]).settings["vlm"] == {
        "subsets": ["PUB11"],
        "keep": 0.5,
    }
    assert Pipeline.named().changed(['vlm.subsets=["a", "b"]']).settings["vlm"]["subsets"] == ["a", "b"]
    assert Pipeline.named("vlm").changed(["vlm.subsets=all"]).settings["vlm"]["subsets"] == "all"


def test_changes_are_of_a_copy() -> None:
    before = Pipeline.default()
    before.changed(["vlm.keep=0.1"])
    assert before.settings == Pipeline.default().settings


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("nope.keep=1", "there is no stage 'nope'.*Stages are: keyword"),
        ("vlm.kep=0.5", r"vlm\.kep: .*Settings of vlm are: subsets, keep, least"),
        ("vlm.keep=1.5", r"vlm\.keep: .*less than or equal to 1"),
        ("vlm.keep=abc", r"vlm\.keep: .*valid number"),
        ("duplicate.neighbours=0", r"duplicate\.neighbours"),
        ("vlm=perhaps", "on or off"),
        ("nonsense", "no change of a setting"),
        ("keyword.subsets=3", "keyword.subsets"),
    ],
)
def test_a_wrong_change_is_explained(change: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        Pipeline.default().changed([change])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[vlm\n", "is no TOML"),
        ("vlm = 3\n", "vlm is no table"),
        ("[other]\n", "there is no stage 'other'"),
        ("[vlm]\nkeep = 0.5\nleast = 0.2\n", "two ways to say the same"),
        ("[keyword.keywords]\ndrone = '('\n", "drone"),
    ],
)
def test_a_wrong_file_is_explained(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(content)
    with pytest.raises(UserError, match=message):
        Pipeline.read(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"own\.toml cannot be read"):
        Pipeline.chosen(str(tmp_path / "own.toml"))
