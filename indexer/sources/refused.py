"""Files that must be converted or unpacked by hand before anything reads them."""

from __future__ import annotations

from pathlib import Path

from indexer.errors import UserError

_PICKLES = frozenset({".pkl", ".pickle"})
_COMPRESSED_SUFFIXES = frozenset({".gz", ".tgz", ".bz2", ".xz", ".zst"})
_COMPRESSED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")


def refuse(path: Path) -> None:
    """Raise a UserError that says what to do if `path` is a pickle, is compressed or cannot be opened."""
    suffix = path.suffix.lower()
    if suffix in _PICKLES:
        raise UserError(
            f"{path} is a pickle, which can run code when it is opened, so it is not read.",
            'If you trust it, convert it: python -c "import pandas; '
            f"pandas.read_pickle('{path.name}').to_csv('{path.stem}.csv', index=False)\".",
        )
    try:
        with path.open("rb") as file:
            magic = file.read(6)
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.", "Check its permissions.") from None
    if suffix in _COMPRESSED_SUFFIXES or magic.startswith(_COMPRESSED):
        raise UserError(
            f"{path} is compressed, so it cannot be read in place.",
            "Unpack it once to a plain file (gunzip, bunzip2, unxz or zstd -d), then give that.",
        )
