"""Bodies of answers: how much of them is read, what they unpack to, and whether they are images."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass

from aiohttp import ClientResponse

from indexer.fetch.reasons import FetchError
from indexer.images import BadImage, ImageLimits, read_header

_CHUNK = 1 << 16
_SUFFIXES = {
    "JPEG": "jpg",
    "PNG": "png",
    "WEBP": "webp",
    "TIFF": "tif",
    "GIF": "gif",
    "BMP": "bmp",
    "JPEG2000": "jp2",
}
_BEGINNINGS = (
    *(b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"II*\0", b"MM\0*"),
    *(b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51"),
)
_SNIFFED = 12


@dataclass(frozen=True, slots=True)
class Picture:
    """An image as it was downloaded.

    Attributes:
        content: its bytes.
        suffix: that of a file of its format, without a dot.
        width: pixels, as its header says.
        height: pixels, as its header says.
        sha256: of its bytes, hexadecimal.
    """

    content: bytes
    suffix: str
    width: int
    height: int
    sha256: str


async def read_body(response: ClientResponse, most: int, *, image: bool) -> bytes:
    """Read and unpack a body.

    Args:
        response: the answer.
        most: bytes that it may have, and may unpack to.
        image: whether to stop reading where the first bytes are no image's.

    Raises:
        FetchError: `too_large`, `bad_encoding` or `not_an_image`.
    """
    declared = response.content_length
    if declared is not None and declared > most:
        raise FetchError("too_large", f"The server announces {declared:,} bytes; the limit is {most:,}.")
    unpack = _unpacker(response.headers.get("Content-Encoding", ""))
    body = bytearray()
    read = 0
    async for chunk in response.content.iter_chunked(_CHUNK):
        read += len(chunk)
        try:
            body += chunk if unpack is None else unpack.decompress(chunk, most + 1 - len(body))
        except zlib.error as error:
            raise FetchError("bad_encoding", f"The compressed body is damaged: {error}.") from None
        if len(body) > most:
            unpacked = "unpacks to" if unpack else "has"
            raise FetchError("too_large", f"The body {unpacked} more than {most:,} bytes.")
        if image and len(body) >= _SNIFFED and not _begins_like_an_image(body):
            raise _no_image(bytes(body), response)
    if unpack is not None and read and not unpack.eof:
        raise FetchError("cut_off", f"The compressed body ends after {read:,} bytes.")
    if image and not body:
        raise FetchError("zero_bytes", "The body is empty.")
    if image and not _begins_like_an_image(body):
        raise _no_image(bytes(body), response)
    return bytes(body)


def picture(content: bytes, limits: ImageLimits) -> Picture:
    """Look at an image's header; nothing is decoded.

    Raises:
        FetchError: for the reasons of `BadImage`.
    """
    try:
        header = read_header(content, limits)
    except BadImage as error:
        raise FetchError(error.fault.reason, error.fault.detail) from None
    return Picture(
        content,
        _SUFFIXES[header.format],
        header.width,
        header.height,
        hashlib.sha256(content).hexdigest(),
    )


def _unpacker(encoding: str) -> zlib._Decompress | None:
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return None
    if name in ("gzip", "x-gzip", "deflate"):
        # 32: gzip or zlib, as the first bytes say.
        return zlib.decompressobj(zlib.MAX_WBITS | 32)
    raise FetchError("bad_encoding", f"The body is encoded as {name[:40]}, which was not asked for.")


def _begins_like_an_image(body: bytes | bytearray) -> bool:
    return bytes(body[:_SNIFFED]).startswith(_BEGINNINGS) or body[8:12] == b"WEBP"


def _no_image(body: bytes, response: ClientResponse) -> FetchError:
    told = response.headers.get("Content-Type", "nothing")[:80]
    return FetchError("not_an_image", f"The body begins with {body[:16]!r}; the server calls it {told}.")
