"""One image from one address: redirects, robots, limits and retries."""

from __future__ import annotations

import asyncio
import random
import socket
import ssl
import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import aiohttp
from multidict import CIMultiDictProxy
from yarl import URL

from indexer.fetch import robots
from indexer.fetch.addresses import checked_url, refused_now, socket_factory
from indexer.fetch.bodies import Picture, picture, read_body
from indexer.fetch.hosts import Hosts
from indexer.fetch.reasons import FetchError, may_pass
from indexer.fetch.settings import FetchSettings

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ROBOTS_REMEMBERED = 20_000
_ROBOTS_REDIRECTS = 5
# Names that will not resolve later either.
_NO_SUCH_NAME = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", -5)})
_RESOLVERS = 64


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of one address.

    Attributes:
        picture: the image, or None.
        reason: why there is none; short code.
        detail: the same as a sentence.
        http_status: status of the last answer, if there was one.
        attempts: how often it was tried.
        final_url: where redirects led to, if anywhere else.
    """

    picture: Picture | None
    reason: str | None
    detail: str | None
    http_status: int | None
    attempts: int
    final_url: str | None


@asynccontextmanager
async def opened(settings: FetchSettings) -> AsyncIterator[Client]:
    """A client, with its connections closed at the end."""
    # getaddrinfo blocks a thread for as long as a name server is silent.
    resolvers = ThreadPoolExecutor(_RESOLVERS, "resolve")
    asyncio.get_running_loop().set_default_executor(resolvers)
    connector = aiohttp.TCPConnector(
        limit=0,
        ttl_dns_cache=300,
        socket_factory=socket_factory(allow_private=settings.allow_private),
    )
    timeout = aiohttp.ClientTimeout(
        total=None, sock_connect=settings.connect_timeout, sock_read=settings.read_timeout
    )
    async with aiohttp.ClientSession(
        connector=connector,
        timeout=timeout,
        auto_decompress=False,
        trust_env=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": settings.user_agent, "Accept": "image/*", "Accept-Encoding": "identity"},
    ) as session:
        yield Client(session, settings)


class Client:
    """Downloads images; use it from one event loop."""

    def __init__(self, session: aiohttp.ClientSession, settings: FetchSettings) -> None:
        self._session = session
        self._settings = settings
        self._hosts = Hosts(settings)
        self._robots: OrderedDict[str, asyncio.Future[robots.Rules]] = OrderedDict()

    async def fetch(self, address: str) -> Fetched:
        """Download one image, trying again where that may help; never raises for what a server does."""
        attempt = 0
        while True:
            attempt += 1
            try:
                url = checked_url(address)
                found, status, final = await self._within_time(url)
            except FetchError as error:
                if attempt < self._settings.attempts and await self._wait(error, attempt):
                    continue
                return Fetched(None, error.reason, error.detail, error.http_status, attempt, error.final_url)
            return Fetched(found, None, None, status, attempt, None if final == url else str(final))

    async def _wait(self, error: FetchError, attempt: int) -> bool:
        """Wait for the next attempt; False where there should be none."""
        if not may_pass(error.reason):
            return False
        if error.retry_after is not None:
            if error.retry_after > self._settings.longest_wait:
                return False
            await asyncio.sleep(error.retry_after)
        backoff = self._settings.backoff * 2 ** (attempt - 1)
        await asyncio.sleep(backoff * (1 + random.random()))  # noqa: S311 spreads tries, guards nothing
        return True

    async def _within_time(self, url: URL) -> tuple[Picture, int, URL]:
        """Follow an address to its image.

        Raises:
            FetchError: for any reason.
        """
        seen = [url]
        while True:
            current = seen[-1]
            try:
                answer = await self._hop(current)
            except FetchError as error:
                if len(seen) > 1:
                    error.final_url = str(current)
                raise
            if not isinstance(answer, URL):
                return answer[0], answer[1], current
            if answer in seen:
                raise FetchError("redirect_loop", f"Redirected to {_shown(answer)} for the second time.")
            if len(seen) > self._settings.redirects:
                raise FetchError("too_many_redirects", f"Redirected {len(seen)} times.")
            seen.append(answer)

    async def _hop(self, url: URL) -> URL | tuple[Picture, int]:
        """Ask once: where to ask next, or the image and the status it came with."""
        if self._settings.robots:
            rules = await self._rules(url)
            if not rules.allows(url.raw_path_qs):
                raise FetchError("robots", f"robots.txt of {url.host} asks not to download it.")
        async with self._asking(url, self._settings.total_timeout) as response:
            status = response.status
            if status in _REDIRECTS:
                return _target(url, response.headers, status)
            if not 200 <= status < 300:
                wait = _retry_after(response.headers) if status in (429, 503) else None
                if wait is not None:
                    self._hosts.leave_alone(_host(url), min(wait, self._settings.longest_wait))
                raise FetchError(
                    f"http_{status}", f"The server answered {status}.", http_status=status, retry_after=wait
                )
            told = robots.opted_out(
                response.headers.getall("X-Robots-Tag", []), self._settings.opt_outs, self._settings.product
            )
            if told is not None:
                raise FetchError("robots", f"The header X-Robots-Tag says {told}.", http_status=status)
            try:
                body = await read_body(response, self._settings.images.bytes, image=True)
                return await asyncio.to_thread(picture, body, self._settings.images), status
            except FetchError as error:
                error.http_status = status
                raise

    async def _rules(self, url: URL) -> robots.Rules:
        """The robots.txt of a host, asked for once.

        Raises:
            FetchError: `robots_unreachable` and others: RFC 9309 has a host left alone whose rules cannot be
                had.
        """
        origin = str(url.origin())
        known = self._robots.get(origin)
        if known is None:
            known = self._robots[origin] = asyncio.ensure_future(self._ask_rules(url.origin()))
            while len(self._robots) > _ROBOTS_REMEMBERED:
                self._robots.popitem(last=False)
        try:
            return await asyncio.shield(known)
        except FetchError:
            if self._robots.get(origin) is known:
                del self._robots[origin]
            raise

    async def _ask_rules(self, origin: URL) -> robots.Rules:
        url = origin / "robots.txt"
        for _ in range(_ROBOTS_REDIRECTS + 1):
            async with self._asking(url, self._settings.total_timeout) as response:
                if response.status in _REDIRECTS:
                    url = _target(url, response.headers, response.status)
                    continue
                if response.status == 429 or response.status >= 500:
                    raise FetchError(
                        "robots_unreachable",
                        f"robots.txt of {origin.host} was answered with {response.status}.",
                        http_status=response.status,
                        retry_after=_retry_after(response.headers),
                    )
                if not 200 <= response.status < 300:
                    return robots.ALLOW_ALL
                try:
                    body = await read_body(response, robots.MOST_BYTES, image=False)
                except FetchError as error:
                    if error.reason != "too_large":
                        raise
                    raise FetchError("robots", f"robots.txt of {origin.host}: {error.detail}") from None
                return robots.parse(body.decode("utf-8", "replace"), self._settings.product)
        return robots.ALLOW_ALL

    @asynccontextmanager
    async def _asking(self, url: URL, seconds: float) -> AsyncIterator[aiohttp.ClientResponse]:
        """Ask a host in its turn; what goes wrong becomes a `FetchError`."""
        name = _host(url)
        refused: list[str] = []
        refused_now.set(refused)
        async with self._hosts.turn(name):
            try:
                async with (
                    asyncio.timeout(seconds),
                    self._session.get(url, allow_redirects=False) as response,
                ):
                    self._hosts.connected(name)
                    yield response
            except (TimeoutError, aiohttp.ServerTimeoutError) as error:
                connecting = isinstance(error, aiohttp.ConnectionTimeoutError)
                if connecting:
                    self._hosts.failed(name)
                raise FetchError(
                    "timeout",
                    f"{url.host} {'did not accept a connection' if connecting else 'took too long'}.",
                ) from None
            except aiohttp.ClientConnectorDNSError as error:
                final = getattr(error.os_error, "errno", None) in _NO_SUCH_NAME
                raise FetchError(
                    "dns_failed" if final else "dns_unavailable",
                    f"{url.host} cannot be resolved: {error.os_error}.",
                ) from None
            except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientSSLError, ssl.SSLError) as error:
                raise FetchError("tls_failed", f"No secure connection to {url.host}: {error}.") from None
            except aiohttp.ClientConnectorError as error:
                if refused:
                    raise FetchError(
                        "refused_address",
                        f"{url.host} leads to {', '.join(refused[:4])}, which is not public.",
                    ) from None
                self._hosts.failed(name)
                raise FetchError(
                    "connection_failed", f"No connection to {url.host}: {error.os_error}."
                ) from None
            except aiohttp.ClientPayloadError as error:
                raise FetchError("cut_off", f"The body broke off: {_line(error)}.") from None
            except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError, ConnectionError) as error:
                raise FetchError(
                    "connection_failed", f"{url.host} closed the connection: {_line(error)}."
                ) from None
            except aiohttp.InvalidURL:
                raise FetchError("bad_url", "The address cannot be asked for.") from None
            except aiohttp.ClientResponseError as error:
                raise FetchError("bad_answer", f"The answer cannot be understood: {_line(error)}.") from None
            except (aiohttp.ClientError, ValueError, OSError) as error:
                raise FetchError("connection_failed", f"{url.host}: {_line(error)}.") from None


def _target(url: URL, headers: CIMultiDictProxy[str], status: int) -> URL:
    location = headers.get("Location", "")
    try:
        joined = str(url.join(URL(location)))
    except ValueError as error:
        raise FetchError(
            "bad_url", f"Redirected to what is no address: {error}.", http_status=status
        ) from None
    if not location:
        raise FetchError("bad_answer", "Redirected to nowhere.", http_status=status)
    try:
        return checked_url(joined).with_fragment(None)
    except FetchError as error:
        raise FetchError(error.reason, f"After a redirect: {error.detail}", http_status=status) from None


def _retry_after(headers: CIMultiDictProxy[str]) -> float | None:
    """Seconds that a Retry-After header asks for, given as seconds or as a date."""
    value = headers.get("Retry-After", "").strip()
    if not value:
        return None
    if value.isascii() and value.isdecimal():
        return float(value[:9])
    try:
        return max(parsedate_to_datetime(value).timestamp() - time.time(), 0.0)
    except (ValueError, TypeError, OverflowError):
        return None


def _host(url: URL) -> str:
    return f"{url.host}:{url.port}"


def _shown(url: URL) -> str:
    text = str(url)
    return text if len(text) <= 200 else text[:200] + "..."


def _line(error: BaseException) -> str:
    return (next(iter(str(error).splitlines()), "") or type(error).__name__)[:200]
