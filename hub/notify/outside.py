"""The one HTTP client towards the outside, and the rule about where it may go (OWASP SSRF).

An endpoint of a push subscription is a client's word: it must be https, on the default port, on a
host that the operator allows. Redirects are not followed, answers are not read. Loopback, also
without TLS, only where a setting opens it for tests and for the demonstration.
"""

import asyncio
import ssl
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

import httpx

from hub.notify.notice import Outcome, Result
from hub.ports import Clock

MOST_RETRY_AFTER_S = 600.0
"""However long the other side asks us to wait, an alert is tried again after this."""


class Allowed:
    """Which addresses may be asked. A host that begins with a dot stands for its subdomains."""

    def __init__(self, hosts: str, *, loopback: bool) -> None:
        named = [host.strip().lower() for host in hosts.split(",") if host.strip()]
        self._exact = frozenset(host for host in named if not host.startswith("."))
        self._below = tuple(host for host in named if host.startswith("."))
        self._loopback = loopback

    def push(self, endpoint: str) -> bool:
        """Whether `endpoint` may be a push endpoint."""
        url = _parts(endpoint)
        if url is None:
            return False
        host = (url.hostname or "").lower()
        if _is_loopback(host):
            return self._loopback
        known = host in self._exact or host.endswith(self._below)
        return url.scheme == "https" and _port(url) in (None, 443) and known

    def own(self, address: str) -> bool:
        """Whether an address that the operator set may be asked: https, or this machine."""
        url = _parts(address)
        if url is None:
            return False
        return self._loopback if _is_loopback(url.hostname or "") else url.scheme == "https"


def _parts(address: str) -> SplitResult | None:
    """The parts of an URL of the web without credentials in it."""
    if len(address) > 2048 or not address.isascii() or not address.isprintable():
        return None
    try:
        url = urlsplit(address)
        port_is_number = url.port is None or url.port > 0
    except ValueError:
        return None
    odd = "@" in url.netloc or "\\" in address or " " in address
    return None if odd or url.scheme not in ("http", "https") or not port_is_number else url


def _port(url: SplitResult) -> int | None:
    return url.port


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


class Outside:
    """Posts, and tells what became of it."""

    def __init__(self, clock: Clock, timeout_s: float) -> None:
        self._clock = clock
        self._timeout_s = timeout_s
        # Made at the first use: reading the certificates of the machine takes a while.
        self._client: httpx.AsyncClient | None = None

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> Outcome:
        """Send `body`. Never raises for what the other side does; ends within the timeout."""
        try:
            async with asyncio.timeout(self._timeout_s):
                client = await self._opened()
                async with client.stream("POST", url, content=body, headers=headers) as answer:
                    return self._outcome(answer)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError):
            return Outcome(Result.FAILED)

    async def stop(self) -> None:
        """Close what is open."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _opened(self) -> httpx.AsyncClient:
        if self._client is None:
            context = await asyncio.to_thread(ssl.create_default_context)
            self._client = self._client or httpx.AsyncClient(
                verify=context,
                follow_redirects=False,
                timeout=self._timeout_s,
                headers={"user-agent": "examroom"},
            )
        return self._client

    def _outcome(self, answer: httpx.Response) -> Outcome:
        status = answer.status_code
        if 200 <= status < 300:
            return Outcome(Result.SENT)
        if status in (404, 410):
            return Outcome(Result.GONE)
        if status in (408, 425, 429) or status >= 500:
            return Outcome(Result.FAILED, self._retry_after(answer.headers.get("retry-after", "")))
        return Outcome(Result.REFUSED)

    def _retry_after(self, said: str) -> float | None:
        """Seconds of `Retry-After`: a number or a date (RFC 9110 10.2.3), within reason."""
        if said.isascii() and said.isdecimal() and len(said) < 9:
            seconds = float(said)
        else:
            try:
                seconds = (parsedate_to_datetime(said) - self._clock.now()).total_seconds()
            except (ValueError, TypeError):
                return None
        return min(max(seconds, 0.0), MOST_RETRY_AFTER_S)
