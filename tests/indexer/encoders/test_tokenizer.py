import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from open_clip.tokenizer import SimpleTokenizer

from indexer.encoders.tokenizer import END, START, TOKENS_BESIDE_MERGES, Tokenizer, vocabulary_path

VOCABULARY_SIZE = 8514
CONTEXT_LENGTH = 77

CAPTIONS = [
    "",
    "   ",
    "an aerial photo of planes at the airport",
    "A satellite image of a Centre-Pivot field, 47.3° N; it's 3.5 km wide!!",
    "Ports &amp; harbours &lt;b&gt;of&lt;/b&gt; &#233;t&eacute; &amp;amp; hiver",
    "São Paulo – vista aérea, Nil?polis, ÐÐ¾ÑÐºÐ²Ð°",
    "Зимний аэродром, 東京湾の衛星写真, مطار القاهرة, สนามบิน",
    "emoji 🛰️🌍 and zero\u200bwidth and non breaking space",
    "cafÃ© mojibake â€“ fixed",
    "don't you'll we're I'm they've he'd",
    "<start_of_text> hostile <end_of_text> words <END_OF_TEXT>",
    "\x00\x01\t\r\n control \x7f",
    "1234567890 3.14159 10m 2020-01-31T12:00:00Z",
    "http://example.org/images/IMG_0001.JPG?size=large&amp;id=42 #satellite #rooftop_garden",
    "word " * 200,
    "supercalifragilisticexpialidocious" * 40,
    "?" * 300,
]


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> SimpleTokenizer:
    with gzip.open(vocabulary_path(), "rt", encoding="utf-8") as file:
        head = file.read().split("\n")[: VOCABULARY_SIZE - TOKENS_BESIDE_MERGES + 1]
    path = tmp_path_factory.mktemp("vocabulary") / "merges.txt.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write("\n".join(head))
    return SimpleTokenizer(bpe_path=str(path), context_length=CONTEXT_LENGTH)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer(VOCABULARY_SIZE, CONTEXT_LENGTH)


def test_ids_equal_open_clips(tokenizer: Tokenizer, reference: SimpleTokenizer) -> None:
    assert tokenizer(CAPTIONS).tolist() == reference(CAPTIONS).tolist()


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=200))
def test_ids_equal_open_clips_for_any_text(
    tokenizer: Tokenizer, reference: SimpleTokenizer, text: str
) -> None:
    assert tokenizer([text]).tolist() == reference([text]).tolist()


def test_the_full_vocabulary_gives_clips_own_ids() -> None:
    assert Tokenizer(49_408, 77)(CAPTIONS).tolist() == SimpleTokenizer()(CAPTIONS).tolist()


def test_a_long_text_is_cut_and_still_closed(tokenizer: Tokenizer) -> None:
    ids = tokenizer.encode("runway " * 10_000)
    assert len(ids) == CONTEXT_LENGTH
    assert ids[0] == tokenizer.encode(START)[1] == VOCABULARY_SIZE - 2
    assert ids[-1] == tokenizer.encode(END)[1] == VOCABULARY_SIZE - 1


def test_no_texts_give_no_rows(tokenizer: Tokenizer) -> None:
    assert tokenizer([]).shape == (0, CONTEXT_LENGTH)
