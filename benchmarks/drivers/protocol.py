"""How a driver talks: a line of JSON in, a line of JSON out. Standard library only: it runs anywhere."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

Answer = dict[str, Any]


def serve(operations: Mapping[str, Callable[..., Answer]]) -> None:
    """Answer requests `{"do": operation, ...arguments}` from stdin until it is closed.

    An error becomes `{"error": ...}`, so that one that a rival raises is shown and the others go on.
    """
    # Libraries that print would break the lines: whatever they write goes to stderr.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = operations[request.pop("do")](**request)
        except NotImplementedError as error:
            answer = {"error": str(error)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
