"""Names of the files inside a catalogue folder, and of what a run keeps there until it is finished."""

from __future__ import annotations

MANIFEST = "manifest.json"
DATABASE = "catalogue.duckdb"
VECTORS = "image_vectors.npy"
INDEX = "images.faiss"
CAPTIONS = "captions"
ORDERS = "orders"
FACET_CELLS = "facet_cells.npy"
SCORES = "scores"
NEAR_PAIRS = "near_pairs.npy"
DERIVED = "derived"
NAMED_PLACES = f"{DERIVED}/places.parquet"
BUILD = "build.json"

JOB = "job.json"
STEPS = "steps.json"
PARTS = "parts"
LOCK = "run.lock"
