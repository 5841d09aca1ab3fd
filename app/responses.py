"""An error as an answer: JSON to a program, a page to a person."""

from __future__ import annotations

from fastapi import Request
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from app.errors import BusyError, status_of
from app.templates import templates
from indexer.errors import UserError


def error_response(scope: Scope, error: UserError) -> Response:
    """Answer `error` with its status, in the form the request asks for."""
    status = status_of(error)
    headers = {"Retry-After": str(error.retry_after_s)} if isinstance(error, BusyError) else None
    if _wants_json(scope):
        return JSONResponse({"error": error.what, "hint": error.hint}, status, headers)
    context = {"error": error, "status": status, "query": None}
    return templates.TemplateResponse(Request(scope), "errors/error.html", context, status, headers)


def _wants_json(scope: Scope) -> bool:
    path = str(scope["path"])
    return path.startswith("/api/") or "text/html" not in Headers(scope=scope).get("accept", "")
