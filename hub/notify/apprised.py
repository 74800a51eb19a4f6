"""E-mail and SMS through Apprise, which knows the mail servers and gateways that there are.

The operator gives an URL in Apprise's own spelling; the hub puts one checked address into it.
"""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

from hub.notify.notice import MAIL, PHONE, Address, Channel, Labels, Notice, Outcome, Result
from hub.notify.words import sentence, subject

PLACE = "{to}"
"""Where the address goes in the URL."""
THREADS = 4


class BadUrl(Exception):
    """Apprise does not know this URL, or it has no place for the address."""


class Apprised:
    """`ports.Notifier` for e-mail or SMS."""

    def __init__(self, channel: Channel, url: str, labels: Labels, timeout_s: float) -> None:
        if PLACE not in url:
            raise BadUrl(f"the URL needs {PLACE} where the address goes")
        self.channel = channel
        self._url = url
        self._labels = labels
        self._timeout_s = timeout_s
        self._form = MAIL if channel is Channel.EMAIL else PHONE
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix=f"examroom-{channel}")
        # Apprise names hosts and targets in its log
        logging.getLogger("apprise").setLevel(logging.CRITICAL)
        example = "nobody@example.org" if channel is Channel.EMAIL else "+33600000000"
        if self._made(example) is None:
            raise BadUrl("Apprise does not understand this URL")

    async def send(self, notice: Notice, to: Address) -> Outcome:
        """One message, on a thread. Apprise tells only whether it was taken."""
        if not self._form.fullmatch(to.to):
            return Outcome(Result.GONE)
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._timeout_s):
                taken = await loop.run_in_executor(self._threads, self._notify, notice, to.to)
        except TimeoutError:
            return Outcome(Result.FAILED)
        return Outcome(Result.SENT if taken else Result.FAILED)

    def _notify(self, notice: Notice, to: str) -> bool:
        from apprise import NotifyFormat

        made = self._made(to)
        if made is None:
            return False
        text = sentence(notice, self._labels)
        title = subject(notice) if self.channel is Channel.EMAIL else ""
        return bool(made.notify(body=text, title=title, body_format=NotifyFormat.TEXT))

    def _made(self, to: str) -> Any:
        from apprise import Apprise, AppriseAsset, PersistentStoreMode  # knows 100 services: slow

        asset = AppriseAsset(
            app_id="examroom",
            app_desc="examroom",
            app_url="",
            http_redirects=False,
            secure_logging=True,
            storage_mode=PersistentStoreMode.MEMORY,
        )
        url = self._url.replace(PLACE, quote(to, safe=""))
        found = Apprise.instantiate(url, asset=asset)
        if found is None:
            return None
        found.socket_connect_timeout = found.socket_read_timeout = self._timeout_s
        return found

    def stop(self) -> None:
        """Let go of the threads; what is under way is found due again at the next start."""
        self._threads.shutdown(wait=False, cancel_futures=True)
