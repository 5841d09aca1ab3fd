"""`/audit`: how often the pipeline is wrong, by what people say of samples that are drawn."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse

from app.dependencies import CatalogueDep, WorkspaceDep
from app.errors import ConflictError
from app.query import stage_table
from app.query.audit import Draw
from app.query.drawing import drawn
from app.query.estimates import estimate
from app.query.marked import mark_of, marks_in, matched
from app.query.query import MAX_ID
from app.routes.pages import page
from app.views.audit import AuditView
from app.views.marking import MarkingView
from app.workspace import Mark, Marks, Verdict, Workspace, WorkspaceError
from indexer.catalogue import Catalogue

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


async def draw_from_request(request: Request) -> Draw:
    """The URL's draw; a value that is none of its parameter's is answered with 400."""
    return Draw.from_params(request.query_params.multi_items())


DrawDep = Annotated[Draw, Depends(draw_from_request)]


@router.get("/audit")
def audit(request: Request, catalogue: CatalogueDep, workspace: WorkspaceDep, draw: DrawDep) -> HTMLResponse:
    """The estimates, or, with `at`, the sample at that place of the draw."""
    problem = workspace.problem()
    marks = _readable_marks(workspace)
    if draw.at is not None:
        said = _said_in(catalogue, draw, marks)
        view = MarkingView(catalogue, draw, drawn(catalogue, draw), said, problem)
        return page(request, "audit/marking", {"view": view})
    table = stage_table(catalogue)
    found = matched(catalogue, marks)
    estimates = AuditView(catalogue, draw, table, estimate(catalogue, found, table), found, problem)
    return page(request, "audit", {"view": estimates}, fragment="audit/page.html")


@router.post("/audit/marks")
def mark(
    catalogue: CatalogueDep,
    workspace: WorkspaceDep,
    draw: DrawDep,
    verdict: Annotated[Verdict, Form(alias="mark")],
    sample: Annotated[int, Form(ge=0, le=MAX_ID)],
    seen_in: Annotated[str, Form(alias="catalogue", max_length=64)],
) -> RedirectResponse:
    """Keep a mark of the sample at `at`, and go to the next one."""
    place = draw.at or 1
    ids = drawn(catalogue, draw)
    _same_as_seen(catalogue, seen_in, sample in ids[place - 1 : place])
    Marks(workspace).put(mark_of(catalogue, draw, sample, verdict))
    return _to(draw, place + 1)


@router.post("/audit/undo")
def undo(catalogue: CatalogueDep, workspace: WorkspaceDep, draw: DrawDep) -> RedirectResponse:
    """Forget the draw's last mark, and go back to its sample."""
    marks = Marks(workspace)
    places = {int(id_): place for place, id_ in enumerate(drawn(catalogue, draw), start=1)}
    said = _said_in(catalogue, draw, marks.all())
    identity = catalogue.manifest.catalogue_id
    made = [one for one in said.values() if one.catalogue == identity and one.id in places]
    if not made:
        return _to(draw, draw.at or 1)
    marks.remove(made[-1])
    return _to(draw, places[made[-1].id])


def _said_in(catalogue: Catalogue, draw: Draw, marks: list[Mark]) -> dict[int, Mark]:
    """What was said in `draw`; only its own marks are looked for in the catalogue."""
    return marks_in(draw, matched(catalogue, [mark for mark in marks if draw.has(mark)]))


def _readable_marks(workspace: Workspace) -> list[Mark]:
    """Every mark; none from a file that cannot be read, of which the page says so."""
    try:
        return Marks(workspace).all()
    except WorkspaceError:
        return []


def _same_as_seen(catalogue: Catalogue, seen_in: str, at_its_place: bool) -> None:
    if seen_in != catalogue.manifest.catalogue_id or not at_its_place:
        raise ConflictError(
            "the mark is of a sample that is no longer at this place of the draw.",
            "Another catalogue is served now, or the address was changed: reload the page and mark again.",
        )


def _to(draw: Draw, place: int) -> RedirectResponse:
    # 303: the browser, or htmx in its place, asks for the next sample by GET.
    return RedirectResponse(draw.looking_at(place).url(), status_code=303)
