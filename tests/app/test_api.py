from __future__ import annotations

import csv
import io

import pytest
from fastapi.testclient import TestClient

from app.templates import code_spans
from indexer.catalogue import SAMPLE_COLUMNS, Catalogue


def test_search_by_meaning_and_its_next_page(client: TestClient) -> None:
    first = client.get("/api/search", params={"q": "a satellite image of a river", "k": 4}).json()
    second = client.get(first["next"]).json()

    hits = first["hits"] + second["hits"]
    assert [hit["rank"] for hit in hits] == list(range(1, 9))
    assert {hit["sample"]["class"] for hit in hits} == {"river"}
    assert (first["kind"], first["method"], first["matching"], first["found"]) == ("meaning", "exact", 62, 60)


def test_a_hit_names_its_page_and_picture(client: TestClient, catalogue: Catalogue) -> None:
    hit = client.get("/api/search?sort=id&k=1").json()["hits"][0]

    assert client.get(hit["image"]).headers["content-type"] == "image/jpeg"
    assert client.get(hit["url"], headers={"Accept": "text/html"}).status_code == 200
    assert set(hit["sample"]) == {column.name for column in SAMPLE_COLUMNS if column.exported}
    assert catalogue.manifest.catalogue_id in hit["image"]


def test_a_sample_tells_everything(client: TestClient) -> None:
    found = client.get("/api/samples/60").json()

    assert (found["sample"]["id"], found["sample"]["stage"]) == (60, "duplicate")
    assert found["ledger"]["reason"] == "near_duplicate"
    assert found["ledger"]["keeper"] == 0
    assert (found["shard"], found["image"]) == ("rows", None)


@pytest.mark.parametrize(
    "params",
    [
        {"source": ["FMoW", "RSICD"]},
        {"like": "3"},
        {"like": "3", "k": "7"},
        {"q": "picture", "mode": "caption"},
    ],
)
def test_count_announces_what_the_export_holds(client: TestClient, params: dict[str, str]) -> None:
    counted = client.get("/api/count", params=params).json()
    table = client.get("/export.csv", params=params)
    rows = list(csv.DictReader(io.StringIO(table.text, newline="")))

    assert len(rows) == counted["exported"] == int(table.headers["x-row-count"])
    assert counted["exported"] > 0


def test_an_export_names_itself_and_its_licence(client: TestClient, catalogue: Catalogue) -> None:
    table = client.get("/export.csv?class=river")

    identity = catalogue.manifest.catalogue_id
    assert table.headers["content-disposition"] == f'attachment; filename="rs5m-class-river-{identity}.csv"'
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert "non-commercial" in table.headers["x-licence-note"]
    assert "'=HYPERLINK" in client.get("/export.csv").text


def test_facets_map_and_stages(client: TestClient, catalogue: Catalogue) -> None:
    facets = client.get("/api/facets?source=FMoW").json()
    drawn = client.get("/api/map", params={"view": "170,-90,190,90", "zoom": 4}).json()
    stages = client.get("/api/stages").json()

    assert {"value": "FMoW", "samples": 21, "selected": True} in facets["source"]["values"]
    assert drawn["in_view"] == len(drawn["points"]) > 0
    assert stages["total"]["read"] == catalogue.manifest.samples
    assert stages["published"]["total"] == 5_070_186


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/api/search?k=0", 400, "k='0'"),
        ("/api/search?k=5000", 400, "1000 results"),
        ("/api/search?sorce=FMoW", 400, "unknown parameter 'sorce'"),
        ("/api/search?like=1000", 404, "no sample 1000"),
        ("/api/search?image=abcdef", 404, "Upload"),
        ("/api/samples/1000", 404, "no sample 1000"),
        ("/api/samples/x", 400, "id"),
        ("/api/map?view=1,2", 400, "view"),
        ("/api/map?zoom=99", 400, "zoom"),
        ("/export.csv?month=0", 400, "month"),
        ("/api/nothing", 404, "no page"),
    ],
)
def test_what_is_wrong_is_said_as_json(client: TestClient, path: str, status: int, says: str) -> None:
    answer = client.get(path)

    assert answer.status_code == status
    assert says in " ".join(answer.json().values())


def test_health_says_whether_search_by_meaning_works(client: TestClient, catalogue: Catalogue) -> None:
    client.get("/api/search?q=river")

    health = client.get("/healthz").json()

    assert (health["status"], health["encoder"], health["problem"]) == ("ok", "ready", None)
    assert health["catalogue"] == catalogue.manifest.catalogue_id


def test_the_openapi_document_describes_every_parameter_and_field(client: TestClient) -> None:
    document = client.get("/openapi.json").json()

    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["description"], path
            for parameter in operation.get("parameters", []):
                assert parameter["description"], (path, parameter["name"])
    for name, schema in document["components"]["schemas"].items():
        for field, entry in schema.get("properties", {}).items():
            assert entry.get("description"), (name, field)


def test_every_documented_example_is_accepted(client: TestClient) -> None:
    document = client.get("/openapi.json").json()

    for path, operations in document["paths"].items():
        for parameter in operations.get("get", {}).get("parameters", []):
            alone = parameter["name"] not in ("image", "cursor", "id", "name", "v")
            if "{" in path or not alone or "example" not in parameter:
                continue
            answer = client.get(path, params={parameter["name"]: parameter["example"]})
            assert answer.status_code == 200, (path, parameter["name"], answer.text)


def test_the_documentation_page_lists_every_endpoint(client: TestClient) -> None:
    page = client.get("/docs", headers={"Accept": "text/html"})

    assert page.status_code == 200
    for path in client.get("/openapi.json").json()["paths"]:
        assert path in page.text


def test_the_documentation_page_shows_code_as_code(client: TestClient) -> None:
    page = client.get("/docs", headers={"Accept": "text/html"})

    assert "<code>/api</code>" in page.text
    assert "`" not in page.text


def test_code_spans_are_escaped() -> None:
    assert code_spans("`<b>` & <i>") == "<code>&lt;b&gt;</code> &amp; &lt;i&gt;"
