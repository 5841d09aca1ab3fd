"""Weights from a file a person names: tensors only, and an error that says what is wrong with the file."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.errors import UserError

if TYPE_CHECKING:
    import torch

TORCH_SUFFIXES = (".pt", ".pth", ".ckpt", ".bin")
SUFFIXES = (*TORCH_SUFFIXES, ".safetensors")

# Buffers that older CLIP checkpoints carry and that hold nothing learned.
IGNORED_KEYS = {"input_resolution", "context_length", "vocab_size", "attn_mask"}


def check_checkpoint(path: Path) -> None:
    """Refuse a path that is no checkpoint file, before anything slow is imported.

    Raises:
        UserError: it does not exist, is a folder, or has another suffix than `SUFFIXES`.
    """
    if not path.is_file():
        raise UserError(
            f"Checkpoint {path} is not a file.", "Give --checkpoint the path of a .pt or .safetensors file."
        )
    if path.suffix.lower() not in SUFFIXES:
        raise UserError(
            f"Checkpoint {path} ends in {path.suffix!r}.",
            f"Checkpoints are read from {', '.join(SUFFIXES)}; save the state dict as one of these.",
        )


def load_weights(model: torch.nn.Module, path: Path, architecture: str) -> None:
    """Fill an open_clip model from a checkpoint file.

    The file holds a state dict, bare or under `state_dict`, with or without the `module.` prefix of
    distributed training. Torch files go through torch's restricted reader, which refuses all but tensors.

    Args:
        model: an open_clip model of that architecture; changed in place.
        path: `.pt`, `.pth`, `.ckpt`, `.bin` or `.safetensors`.
        architecture: open_clip's name of it, for messages.

    Raises:
        UserError: the file is damaged, holds more than tensors, or belongs to another architecture.
    """
    import open_clip
    from safetensors import SafetensorError

    check_checkpoint(path)
    try:
        keys = open_clip.load_checkpoint(model, str(path), strict=False, weights_only=True)
    except pickle.UnpicklingError as error:
        raise UserError(
            f"Checkpoint {path} holds more than tensors, or is damaged; "
            "it was not loaded, because unpickling can run code.",
            "Where you trust it, save its state dict alone: torch.save(model.state_dict(), FILE).",
        ) from error
    except SafetensorError as error:
        raise UserError(
            f"Checkpoint {path} is not a safetensors file: {error}.", "Download it again."
        ) from error
    except RuntimeError as error:
        raise _misfit(path, architecture, str(error)) from error
    except (AttributeError, KeyError, TypeError, ValueError, StopIteration, EOFError, OSError) as error:
        raise UserError(
            f"Checkpoint {path} holds no state dict.",
            "Save one with torch.save(model.state_dict(), FILE) or safetensors.torch.save_file.",
        ) from error
    missing = list(keys.missing_keys)
    unknown = [key for key in keys.unexpected_keys if key not in IGNORED_KEYS]
    if missing or unknown:
        counts = f"{len(missing)} weights missing, {len(unknown)} unknown"
        raise _misfit(path, architecture, f"{counts}: {_some(missing + unknown)}")


def _misfit(path: Path, architecture: str, detail: str) -> UserError:
    lines = [line.strip() for line in detail.splitlines()]
    mismatches = [line for line in lines if "size mismatch" in line]
    if "TorchScript" in detail:
        return UserError(
            f"Checkpoint {path} is a TorchScript program, not a state dict.",
            "Save its state dict where you trust it: torch.save(torch.jit.load(FILE).state_dict(), OTHER).",
        )
    if not mismatches and "PytorchStreamReader" in detail:
        return UserError(f"Checkpoint {path} is damaged: {lines[0]}.", "Download it again.")
    said = mismatches[0] if mismatches else lines[0]
    return UserError(
        f"Checkpoint {path} does not fit {architecture} ({said}).",
        "Name with --encoder the architecture it was trained as, for example ViT-B-32 or ViT-H-14.",
    )


def _some(names: list[str], shown: int = 3) -> str:
    return ", ".join(names[:shown]) + (", ..." if len(names) > shown else "")
