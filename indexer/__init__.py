"""Offline indexer: sources -> stages -> encoders -> catalogue. Never imports `app`."""

__version__ = "0.1.0"
