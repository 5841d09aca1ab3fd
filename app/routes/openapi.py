"""The query parameters as the OpenAPI document lists them, from the one table that parses them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.query.parameters import PARAMETERS, Parameter


def query_parameters(without: Iterable[str] = (), also: Iterable[Parameter] = ()) -> dict[str, Any]:
    """`openapi_extra` of a route that takes a query, `without` the named parameters and `also` others."""
    left_out = set(without)
    return listed([*(item for item in PARAMETERS if item.name not in left_out), *also])


def listed(parameters: Iterable[Parameter]) -> dict[str, Any]:
    """`openapi_extra` of a route that parses `parameters` itself."""
    return {"parameters": [_entry(item) for item in parameters]}


def _entry(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    example: str | list[str] = parameter.example
    if parameter.many:
        schema, example = {"type": "array", "items": schema}, [parameter.example]
    return {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": parameter.meaning,
        "schema": schema,
        "example": example,
    }
