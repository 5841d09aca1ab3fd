from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.places import DUMP, Score, main
from indexer.errors import UserError

WHEN = "its geospatial tag corresponds to utm zone 18T and records the date as 15 o'clock, June 9, 2016."
ANGLES = "noteworthy angles are target azimuth: 314.30° and off-nadir: 33.10°. a satellite image of a park"


def write(folder: Path, places: list[str]) -> Path:
    rows = ["name,caption", "millionaid_P1.jpg,an aerial view of a park"]
    for number, place in enumerate(places):
        text = (
            f"orbiting above {place} during Summer, the sensor detected park at the center. {WHEN} {ANGLES}"
        )
        rows.append(f'fmow_park_{number}_0_rgb.jpg,"{text}"')
    (folder / DUMP).parent.mkdir(parents=True)
    (folder / DUMP).write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def table(printed: str) -> dict[str, list[str]]:
    lines = [[cell.strip() for cell in line.split("│")[1:-1]] for line in printed.splitlines()]
    return {cells[0]: cells[1:] for cells in lines if cells}


def test_right_wrong_and_missing_places_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, ["Houston, United States", "Atlanta, Georgia", "Goi?nia, Brazil", "Xyzzy, Freedonia"])
    main([str(tmp_path), "--smallest", "15000"])
    printed = capsys.readouterr().out
    rows = table(printed)
    assert rows["country"][:4] == ["4", "2", "1", "1"]
    assert rows["city"][:4] == ["4", "2", "0", "2"]
    assert rows["city, no letter lost"][:4] == ["3", "2", "0", "1"]
    assert "Atlanta, Georgia: Atlanta, US" in printed
    assert rows["FMoW"][0] == "4"
    assert rows["all"][0] == "5"


def test_precision_and_recall_are_shares() -> None:
    score = Score(right=6, wrong=2, nothing=4)
    assert (score.precision, score.recall) == (0.75, 0.5)
    assert (Score().precision, Score().recall) == (0, 0)


def test_without_the_dump_it_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"rs3_dump.csv is not there"):
        main([str(tmp_path)])


def test_fmows_own_captions(realdata: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(realdata)])
    printed = capsys.readouterr().out
    rows = table(printed)
    assert float(rows["country"][4]) > 0.98
    assert float(rows["country"][5]) > 0.98
    assert float(rows["city"][4]) > 0.97
    assert float(rows["city"][5]) > 0.8
