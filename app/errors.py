"""Errors a person is meant to read, with the HTTP status they are answered with."""

from __future__ import annotations

from indexer.errors import UserError


class NotFoundError(UserError):
    """There is no such sample, image or page."""

    status = 404


class ForbiddenError(UserError):
    """The request comes from a place that may not make it."""

    status = 403


class ConflictError(UserError):
    """What is sent does not fit what is here now."""

    status = 409


class TooLargeError(UserError):
    """What was sent is larger than the settings allow."""

    status = 413


class UnavailableError(UserError):
    """Something the answer needs (an encoder) is not there."""

    status = 503


class BusyError(UnavailableError):
    """More is asked for at once than there are threads for.

    Args:
        what: as for any `UserError`.
        hint: likewise.
        retry_after_s: seconds after which it is worth asking again.
    """

    def __init__(self, what: str, hint: str = "", retry_after_s: int = 3) -> None:
        super().__init__(what, hint)
        self.retry_after_s = retry_after_s


def status_of(error: UserError) -> int:
    """HTTP status of `error`: its own, or 400 for what the URL got wrong."""
    return int(getattr(error, "status", 400))
