"""The demo's words: every kind has them, captions use them, and the encoder's examination stays unseen."""

from __future__ import annotations

import re

import numpy as np
import pytest

from indexer.demo.acquisition import draw_scene
from indexer.demo.alt_text import WEB_SOURCES, Topic, keywordless_caption, web_caption
from indexer.demo.chance import stream
from indexer.demo.off_topic import WORDS as OFF_TOPIC_WORDS
from indexer.demo.off_topic import off_topic_caption
from indexer.demo.pairs import describe
from indexer.demo.places import FEATURES, places_for
from indexer.demo.plan import plan_world
from indexer.demo.scenes import OFF_TOPIC, SCENES
from indexer.demo.sentences import model_sentence
from indexer.demo.training import training_sample
from indexer.demo.vocabulary import HELD_OUT_QUERIES, VOCABULARY
from indexer.keywords import RS5M


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower())


def plain(text: str) -> str:
    return f" {' '.join(words_of(text))} "


def a_topic(kind: str, rng: np.random.Generator) -> Topic:
    spot, view = draw_scene(kind, rng)
    return Topic(kind, spot, view, 2015)


def test_every_kind_has_words_and_places_and_no_others_do() -> None:
    assert set(VOCABULARY) == set(SCENES)
    assert set(FEATURES) == set(SCENES)
    assert set(OFF_TOPIC_WORDS) == set(OFF_TOPIC)
    for kind, known in SCENES.items():
        assert places_for(kind, known.climates), kind


@pytest.mark.parametrize("kind", VOCABULARY)
def test_each_kind_has_several_wordings_and_queries_made_of_them(kind: str) -> None:
    words = VOCABULARY[kind]
    assert len(set(words.names)) >= 6
    assert len(set(words.details)) >= 5
    assert len(HELD_OUT_QUERIES[kind]) in (2, 3)
    known = set(words_of(" ".join((*words.names, *words.details, *words.tags))))
    for query in HELD_OUT_QUERIES[kind]:
        shared = [word for word in words_of(query) if word in known]
        assert len(shared) * 2 >= len(words_of(query)), f"{query!r} has too few words that captions teach"


def test_no_held_out_query_occurs_in_a_caption_of_the_world() -> None:
    captions = [plain(describe(planned, 3).caption) for planned in plan_world(6000, 3)]
    for queries in HELD_OUT_QUERIES.values():
        for query in queries:
            assert not any(plain(query) in caption for caption in captions), query


@pytest.mark.parametrize("kind", VOCABULARY)
def test_no_held_out_query_can_be_written(kind: str) -> None:
    """Whatever the dice: no name, detail or title holds a query, nor does a name linked with a detail."""
    words = VOCABULARY[kind]
    subjects = [*words.names, *words.details, *words.titles]
    subjects += [
        f"{name} {link} {detail}"
        for name in words.names
        for link in ("with", "showing", "and")
        for detail in words.details
    ]
    for query in HELD_OUT_QUERIES[kind]:
        assert not any(plain(query) in plain(subject) for subject in subjects), query


@pytest.mark.parametrize("source", WEB_SOURCES)
def test_web_captions_hold_a_keyword(source: str) -> None:
    rng = stream(5)
    for kind in [*SCENES] * 5:
        caption = web_caption(source, a_topic(kind, rng), rng)
        assert RS5M.find(caption), caption


def test_model_sentences_hold_a_keyword_and_say_only_what_the_view_shows() -> None:
    rng = stream(6)
    for kind in [*SCENES] * 20:
        topic = a_topic(kind, rng)
        sentence = model_sentence(kind, topic.view, rng)
        assert RS5M.find(sentence), sentence
        if "clouds" in sentence or "cloudy" in sentence:
            assert topic.view.cloud_cover > 0.1
        for season in {"spring", "summer", "autumn"} & set(sentence.split()):
            assert topic.view.season == season


def test_keywordless_captions_hold_none() -> None:
    rng = stream(7)
    for kind in [*SCENES] * 20:
        caption = keywordless_caption(a_topic(kind, rng), rng)
        assert RS5M.find(caption) is None, caption


@pytest.mark.parametrize("kind", OFF_TOPIC_WORDS)
def test_off_topic_captions_mislead_when_asked_to(kind: str) -> None:
    rng = stream(8)
    for _ in range(50):
        assert RS5M.find(off_topic_caption(kind, rng, misleading=1.0))
        assert RS5M.find(off_topic_caption(kind, rng, misleading=0.0)) is None


def test_every_kind_gives_training_samples() -> None:
    for number, kind in enumerate((*SCENES, *OFF_TOPIC)):
        image, caption, told = training_sample(kind, stream(1, number))
        assert (image.shape, image.dtype) == ((256, 256, 3), np.uint8)
        assert caption
        assert told == kind


def test_a_training_sample_follows_from_its_generator() -> None:
    first, again = (training_sample("airport", stream(2, 9)) for _ in range(2))
    assert np.array_equal(first[0], again[0])
    assert first[1:] == again[1:]
