"""Benchmarks: one command a file, `python -m benchmarks.NAME`; see README.md beside this."""
