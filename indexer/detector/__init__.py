"""Score c: the probability that an image is remote sensing, by a small head on the encoder's image vectors.

A head is one readable JSON file made for one encoder's weights. `heads/` holds those that ship; for any other
encoder `rs5m train-detector` makes one from labelled samples.
"""

from __future__ import annotations

from indexer.detector.head import DetectorHead
from indexer.detector.shipped import head_for

__all__ = ["DetectorHead", "head_for"]
