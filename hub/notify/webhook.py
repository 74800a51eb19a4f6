"""A webhook to the operator's own system, signed as Standard Webhooks has it."""

from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook

from hub.clock import rfc3339
from hub.notify.notice import Address, Channel, Labels, Notice, Outcome
from hub.notify.outside import Outside
from hub.ports import Clock
from hub.wire.frames import dumps


class BadSecret(Exception):
    """Nothing can be signed with this."""


class SignedWebhook:
    """`ports.Notifier` to one address that the operator set.

    Body: `{"type": "alert", "timestamp": …, "data": {…as on every channel…, "person": …}}`;
    `person` is the opaque id of whom the alert names, empty where it is for everybody on duty.
    """

    channel = Channel.WEBHOOK

    def __init__(self, secret: str, outside: Outside, clock: Clock, labels: Labels) -> None:
        try:
            self._signer = Webhook(secret)
        except (ValueError, EmptyWebhookSecretError):
            raise BadSecret from None
        self._outside = outside
        self._clock = clock
        self._labels = labels

    async def send(self, notice: Notice, to: Address) -> Outcome:
        """One call. `webhook-id` stays the same through all attempts."""
        now = self._clock.now()
        data = notice.told(self._labels) | {"person": to.person}
        body = dumps({"type": "alert", "timestamp": rfc3339(now), "data": data})
        headers = {
            "content-type": "application/json",
            "webhook-id": notice.id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._signer.sign(notice.id, now, body.decode()),
        }
        return await self._outside.post(to.to, body, headers)
