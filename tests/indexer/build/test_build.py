"""From shards to a catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.build import BuildOptions, Progress, build
from indexer.catalogue import Catalogue
from indexer.errors import UserError
from indexer.records import ByteRange, Fault
from indexer.stages import Pipeline
from tests.indexer.build.world import ColourEncoder, RowsShard, colours, picture, sample


def rows(catalogue: Catalogue, columns: str, table: str = "samples") -> list[Any]:
    return catalogue.connect().execute(f"SELECT {columns} FROM {table} ORDER BY id").fetchall()  # noqa: S608


def test_every_sample_gets_a_row_a_vector_and_a_ledger_entry(tmp_path: Path) -> None:
    images = tmp_path / "images"
    one, two, three = (picture(colour) for colour in colours(3))
    shards = [
        RowsShard("first", [sample("a", one, images, caption="a port"), sample("b", two, images)]),
        RowsShard("second", [sample("c", caption="no image at all"), sample("d", three, images)]),
    ]
    encoder = ColourEncoder()
    catalogue = build(shards, encoder, tmp_path / "out")

    assert rows(catalogue, "id, key, caption, has_vector, shard, stage") == [
        (0, "a", "a port", True, 0, "kept"),
        (1, "b", None, True, 0, "kept"),
        (2, "c", "no image at all", False, 1, "kept"),
        (3, "d", None, True, 1, "kept"),
    ]
    assert rows(catalogue, "id, stage, reason", "ledger") == [(n, "kept", None) for n in range(4)]
    lengths = np.linalg.norm(catalogue.vectors.astype(np.float32), axis=1)
    np.testing.assert_allclose(lengths, [1, 1, 0, 1], atol=1e-3)
    [best], _ = catalogue.index.flat(catalogue.vectors[3].astype(np.float32), 1, None)
    assert best == 3
    assert catalogue.captions.search("port", 5).ids == [0]


def test_images_are_found_again_by_what_the_row_says(tmp_path: Path) -> None:
    image = picture((10, 200, 30), side=9)
    catalogue = build(
        [RowsShard("s", [sample("a", image, tmp_path / "images")])], ColourEncoder(), tmp_path / "out"
    )
    [(file, offset, length, width, height, size)] = rows(
        catalogue, 'file, "offset", length, width, height, bytes'
    )
    assert catalogue.image_bytes(file, offset, length) == image
    assert (width, height, size) == (9, 9, len(image))
    [(relative,)] = catalogue.connect().execute("SELECT relative_path FROM files").fetchall()
    assert relative == "../images/a.png"


def test_what_cannot_be_used_is_removed_and_says_why(tmp_path: Path) -> None:
    good = picture((1, 2, 3))
    shard = RowsShard(
        "s",
        [
            sample("good", good),
            sample("empty", b""),
            sample("cut", picture((0, 99, 0), side=64)[:60]),
            sample("text", b"this is no picture"),
            sample("source says", good, fault=Fault("missing_image", "text.csv row 4: x.jpg is not there.")),
        ],
    )
    catalogue = build([shard], ColourEncoder(), tmp_path / "out")
    found = rows(catalogue, "stage, reason, detail", "ledger")
    assert [stage for stage, _, _ in found] == ["kept", "invalid", "invalid", "invalid", "invalid"]
    assert [reason for _, reason, _ in found][1:] == [
        "zero_bytes",
        "truncated_image",
        "not_an_image",
        "missing_image",
    ]
    assert all(detail for _, _, detail in found[1:])
    assert rows(catalogue, "has_vector") == [(True,), (False,), (False,), (False,), (False,)]
    counts = catalogue.connect().execute("SELECT reason, count FROM stage_counts ORDER BY ALL").fetchall()
    assert dict(counts)["zero_bytes"] == 1


def test_source_subset_and_origin_come_from_the_name_unless_given(tmp_path: Path) -> None:
    shard = RowsShard(
        "s",
        [
            sample("1", name="laion2b_12_345.jpg", caption="port"),
            sample("2", name="fmow_train_1.jpg", caption="port"),
            sample("3", name="whatever.jpg", caption="port"),
            sample(
                "4",
                name="fmow_train_2.jpg",
                columns={"source": "Mine", "subset": "Ours", "caption_origin": "human"},
            ),
        ],
    )
    catalogue = build([shard], ColourEncoder(), tmp_path / "out")
    assert rows(catalogue, "source, subset, caption_origin") == [
        ("LAION2B", "PUB11", "web"),
        ("FMoW", "RS3", "model"),
        ("unknown", "unknown", "unknown"),
        ("Mine", "Ours", "human"),
    ]


def test_the_place_tier_is_the_best_that_is_known(tmp_path: Path) -> None:
    columns: list[dict[str, object]] = [
        {"latitude": 29.7, "longitude": -95.1, "country": "USA"},
        {"utm_zone": 33, "country": "Austria"},
        {"country": "Austria"},
        {"entities": ["Vienna"]},
        {},
    ]
    shard = RowsShard("s", [sample(str(n), columns=given) for n, given in enumerate(columns)])
    catalogue = build([shard], ColourEncoder(), tmp_path / "out")
    assert rows(catalogue, "geo_tier") == [("point",), ("zone",), ("place",), ("place",), ("none",)]


def test_other_columns_go_into_extra_and_misfits_are_noted(tmp_path: Path) -> None:
    columns = {"sensor": "WV-2", "month": "thirteen", "id": 7, "utm_zone": 4000}
    catalogue = build([RowsShard("s", [sample("a", columns=columns)])], ColourEncoder(), tmp_path / "out")
    assert rows(catalogue, "id, month, utm_zone, extra") == [
        (0, None, None, '{"id": 7, "month": "thirteen", "sensor": "WV-2", "utm_zone": 4000}')
    ]
    [(notes,)] = rows(catalogue, "notes", "ledger")
    assert notes == [
        "month 'thirteen' does not fit its column; kept in extra",
        "utm_zone '4000' does not fit its column; kept in extra",
    ]


def test_text_that_no_store_takes_is_made_harmless(tmp_path: Path) -> None:
    hostile = sample(
        "k\ud800\0", name="n\ud800.jpg", caption="\ud800 \0 <script>", columns={"x\ud800": "\ud800"}
    )
    catalogue = build([RowsShard("s", [hostile])], ColourEncoder(), tmp_path / "out")
    assert rows(catalogue, "key, caption") == [
        ("k?\N{REPLACEMENT CHARACTER}", "? \N{REPLACEMENT CHARACTER} <script>")
    ]


def test_the_same_image_in_two_shards_is_kept_once(tmp_path: Path) -> None:
    image = picture((5, 5, 5))
    shards = [RowsShard("one", [sample("a", image)]), RowsShard("two", [sample("b", image)])]
    catalogue = build(shards, ColourEncoder(), tmp_path / "out")
    assert rows(catalogue, "stage, reason, keeper, cluster", "ledger") == [
        ("kept", None, None, None),
        ("duplicate", "same_bytes", 0, 0),
    ]
    assert rows(catalogue, "stage") == [("kept",), ("duplicate",)]
    shard_counts = (
        catalogue.connect().execute("SELECT name, samples, kept FROM shards ORDER BY shard").fetchall()
    )
    assert shard_counts == [("one", 1, 1), ("two", 1, 0)]


def test_a_key_used_again_is_made_unique_and_noted(tmp_path: Path) -> None:
    first, second, third = (picture(colour) for colour in colours(3))
    shards = [
        RowsShard("one.tar", [sample("0001", first)]),
        RowsShard("two.tar", [sample("0001", second), sample("0001", third)]),
    ]
    catalogue = build(shards, ColourEncoder(), tmp_path / "out")
    assert rows(catalogue, "key, stage") == [
        ("0001", "kept"),
        ("two.tar/0001", "kept"),
        ("two.tar/0001#2", "kept"),
    ]
    notes = [found for (found,) in rows(catalogue, "notes", "ledger")]
    assert notes == [[], *[["key 0001 was taken by another sample"]] * 2]


def test_stages_can_be_left_out_but_not_invalid(tmp_path: Path) -> None:
    image = picture((5, 5, 5))
    shard = RowsShard("s", [sample("a", image), sample("b", image), sample("c", b"")])
    catalogue = build([shard], ColourEncoder(), tmp_path / "out", BuildOptions(stages=Pipeline.named()))
    assert rows(catalogue, "stage") == [("kept",), ("kept",), ("invalid",)]
    assert catalogue.manifest.stages == ("invalid",)


def test_the_keyword_that_matched_is_in_the_ledger(tmp_path: Path) -> None:
    shard = RowsShard(
        "s",
        [
            sample("1", name="laion2b_1.jpg", caption="Satellite image of Rome"),
            sample("2", name="laion2b_2.jpg", caption="A cat"),
        ],
    )
    catalogue = build(
        [shard],
        ColourEncoder(),
        tmp_path / "out",
        BuildOptions(stages=Pipeline.named("keyword", "duplicate")),
    )
    assert rows(catalogue, "stage, reason, keyword", "ledger") == [
        ("kept", None, "satellite imag*"),
        ("keyword", "no_keyword", None),
    ]


def test_neighbours_in_spread_order_are_of_different_classes(tmp_path: Path) -> None:
    labels = ["port"] * 5 + ["forest"] * 5 + ["desert"] * 5
    shard = RowsShard("s", [sample(str(n), columns={"class": label}) for n, label in enumerate(labels)])
    catalogue = build([shard], ColourEncoder(), tmp_path / "out")
    order = catalogue.order("spread").tolist()
    assert sorted(order) == list(range(15))
    for start in range(0, 15, 3):
        assert {labels[id_] for id_ in order[start : start + 3]} == {"port", "forest", "desert"}


def test_batches_do_not_cross_shards(tmp_path: Path) -> None:
    images = [picture(colour) for colour in colours(12)]
    shards = [
        RowsShard("one", [sample(f"a{n}", image) for n, image in enumerate(images[:5])]),
        RowsShard("two", [sample(f"b{n}", image) for n, image in enumerate(images[5:])]),
    ]
    encoder = ColourEncoder()
    build(shards, encoder, tmp_path / "out", BuildOptions(batch_size=4))
    assert encoder.batch_sizes == [4, 1, 4, 3]


@pytest.mark.parametrize("workers", [1, 3])
def test_the_number_of_workers_changes_nothing(tmp_path: Path, workers: int) -> None:
    shard = RowsShard("s", [sample(str(n), picture(colour)) for n, colour in enumerate(colours(40))])
    alone = build([shard], ColourEncoder(), tmp_path / "alone", BuildOptions(workers=1, batch_size=8))
    many = build([shard], ColourEncoder(), tmp_path / "many", BuildOptions(workers=workers, batch_size=8))
    assert alone.manifest == many.manifest


class Watching(Progress):
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.samples = self.removed = 0
        self.shards: list[float] = []

    def advanced(self, samples: int, removed: int, shards: float) -> None:
        self.samples += samples
        self.removed += removed
        self.shards.append(shards)


@pytest.mark.parametrize("samples_known", [True, False])
def test_progress_moves_within_a_shard_and_ends_at_their_number(tmp_path: Path, samples_known: bool) -> None:
    # One file that holds all images one after the other, as a tar does.
    images = [picture(colour) for colour in colours(8)]
    file = tmp_path / "images.bin"
    file.write_bytes(b"".join(images))
    starts = [sum(map(len, images[:number])) for number in range(8)]
    rows = [
        sample(str(number), image, location=ByteRange(file, start, len(image)))
        for number, (image, start) in enumerate(zip(images, starts, strict=True))
    ]

    class Shard(RowsShard):
        @property
        def samples(self) -> int | None:
            return len(self.rows) if samples_known else None

    watching = Watching()
    shards = [Shard("one", [*rows[:4], sample("bad", b"")]), Shard("two", rows[4:])]
    build(shards, ColourEncoder(), tmp_path / "out", BuildOptions(batch_size=2), watching)
    assert (watching.samples, watching.removed) == (9, 1)
    assert watching.shards == sorted(watching.shards)
    assert any(0 < done < 1 for done in watching.shards)
    assert watching.shards[-1] == 2


def test_inputs_without_a_sample_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="hold no samples"):
        build([RowsShard("s", [])], ColourEncoder(), tmp_path / "out")


def test_an_input_given_twice_is_refused(tmp_path: Path) -> None:
    shard = RowsShard("a.tar", [sample("a")])
    with pytest.raises(UserError, match=r"a\.tar is given twice"):
        build([shard, shard], ColourEncoder(), tmp_path / "out")
