"""Tickets: one use, thirty seconds, for one `hello` (wire.md section 2).

A browser cannot send a header with a socket, and a token never stands in a URL (W-1): so a short
ticket is fetched over HTTP and spent in the first frame.
"""

import secrets
from collections import Counter, OrderedDict
from dataclasses import dataclass
from typing import Protocol

from hub.edge.identity.principal import Principal
from hub.edge.identity.secret import digest
from hub.ports import Clock

LIFE_S = 30


class TicketRefused(Exception):
    """`slug` is `ticket_used` or `not_authenticated`."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


class Tickets(Protocol):
    """Guarantee: a ticket is redeemed at most once, whoever asks and wherever."""

    def issue(self, principal: Principal) -> str | None:
        """A fresh ticket, or None where this session holds too many unspent ones."""

    def redeem(self, ticket: str) -> Principal:
        """Spend a ticket. Raises `TicketRefused`."""


@dataclass(slots=True)
class Held:
    """A ticket that was issued: for whom, until when, and whether it was spent."""

    principal: Principal
    until: float
    spent: bool = False


class MemoryTickets:
    """Tickets of one process."""

    def __init__(self, clock: Clock, *, life_s: float = LIFE_S, per_session: int = 2_000) -> None:
        self._clock = clock
        self._life_s = life_s
        self._per_session = per_session
        """Tickets of one session within one life: a runaway client must not fill the memory."""
        self._held: OrderedDict[str, Held] = OrderedDict()
        """By hash, oldest first: all live equally long, so the front expires first."""
        self._count: Counter[str] = Counter()
        """Held tickets by session."""

    def issue(self, principal: Principal) -> str | None:
        """A fresh ticket."""
        self._sweep()
        if self._count[principal.session_id] >= self._per_session:
            return None
        ticket = secrets.token_urlsafe(32)
        self._held[digest(ticket)] = Held(principal, self._clock.monotonic() + self._life_s)
        self._count[principal.session_id] += 1
        return ticket

    def redeem(self, ticket: str) -> Principal:
        """Spend a ticket. It stays known as spent until its time is over."""
        self._sweep()
        held = self._held.get(digest(ticket))
        if held is None:
            raise TicketRefused("ticket_used")  # or never given, or its time is over
        if held.spent:
            raise TicketRefused("ticket_used")
        held.spent = True
        return held.principal

    def _sweep(self) -> None:
        now = self._clock.monotonic()
        while self._held:
            name, held = next(iter(self._held.items()))
            if held.until > now:
                return
            del self._held[name]
            self._count[held.principal.session_id] -= 1
            if not self._count[held.principal.session_id]:
                del self._count[held.principal.session_id]
