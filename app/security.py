"""What surrounds every request: who may ask, how much may be sent, and what a page may load."""

from __future__ import annotations

import secrets
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import ForbiddenError, TooLargeError
from app.responses import error_response
from indexer.errors import UserError

_READS = frozenset({"GET", "HEAD", "OPTIONS"})


def content_security_policy(nonce: str, pictures: str | None = None) -> str:
    """Policy of a page: nothing from elsewhere, no inline script or style without `nonce`.

    Args:
        nonce: of this one page.
        pictures: an origin that pictures may come from all the same.
    """
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}'",
            f"img-src 'self' data: blob:{f' {pictures}' if pictures else ''}",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class SecurityHeaders:
    """Adds the security headers, and puts the page's nonce in `request.state.csp_nonce`.

    A response that sets its own policy (an original image, which must not run) keeps it.

    Args:
        app: what answers.
        pictures: an origin that pages may show pictures from.
    """

    def __init__(self, app: ASGIApp, pictures: str | None = None) -> None:
        self._app = app
        self._pictures = pictures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["csp_nonce"] = nonce

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Content-Security-Policy", content_security_policy(nonce, self._pictures))
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("Referrer-Policy", "same-origin")
                headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
                headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
            await send(message)

        await self._app(scope, receive, send_with_headers)


class SameHost:
    """Refuses requests under a name that is not this app's, and writes that another site started.

    An address in numbers is always let in: a browser that shows one asked no name server.

    The first stops DNS rebinding (a page elsewhere gives its own name this address and then reads what it
    likes); the second stops a page elsewhere from posting here.

    Args:
        app: what is protected.
        allowed: host names without port; `*` for any.
    """

    def __init__(self, app: ASGIApp, allowed: tuple[str, ...]) -> None:
        self._app = app
        self._allowed = frozenset(name.lower() for name in allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        problem = self._problem(scope) if scope["type"] == "http" else None
        if problem is None:
            await self._app(scope, receive, send)
        else:
            await error_response(scope, problem)(scope, receive, send)

    def _answers_to(self, name: str) -> bool:
        return "*" in self._allowed or name in self._allowed or _is_address(name)

    def _problem(self, scope: Scope) -> UserError | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._answers_to(_name(host)):
            return ForbiddenError(
                f"this app does not answer to the host name {host[:80]!r}.",
                "Open it under the address it printed, or add the name to RS5M_ALLOWED_HOSTS.",
            )
        origin = headers.get("origin")
        if scope["method"] not in _READS and origin is not None and urlsplit(origin).netloc != host:
            return ForbiddenError(f"a page of {origin[:80]!r} may not send anything here.")
        return None


class BodyLimit:
    """Refuses a request body larger than `limit` bytes, announced or not."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdigit() or int(announced) > self._limit:
            await error_response(scope, self._error())(scope, receive, send)
            return
        received = 0

        async def receive_counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._limit:
                raise self._error()
            return message

        await self._app(scope, receive_counted, send)

    def _error(self) -> TooLargeError:
        return TooLargeError(f"the request is larger than {self._limit:,} bytes.", "Send a smaller picture.")


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _name(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""
