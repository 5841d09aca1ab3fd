"""The one exception a person is meant to read."""

from __future__ import annotations


class UserError(Exception):
    """Something the user can put right: what happened, where, and what to do.

    The command line prints it as one line and exits with 1; the app shows it as an error page.
    Anything else that escapes is a bug and keeps its traceback.

    Args:
        what: what happened and where (file, row or field).
        hint: what to do about it, as a full sentence.
    """

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(f"{what} {hint}".strip())
        self.what = what
        self.hint = hint
