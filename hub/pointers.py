"""Pointers, viewports, typing: thinned to what eyes follow; the newest of each always arrives."""

from collections.abc import Callable

from hub.limiter import Limiter
from hub.subscription import Subscription

PER_S, BURST = 60, 120
"""Of one person and key."""


class Pointers:
    """Passes ephemeral frames on; one that comes too soon waits for the next round, or for a newer
    one that takes its place."""

    def __init__(self, pass_on: Callable[[Subscription, str, bytes], None]) -> None:
        self._pass_on = pass_on
        self._limiter = Limiter(PER_S, BURST)
        # The newest of each place and key that is not passed on yet.
        self._held: dict[tuple[Subscription, str], bytes] = {}

    def offer(self, sub: Subscription, key: str, body: bytes, now: float) -> None:
        """Take a frame of `sub`, at `now`, monotonic seconds."""
        if self._limiter.take(sub.actor.person, key, now):
            self._held[sub, key] = body
        else:
            self._held.pop((sub, key), None)
            self._pass_on(sub, key, body)

    def flush(self) -> None:
        """Pass on what waits. Called a few times a second."""
        held, self._held = self._held, {}
        for (sub, key), body in held.items():
            if sub in sub.live.readers:  # whoever left points at nothing
                self._pass_on(sub, key, body)
