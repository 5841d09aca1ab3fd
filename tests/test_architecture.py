"""Data flows one way, as `docs/architecture.md` says: who may import whom."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_SERVE = {"catalogue", "encoders", "errors", "gazetteer", "images", "__version__"}
HEAVY = {"torch", "torchvision", "open_clip", "faiss", "ray"}


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imports(path: Path, *, top_level: bool = False) -> Iterator[str]:
    """Dotted names that a module imports; `from a import b` gives `a.b`."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in tree.body if top_level else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", modules("indexer"), ids=name_of)
def test_the_indexer_knows_nothing_of_the_app(path: Path) -> None:
    assert [name for name in imports(path) if name.split(".")[0] == "app"] == []


@pytest.mark.parametrize(
    "path", [path for path in modules("app") if "cli" not in path.relative_to(ROOT).parts], ids=name_of
)
def test_the_app_imports_only_what_reads_a_catalogue(path: Path) -> None:
    used = {name.split(".")[1] for name in imports(path) if name.startswith("indexer.")}

    assert used <= MAY_SERVE


@pytest.mark.parametrize("path", [*modules("app/query"), *modules("app/views")], ids=name_of)
def test_queries_and_views_know_nothing_of_routes(path: Path) -> None:
    assert [name for name in imports(path) if name.startswith(("app.routes", "app.main", "app.cli"))] == []


@pytest.mark.parametrize("path", [*modules("app"), *modules("indexer/catalogue")], ids=name_of)
def test_nothing_heavy_is_imported_to_open_a_catalogue(path: Path) -> None:
    assert {name.split(".")[0] for name in imports(path, top_level=True)} & HEAVY == set()


def test_opening_the_app_imports_no_torch() -> None:
    code = "import sys, app.main, app.cli.serve; print(sorted({'torch', 'open_clip'} & set(sys.modules)))"

    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert loaded.stdout.strip() == "[]"
