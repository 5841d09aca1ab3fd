"""A server on the loopback interface that does what servers on the web do, and worse."""

from __future__ import annotations

import asyncio
import gzip
import struct
import threading
import zlib
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType

from tests.samples import encoded, jpeg, picture

# 32 MiB of zeros behind the beginning of an image.
BOMB = gzip.compress(jpeg()[:100] + bytes(32 << 20))


def huge_png() -> bytes:
    """A PNG whose header claims 40,000 x 40,000 pixels."""
    chunks = [
        b"IHDR" + struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0),
        b"IDAT" + zlib.compress(bytes(99)),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks
    )


def answer(status: int, body: bytes = b"", **headers: str) -> bytes:
    """A whole answer, with the length of its body."""
    told = {"Content-Length": str(len(body)), "Connection": "close"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"HTTP/1.1 {status} Whatever\r\n{head}\r\n".encode() + body


class Misbehaving:
    """The server, in a thread of its own; a context that stops it.

    Attributes:
        asked: requests by path.
        agents: what requests said they are.
        most_at_once: the largest number of requests in progress.
        times: by path, when it was asked (seconds of the loop's clock).
        healed: once set, what was out of order answers with an image.
        robots: body of robots.txt, or None for 404.
    """

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.agents: set[str] = set()
        self.encodings: set[str] = set()
        self.times: dict[str, list[float]] = {}
        self.now = self.most_at_once = 0
        self.healed = False
        self.robots: str | None = None
        self.on_request: Callable[[str], None] = lambda path: None
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.port = 0

    def __enter__(self) -> Misbehaving:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(10)

    def url(self, path: str) -> str:
        """Address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.now += 1
        self.most_at_once = max(self.most_at_once, self.now)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            path = head.split()[1]
            for line in head.splitlines():
                if line.lower().startswith("user-agent:"):
                    self.agents.add(line.split(":", 1)[1].strip())
                if line.lower().startswith("accept-encoding:"):
                    self.encodings.add(line.split(":", 1)[1].strip())
            self.asked[path] += 1
            self.times.setdefault(path, []).append(self._loop.time())
            self.on_request(path)
            await self._respond(path, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self.now -= 1
            writer.close()

    async def _respond(self, path: str, writer: asyncio.StreamWriter) -> None:
        if path == "/robots.txt":
            body = self.robots
            writer.write(answer(404) if body is None else answer(200, body.encode()))
            await writer.drain()
            return
        name = path.strip("/").split("/")[0].split("?")[0]
        if self.healed and name in ("flaky", "503", "429", "half", "slow", "reset"):
            name = "good"
        action = getattr(self, f"_do_{name}", None)
        if action is None:
            writer.write(answer(int(name) if name.isdecimal() else 200, jpeg(len(path))))
        else:
            await action(path, writer)
        with suppress(ConnectionError):
            await writer.drain()

    async def _do_good(self, path: str, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.005)
        writer.write(answer(200, jpeg(sum(path.encode())), Content_Type="image/jpeg"))

    async def _do_png(self, path: str, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(200, encoded(picture(3), "PNG"), Content_Type="text/plain"))

    async def _do_slow(self, path: str, writer: asyncio.StreamWriter) -> None:
        """A byte now and then, never late enough for a timeout between two."""
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + jpeg()[:20])
        for _ in range(1000):
            await asyncio.sleep(0.05)
            writer.write(b"x")
            await writer.drain()

    async def _do_silent(self, path: str, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    async def _do_endless(self, path: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n14\r\n" + jpeg()[:20] + b"\r\n")
        chunk = b"10000\r\n" + bytes(1 << 16) + b"\r\n"
        while True:
            writer.write(chunk)
            await writer.drain()

    async def _do_announced(self, path: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + jpeg())

    async def _do_html(self, path: str, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(200, b"<html>not here any more</html>" * 9, Content_Type="image/jpeg"))

    async def _do_empty(self, path: str, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(200, b"", Content_Type="image/jpeg"))

    async def _do_bomb(self, path: str, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(200, BOMB, Content_Encoding="gzip", Content_Type="image/jpeg"))

    async def _do_gzip(self, path: str, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(200, gzip.compress(jpeg(5)), Content_Encoding="gzip"))

    async def _do_badgzip(self, path: str, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(200, b"not gzip at all, not gzip at all", Content_Encoding="gzip"))

    async def _do_brotli(self, path: str, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(200, b"whatever", Content_Encoding="br"))

    async def _do_half(self, path: str, writer: asyncio.StreamWriter) -> None:
        body = jpeg()
        writer.write(answer(200, body)[: -len(body) // 2])

    async def _do_reset(self, path: str, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async def _do_garbage(self, path: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x00\x01\x02 no HTTP at all\r\n\r\n")

    async def _do_pixels(self, path: str, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(200, huge_png(), Content_Type="image/png"))

    async def _do_loop(self, path: str, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(302, Location="/loop2" if path == "/loop" else "/loop"))

    _do_loop2 = _do_loop

    async def _do_chain(self, path: str, writer: asyncio.StreamWriter) -> None:
        number = int(path.rpartition("/")[2])
        writer.write(answer(302, Location=f"/chain/{number + 1}"))

    async def _do_moved(self, path: str, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(301, Location="/good/moved"))

    async def _do_toprivate(self, path: str, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(302, Location="http://10.0.0.7/secret.jpg"))

    async def _do_tofile(self, path: str, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(302, Location="file:///etc/passwd"))

    async def _do_flaky(self, path: str, writer: asyncio.StreamWriter) -> None:
        """Once out of order, then well."""
        again = self.asked[path] > 1
        writer.write(answer(200, jpeg(9)) if again else answer(503, Retry_After="0"))

    async def _do_429(self, path: str, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(429, Retry_After="3600"))

    async def _do_noai(self, path: str, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(200, jpeg(), X_Robots_Tag="noindex, noai"))
