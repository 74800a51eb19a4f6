"""The channels of a hub, put together from its settings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from hub.limiter import Limiter
from hub.metrics import Metrics
from hub.notify.addresses import Addresses
from hub.notify.apprised import Apprised, BadUrl
from hub.notify.dispatch import Dispatch
from hub.notify.notice import Channel, Labels
from hub.notify.outside import Allowed, Outside
from hub.notify.push import BadKey, WebPush, key_at
from hub.notify.webhook import BadSecret, SignedWebhook
from hub.ports import Clock, Notifier
from hub.rooms import Rooms
from hub.settings import Settings

TRIALS = (0.1, 3)
"""Trials per person and second, and in one burst."""
CONTACT = re.compile(r"mailto:[^@\s]+@[^@\s]+|https://\S+")


class BadChannel(Exception):
    """A channel cannot work as it is set; the message says which setting, and why."""


@dataclass(frozen=True, slots=True)
class Reaching:
    """Everything by which people are reached."""

    push: WebPush
    dispatch: Dispatch
    addresses: Addresses
    outside: Outside
    apprised: tuple[Apprised, ...]
    trials: Limiter
    """How often somebody may have a trial sent."""

    async def start(self) -> None:
        """Begin."""
        await self.dispatch.start()

    async def stop(self) -> None:
        """End; what is under way is found due again at the next start."""
        await self.dispatch.stop()
        for one in self.apprised:
            one.stop()
        await self.outside.stop()


def reaching(
    settings: Settings, rooms: Rooms, clock: Clock, metrics: Metrics, labels: Labels
) -> Reaching:
    """The channels that are set, on `rooms`. Raises `BadChannel`."""
    allowed = Allowed(settings.push_hosts, loopback=settings.notify_loopback)
    outside = Outside(clock, settings.notify_timeout_s)
    if not CONTACT.fullmatch(settings.push_contact):
        raise BadChannel("EXAMROOM_PUSH_CONTACT: give mailto:… or https://…")
    try:
        key = key_at(settings.push_key_file)
    except BadKey as problem:
        raise BadChannel(str(problem)) from None
    push = WebPush(key, settings.push_contact, allowed, outside, clock, labels)
    apprised = tuple(_apprised(settings, labels))
    notifiers: dict[Channel, Notifier] = {Channel.PUSH: push}
    notifiers |= {one.channel: one for one in apprised}
    if settings.notify_webhook:
        notifiers[Channel.WEBHOOK] = _webhook(settings, allowed, outside, clock, labels)
    addresses = Addresses(rooms.journal, clock, list(notifiers), settings.notify_webhook)
    dispatch = Dispatch(rooms, addresses, notifiers, metrics, grace_s=settings.notify_grace_s)
    return Reaching(push, dispatch, addresses, outside, apprised, Limiter(*TRIALS))


def _apprised(settings: Settings, labels: Labels) -> list[Apprised]:
    made = []
    given: Mapping[Channel, str] = {
        Channel.EMAIL: settings.notify_email,
        Channel.SMS: settings.notify_sms,
    }
    for channel, url in given.items():
        if url:
            try:
                made.append(Apprised(channel, url, labels, settings.notify_timeout_s))
            except BadUrl as problem:
                raise BadChannel(f"EXAMROOM_NOTIFY_{channel.upper()}: {problem}") from None
    return made


def _webhook(
    settings: Settings, allowed: Allowed, outside: Outside, clock: Clock, labels: Labels
) -> SignedWebhook:
    if not allowed.own(settings.notify_webhook):
        raise BadChannel("EXAMROOM_NOTIFY_WEBHOOK: give an https:// address")
    try:
        return SignedWebhook(settings.notify_webhook_secret, outside, clock, labels)
    except BadSecret:
        raise BadChannel("EXAMROOM_NOTIFY_WEBHOOK_SECRET: give whsec_ and base64") from None
