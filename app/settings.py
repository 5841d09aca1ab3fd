"""Limits and paths of a running app, from `RS5M_*` environment variables."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from indexer.errors import UserError

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")
_PREFIX = "RS5M_"


def _threads() -> int:
    """Two threads a core, as each waits for the other's interpreter lock, disk and database now and then."""
    return max(4, 2 * (os.cpu_count() or 1))


class Settings(BaseSettings):
    """Everything an operator may change without touching code."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, frozen=True)

    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=LOOPBACK_HOSTS,
        description="Host names the app answers to, with commas between; a page elsewhere that rebinds its "
        "name to this address gets nothing. `*` answers to any.",
    )
    checkpoint: Path | None = Field(
        default=None,
        description="Weights of the catalogue's encoder, where they are not where the index run had them.",
    )
    workspace: Path | None = Field(
        default=None,
        description="SQLite file for what people write, such as marks; by default beside the catalogue, "
        "named after its folder.",
    )
    encoder_wait_s: float = Field(
        default=60.0, gt=0, description="How long a search waits for the encoder while it loads, in seconds."
    )
    upload_bytes: int = Field(default=10_000_000, gt=0, description="Largest query image, in bytes.")
    image_pixels: int = Field(
        default=100_000_000,
        gt=0,
        description="Largest picture that is decoded, in pixels; larger ones get a placeholder.",
    )
    query_images: int = Field(
        default=64, gt=0, description="Query images held; the longest unused one is dropped."
    )
    thumbnail_cache_bytes: int = Field(
        default=64_000_000, ge=0, description="Memory for resized pictures, in bytes."
    )

    tile_url: str | None = Field(
        default=None,
        description="Address of map tiles, with `{z}`, `{x}` and `{y}` in it, drawn instead of the outlines "
        "of land and countries that the app brings along. Visitors' browsers then ask that server.",
    )
    tile_attribution: str = Field(
        default="", description="Whom the tiles are owed to, as a line of HTML; most servers ask for it."
    )

    threads: int = Field(
        default_factory=_threads,
        ge=1,
        description="Searches and pages worked on at once; by default two a core, and four at least.",
    )
    waiting: int = Field(
        default=200, ge=1, description="Requests that may wait for a thread; one more is told to come back."
    )
    downloads: int = Field(default=4, ge=1, description="CSV files that may be downloaded at once.")

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(name.strip() for name in value.split(",")) if isinstance(value, str) else value

    @field_validator("tile_url")
    @classmethod
    def _tiles(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not re.fullmatch(r"[\w.:\[\]-]+", parts.netloc):
            raise ValueError("not an http or https address with a plain host name")
        if missing := [part for part in ("{z}", "{x}", "{y}") if part not in value]:
            raise ValueError(f"{missing[0]} is missing")
        return value

    @property
    def tile_origin(self) -> str | None:
        """Scheme and host of the tiles, as a page's policy names them."""
        if self.tile_url is None:
            return None
        parts = urlsplit(self.tile_url)
        return f"{parts.scheme}://{parts.netloc}"


def read_settings(**changes: Any) -> Settings:
    """The settings of the environment, `changes` aside.

    Raises:
        UserError: a variable holds what its setting cannot be.
    """
    try:
        return Settings(**changes)
    except ValidationError as error:
        first = error.errors()[0]
        variable = f"{_PREFIX}{first['loc'][0]}".upper()
        raise UserError(f"{variable}={first['input']!r}: {first['msg']}.", "Correct or unset it.") from None
