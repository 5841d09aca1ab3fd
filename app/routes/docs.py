"""`/docs`: the OpenAPI document as a page that loads nothing from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.templates import templates

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One operation of the OpenAPI document.

    Attributes:
        method: GET or POST.
        path: with its `{parameters}`.
        summary: first line of its description.
        details: the rest of it.
        parameters: name, description and example of each.
        example: an address that works, for a GET without path parameters.
        fields: name and description of each field of its answer.
    """

    method: str
    path: str
    summary: str
    details: str
    parameters: list[tuple[str, str, str]]
    example: str | None
    fields: list[tuple[str, str]]


@router.get("/docs", response_class=HTMLResponse)
def docs(request: Request) -> HTMLResponse:
    """Every endpoint with its parameters and what it answers."""
    document = request.app.openapi()
    context = {"query": None, "about": document["info"]["description"], "endpoints": endpoints(document)}
    return templates.TemplateResponse(request, "api/docs.html", context)


def endpoints(document: dict[str, Any]) -> list[Endpoint]:
    """The operations of an OpenAPI document, in its order."""
    return [
        _endpoint(document, path, method, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]


def _endpoint(document: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> Endpoint:
    summary, _, details = operation.get("description", "").partition("\n")
    return Endpoint(
        method=method.upper(),
        path=path,
        summary=summary,
        details=details.strip(),
        parameters=[
            (parameter["name"], parameter.get("description", ""), _example(parameter))
            for parameter in operation.get("parameters", [])
        ],
        example=path if method == "get" and "{" not in path else None,
        fields=_fields(document, operation),
    )


def _example(parameter: dict[str, Any]) -> str:
    example = parameter.get("example", (parameter["schema"].get("examples") or [""])[0])
    return str(example[0] if isinstance(example, list) else example)


def _fields(document: dict[str, Any], operation: dict[str, Any]) -> list[tuple[str, str]]:
    content = operation["responses"].get("200", {}).get("content", {})
    reference = content.get("application/json", {}).get("schema", {}).get("$ref", "")
    schema = document.get("components", {}).get("schemas", {}).get(reference.rpartition("/")[2], {})
    return [(name, entry.get("description", "")) for name, entry in schema.get("properties", {}).items()]
