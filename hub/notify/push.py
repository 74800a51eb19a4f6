"""Web Push: encrypted for one device (RFC 8291), signed by the hub's own key (VAPID, RFC 8292)."""

import asyncio
import base64
import os
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02, VapidException  # type: ignore[import-untyped]  # has no types
from pywebpush import WebPusher, WebPushException  # type: ignore[import-untyped]  # same

from hub.notify.notice import Address, Channel, Labels, Notice, Outcome, Result
from hub.notify.outside import Allowed, Outside
from hub.ports import Clock
from hub.room.stages import Urgency
from hub.wire.frames import dumps

TTL_S = 900
"""How long a push service keeps a message for a device that sleeps: what is older calls nobody."""
SIGNED_S = 3600
"""Life of a signature; RFC 8292 allows a day."""
PADDED = 512
"""Bytes that every payload is padded to, so that its length tells nothing."""


class BadKey(Exception):
    """The VAPID key cannot be used; the message says why."""


def key_at(path: Path) -> Vapid02:
    """The key of `path`, made where there is none, readable by its owner alone (0600).

    Raises `BadKey`. Losing the key means that every device has to be registered anew.
    """
    fresh = Vapid02()
    try:
        if not path.exists():
            fresh.generate_keys()
            path.parent.mkdir(parents=True, exist_ok=True)
            # written whole and linked: two processes that start at once agree on one of them
            half = path.with_name(f"{path.name}.{os.getpid()}")
            with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                out.write(fresh.private_pem())
                out.flush()
                os.fsync(out.fileno())
            try:
                os.link(half, path)
            except FileExistsError:
                pass
            finally:
                half.unlink()
        if path.stat().st_mode & 0o077:
            raise BadKey(f"{path} can be read by others: chmod 600 it")
        return Vapid02.from_pem(path.read_bytes())
    except (OSError, ValueError, VapidException) as problem:
        raise BadKey(f"the push key {path} cannot be used: {problem}") from None


class WebPush:
    """`ports.Notifier` to the browsers of people."""

    channel = Channel.PUSH

    def __init__(
        self,
        key: Vapid02,
        contact: str,
        allowed: Allowed,
        outside: Outside,
        clock: Clock,
        labels: Labels,
    ) -> None:
        self._key = key
        self._contact = contact
        self._allowed = allowed
        self._outside = outside
        self._clock = clock
        self._labels = labels

    @property
    def public_key(self) -> str:
        """What a browser subscribes with: the point, uncompressed, in base64url."""
        point = self._key.public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return base64.urlsafe_b64encode(point).rstrip(b"=").decode()

    def takes(self, endpoint: str, p256dh: str, auth: str) -> bool:
        """Whether something could be sent there."""
        if not self._allowed.push(endpoint):
            return False
        address = Address(Channel.PUSH, "", "", endpoint, keys=(p256dh, auth))
        try:
            _sealed(address, b"{}")
        except (WebPushException, ValueError):
            return False
        return True

    async def send(self, notice: Notice, to: Address) -> Outcome:
        """One message. Encrypting and signing are done on a thread."""
        if not self._allowed.push(to.to):
            return Outcome(Result.GONE)  # allowed when it was registered, and no longer
        payload = dumps(notice.told(self._labels)).ljust(PADDED)
        try:
            body, signed = await asyncio.to_thread(self._dressed, to, payload)
        except (WebPushException, ValueError):
            return Outcome(Result.GONE)
        headers = {
            **signed,
            "content-encoding": "aes128gcm",
            "content-type": "application/octet-stream",
            "ttl": str(TTL_S),
            "urgency": "high" if notice.urgency in (Urgency.P0, Urgency.P1) else "normal",
            "topic": notice.id,  # a repeated message replaces the one that waits (RFC 8030 5.4)
        }
        return await self._outside.post(to.to, body, headers)

    def _dressed(self, to: Address, payload: bytes) -> tuple[bytes, dict[str, str]]:
        url = urlsplit(to.to)
        claims = {
            "aud": f"{url.scheme}://{url.netloc}",
            "sub": self._contact,
            "exp": int(self._clock.now().timestamp()) + SIGNED_S,
        }
        return _sealed(to, payload), dict(self._key.sign(claims))


def _sealed(to: Address, payload: bytes) -> bytes:
    p256dh, auth = to.keys
    pusher = WebPusher({"endpoint": to.to, "keys": {"p256dh": p256dh, "auth": auth}})
    if len(pusher.auth_key or b"") != 16:
        raise ValueError("the secret has 16 bytes (RFC 8291 3.2)")
    return bytes(pusher.encode(payload)["body"])
