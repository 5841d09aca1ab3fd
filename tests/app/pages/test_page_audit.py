"""`/audit`: draw, look, mark, and read how often the pipeline is wrong."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.workspace import Marks, Workspace
from indexer.catalogue import Catalogue
from tests.app.conftest import KEPT
from tests.app.pages.reading import Page

HTML = {"Accept": "text/html"}
DRAW = "of=both&draw=random&seed=1&n=4"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "marks.sqlite"


@pytest.fixture
def auditing(catalogue: Catalogue, file: Path) -> Iterator[TestClient]:
    app = create_app(catalogue, Settings(workspace=file))
    with TestClient(app, base_url="http://127.0.0.1", headers=HTML) as client:
        yield client


@pytest.fixture
def see(auditing: TestClient) -> Callable[[str], Page]:
    def page(address: str, status: int = 200, **headers: str) -> Page:
        answer = auditing.get(
            address, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        assert answer.status_code == status, answer.text
        return Page(answer.text)

    return page


See = Callable[..., Page]


def form_of(page: Page, action: str) -> tuple[str, dict[str, str]]:
    """Address and hidden fields of the form that posts to `action`."""
    hidden = {one.attributes["name"]: one.attributes["value"] for one in page.all("input", type="hidden")}
    return actions(page, action)[0], hidden


def actions(page: Page, start: str) -> list[str]:
    """Where the forms of `page` lead that lead to an address beginning with `start`."""
    found = [form.attributes.get("action", "") for form in page.all("form")]
    return [action for action in found if action.startswith(start)]


def mark(client: TestClient, page: Page, verdict: str) -> Page:
    """Press a button of `page` as a browser without JavaScript does."""
    address, fields = form_of(page, "/audit/marks")
    answer = client.post(address, data={**fields, "mark": verdict})
    assert answer.status_code == 200, answer.text
    assert answer.history[0].status_code == 303
    return Page(answer.text)


def title(page: Page) -> str:
    return page.one("h1").text


def progress(page: Page) -> str:
    return page.one("progress").text


def shown(page: Page) -> int:
    return int(form_of(page, "/audit/marks")[1]["sample"])


def test_the_empty_page_says_how_many_marks_say_how_much(see: See) -> None:
    page = see("/audit")
    text = page.one("main").text

    assert "at most 3.6 % after 100 marks" in text
    assert "at most 1.2 % after 300 marks" in text
    assert "RS5M's authors report 0.8 %" in text
    assert "RS5M's authors report 3.4 %" in text
    assert "0 of 62 marked at random" in text
    assert "0 of 2 marked at random" in text


def test_the_form_leads_to_the_first_sample(see: See) -> None:
    page = see("/audit?of=&draw=&source=&stage=&n=&seed=7&at=1")
    assert title(page) == "Sample 1 of 64"
    assert "64 samples of the kept and removed, at random, seed 7" in page.one("main").text
    options = {option.text: option for option in see("/audit?of=removed&stage=keyword").all("option")}
    assert {name for name, option in options.items() if "selected" in option.attributes} == {
        "removed", "at random", "all sources", "keyword",
    }  # fmt: skip


def test_marks_lead_from_sample_to_sample_to_the_estimates(auditing: TestClient, see: See) -> None:
    page = see(f"/audit?{DRAW}&at=1")
    assert progress(page) == "0 of 4 marked"
    kept = shown(page)
    for place, verdict in enumerate(("remove", "keep", "skip", "remove"), start=1):
        assert title(page) == f"Sample {place} of 4"
        page = mark(auditing, page, verdict)

    assert title(page) == "End of the draw"
    assert progress(page) == "4 of 4 marked, 1 of them skipped"
    text = see(page.link("See the estimates")).one("main").text
    assert "Kept, should have gone 100 % 2.5 to 100 % with 95 % confidence" in text
    assert "1 wrong among 1 of 62 marked at random, 1 skipped" in text
    assert "1 wrong among 2 of 2 marked at random" in text
    again = see(f"/audit?{DRAW}&at=1")
    assert shown(again) == kept
    assert "Marked: does not belong" in again.one("form", "audit-say").text
    pressed = again.all("button", **{"aria-pressed": "true"})
    assert [button.attributes["value"] for button in pressed] == ["remove"]


def test_undo_takes_back_mark_after_mark(auditing: TestClient, see: See) -> None:
    page = see(f"/audit?{DRAW}&at=1")
    assert not actions(page, "/audit/undo")
    page = mark(auditing, mark(auditing, page, "keep"), "remove")

    for place in (2, 1):
        address, _ = form_of(page, "/audit/undo")
        page = Page(auditing.post(address).text)
        assert title(page) == f"Sample {place} of 4"
        assert progress(page) == f"{place - 1} of 4 marked"
    assert auditing.post(f"/audit/undo?{DRAW}&at=1").status_code == 200


def test_a_draw_that_was_begun_is_gone_on_with(auditing: TestClient, see: See) -> None:
    page = see(f"/audit?{DRAW}&at=1")
    mark(auditing, mark(auditing, page, "keep"), "remove")

    more = see(see("/audit").link("2 marked"))

    assert title(more) == "Sample 3 of 64"


def test_a_second_draw_looks_at_the_same_samples_afresh(auditing: TestClient, see: See) -> None:
    mark(auditing, see(f"/audit?{DRAW}&at=1"), "keep")

    assert progress(see("/audit?of=both&draw=random&seed=2&n=4&at=1")) == "0 of 4 marked"
    assert progress(see("/audit?of=kept&draw=random&seed=1&n=3&at=1")) == "1 of 3 marked"


def test_what_the_pipeline_decided_stands_beside_the_picture(see: See) -> None:
    page = see("/audit?of=removed&stage=duplicate&at=1")

    assert shown(page) == KEPT
    text = page.one("main").text
    assert "Removed by the duplicate stage: near duplicate." in text
    assert "The stage measured 0.99, held against 0.95." in text
    assert "Kept in its place sample 0" in text
    (keeper,) = page.all("img")
    assert keeper.attributes["src"].startswith("/images/0?size=1024")


def test_the_next_picture_is_named_so_that_it_can_be_fetched_ahead(see: See) -> None:
    first = see("/audit?of=kept&n=30&at=1").one("article", id="audit")
    second = see("/audit?of=kept&n=30&at=2")

    assert first.attributes["data-next-picture"] == second.one("img").attributes["src"]
    assert "data-next-picture" not in see("/audit?of=kept&n=30&at=30").one("article", id="audit").attributes


def test_htmx_gets_the_sample_alone_and_the_address_it_came_from(auditing: TestClient, see: See) -> None:
    page = see(f"/audit?{DRAW}&at=1")
    address, fields = form_of(page, "/audit/marks")

    answer = auditing.post(address, data={**fields, "mark": "keep"}, headers={"HX-Request": "true"})

    assert answer.text.lstrip().startswith("<article")
    assert str(answer.url).endswith(f"/audit?{DRAW}&at=2")


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/audit?of=kept&draw=boundary&at=1", "No sample of this part of the catalogue has a score"),
        ("/audit?source=Nowhere&at=1", "No sample of this catalogue is in this source and stage"),
    ],
)
def test_an_empty_draw_says_why(see: See, address: str, says: str) -> None:
    page = see(address)
    assert title(page) == "Nothing to draw"
    assert says in page.one("main").text


def test_marks_at_a_threshold_are_shown_apart(auditing: TestClient, see: See) -> None:
    mark(auditing, see("/audit?of=removed&draw=boundary&at=1"), "keep")

    text = see("/audit").one("main").text
    assert "0 kept samples marked, 0 should have gone; 1 removed sample marked, 1 should have stayed." in text
    assert "0 of 2 marked at random" in text


def test_another_site_cannot_mark_or_undo(auditing: TestClient, see: See, file: Path) -> None:
    page = see(f"/audit?{DRAW}&at=1")
    address, fields = form_of(page, "/audit/marks")
    elsewhere = {"Origin": "https://evil.example"}

    assert auditing.post(address, data={**fields, "mark": "keep"}, headers=elsewhere).status_code == 403
    assert not file.exists()
    mark(auditing, page, "keep")
    assert auditing.post(f"/audit/undo?{DRAW}&at=1", headers=elsewhere).status_code == 403
    assert auditing.get(address).status_code == 405
    assert len(Marks(Workspace(file)).all()) == 1


@pytest.mark.parametrize(
    "wrong", [{"sample": "1000"}, {"sample": "x"}, {"catalogue": "other"}, {"mark": "maybe"}]
)
def test_a_mark_of_anything_but_what_is_shown_is_refused(
    auditing: TestClient, see: See, file: Path, wrong: dict[str, str]
) -> None:
    address, fields = form_of(see(f"/audit?{DRAW}&at=1"), "/audit/marks")

    answer = auditing.post(address, data={**fields, "mark": "keep", **wrong})

    assert answer.status_code in (400, 409)
    assert not file.exists()


def test_looking_writes_nothing_and_marking_leaves_the_catalogue_as_it_is(
    auditing: TestClient, see: See, catalogue: Catalogue, file: Path
) -> None:
    before = hashes(catalogue.path)
    page = see(f"/audit?{DRAW}&at=1")
    see("/audit")
    assert auditing.get("/api/audit").status_code == 200
    assert auditing.get("/audit/marks.csv").status_code == 200
    assert not file.exists()

    mark(auditing, page, "keep")

    assert [path.name for path in file.parent.iterdir()] == ["marks.sqlite"]
    assert hashes(catalogue.path) == before


def hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_where_nothing_can_be_kept_the_page_says_why_and_works(catalogue: Catalogue, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere" / "marks.sqlite"
    with TestClient(create_app(catalogue, Settings(workspace=nowhere)), headers=HTML) as client:
        client.base_url = "http://127.0.0.1"  # type: ignore[assignment]
        for address in ("/audit", f"/audit?{DRAW}&at=1"):
            page = Page(client.get(address).text)
            notice = page.one("p", "notice").text
            assert notice.startswith("Marking is off. There is no folder")
            assert not actions(page, "/audit/")
        refused = client.post(
            f"/audit/marks?{DRAW}&at=1",
            data={
                "mark": "keep",
                "sample": str(first_of(client)),
                "catalogue": catalogue.manifest.catalogue_id,
            },
        )
        assert refused.status_code == 503
        assert "RS5M_WORKSPACE" in refused.text


def first_of(client: TestClient) -> int:
    page = client.get(f"/audit?{DRAW}&at=1").text
    found = re.search(r"/samples/(\d+)", page)
    assert found
    return int(found[1])


def test_a_damaged_workspace_is_said_to_be_and_left_alone(auditing: TestClient, see: See, file: Path) -> None:
    file.write_bytes(b"not a database " * 100)

    for address in ("/audit", f"/audit?{DRAW}&at=1"):
        assert "is damaged: file is not a database" in see(address).one("p", "notice").text
    assert auditing.get("/api/audit").status_code == 503
    assert file.read_bytes() == b"not a database " * 100


def test_stages_and_the_keys_lead_here(see: See) -> None:
    assert see("/stages").link("Audit: how often") == "/audit"
    assert see("/").link("audit") == "/audit"


@pytest.mark.parametrize("address", ["/audit?seed=x", "/audit?sede=1", "/audit?n=0&at=1"])
def test_a_wrong_address_is_said_to_be(see: See, address: str) -> None:
    see(address, status=400)


@pytest.mark.parametrize("address", ["/audit", f"/audit?{DRAW}&at=1", f"/audit?{DRAW}&at=5"])
def test_nothing_is_inline(auditing: TestClient, address: str) -> None:
    html = auditing.get(address).text
    assert not re.search(r"<[^>]+\s(?:on\w+|style)=", html)
    assert not re.search(r"<script(?![^>]*src=)", html)
