"""What a download may cost, and how politely it is asked for."""

from __future__ import annotations

from dataclasses import dataclass, field

from indexer import __version__
from indexer.images import ImageLimits

USER_AGENT = f"rs5m-explorer/{__version__} (research dataset downloader; honours robots.txt)"


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """Limits and manners of all downloads of a run.

    Attributes:
        user_agent: what servers are told; the part before the first slash is looked for in robots.txt.
        concurrency: requests at a time.
        per_host: requests at a time to one host.
        interval: seconds from the start of a request to a host to the start of the next.
        attempts: how often an address is tried in one run, if it fails for a reason that may pass.
        backoff: seconds before the second attempt; doubled for each further one, and up to as much again.
        longest_wait: seconds that a server's Retry-After is waited for; more is left to a later run.
        connect_timeout: seconds until a connection stands.
        read_timeout: seconds without a byte.
        total_timeout: seconds for one request, its body included.
        redirects: how many are followed.
        give_up_after: failures to connect to a host, one after the other, until its other addresses are no
            longer tried in this run.
        images: bytes and pixels of an image.
        allow_private: whether private, loopback and other addresses that are not public may be connected to.
        robots: whether robots.txt is honoured.
        opt_outs: directives of the header X-Robots-Tag that an image is left alone for.
    """

    user_agent: str = USER_AGENT
    concurrency: int = 64
    per_host: int = 2
    interval: float = 0.1
    attempts: int = 3
    backoff: float = 1.0
    longest_wait: float = 60.0
    connect_timeout: float = 10.0
    read_timeout: float = 10.0
    total_timeout: float = 60.0
    redirects: int = 5
    give_up_after: int = 5
    images: ImageLimits = field(default_factory=ImageLimits)
    allow_private: bool = False
    robots: bool = True
    opt_outs: frozenset[str] = frozenset({"noai", "noimageai"})

    @property
    def product(self) -> str:
        """The name that robots.txt and X-Robots-Tag may call this downloader by."""
        return self.user_agent.split("/")[0].split()[0].lower() if self.user_agent.strip() else "*"
