"""Making a catalogue: what `rs5m index` does."""

from indexer.build.options import BuildOptions, default_workers
from indexer.build.progress import Progress
from indexer.build.run import build, index

__all__ = ["BuildOptions", "Progress", "build", "default_workers", "index"]
