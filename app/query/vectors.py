"""Where a query's vector comes from; the app and the command line each bring their own."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]


class QueryVectors(Protocol):
    """Turns what a person asked into a unit vector, float32 (d,)."""

    def of_text(self, text: str) -> Vector:
        """Vector of a text.

        Raises:
            UnavailableError: the catalogue's encoder cannot be used here.
        """
        ...

    def of_image(self, image: str) -> Vector:
        """Vector of the uploaded image with this hash.

        Raises:
            NotFoundError: it was never uploaded, or is no longer held.
        """
        ...
