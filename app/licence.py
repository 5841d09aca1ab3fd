"""What is said with every export."""

from __future__ import annotations

# ASCII: it also travels as an HTTP header.
LICENCE_NOTE = (
    "RS5M is for non-commercial research (its paper); its hub cards disagree (cc-by-nc-4.0, mit), "
    "and the terms of MillionAID and SBU are unknown. Images and captions keep the licences of their sources."
)
