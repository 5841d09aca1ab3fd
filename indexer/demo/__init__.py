"""The demo world: scenes at plausible places, captions in RS5M's styles, planted faults, RS5M's own files."""
