"""Why an image could not be downloaded, and which reasons may pass."""

from __future__ import annotations

# Every other status of HTTP is final.
_TRANSIENT_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504, 507, 509, 520, 521, 522, 523, 524})
TRANSIENT = frozenset(
    {
        "timeout",
        "connection_failed",
        "cut_off",
        "dns_unavailable",
        "robots_unreachable",
        *(f"http_{status}" for status in _TRANSIENT_STATUSES),
    }
)


class FetchError(Exception):
    """An image that was not downloaded.

    Attributes:
        reason: short code, `snake_case`.
        detail: a sentence for a person.
        http_status: status of the last answer, if there was one.
        retry_after: seconds that the server asks to be left alone for.
        final_url: the address that failed, where redirects led elsewhere.
    """

    def __init__(
        self, reason: str, detail: str, *, http_status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.http_status = http_status
        self.retry_after = retry_after
        self.final_url: str | None = None


def may_pass(reason: str) -> bool:
    """Whether an address that failed for this reason is worth another try."""
    return reason in TRANSIENT
