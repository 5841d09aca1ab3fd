"""Names of the files inside a catalogue folder, and of what a run keeps there until it is finished."""

from __future__ import annotations

MANIFEST = "manifest.json"
DATABASE = "catalogue.duckdb"
VECTORS = "image_vectors.npy"
INDEX = "images.faiss"
CAPTIONS = "captions"
ORDERS = "orders"
BUILD = "build.json"

JOB = "job.json"
PARTS = "parts"
LOCK = "run.lock"
