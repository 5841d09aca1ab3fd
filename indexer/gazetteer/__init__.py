"""Places by name, offline: those a caption names, and the one a search is about."""
