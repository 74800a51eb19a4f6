"""Who is who: logins, sessions, tickets and tokens, and whether they still hold (W-22).

What a session stands for is kept in memory with the directory's `revision` at which it was read;
one cheap read every `poll_s` tells whether any of it has to be read again. While the store is away
nothing can be revoked either: what was known goes on, until its time is over.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hub.clock import rfc3339
from hub.edge.identity import secret
from hub.edge.identity.directory import Directory, normal_login
from hub.edge.identity.passwords import MOST, Passwords, TooMany
from hub.edge.identity.principal import Principal, principal_of
from hub.edge.identity.throttle import LoginThrottle
from hub.edge.identity.tickets import TicketRefused, Tickets
from hub.ports import Clock
from hub.wire.errors import Err, err
from persistence.credentials import Standing
from persistence.directory import Grant, Person, set_password
from persistence.entries import StoreUnavailable

Changed = Callable[[frozenset[str]], None]
"""Called on the event loop with the ids of sessions that ended or act differently now."""


FRESH_S = 0.02
"""How old what is known may be where somebody enters: a storm of them asks the store once."""


class Denied(Exception):
    """Nobody gets in this way; `refusal` says why and what to do."""

    def __init__(self, refusal: Err) -> None:
        super().__init__(refusal.slug)
        self.refusal = refusal


@dataclass(slots=True)
class Known:
    """A session as last read: at which revision, and for whom (None: it does not stand)."""

    revision: int
    principal: Principal | None


WRONG = Err(
    "not_authenticated",
    "Identifiant ou mot de passe refusé : vérifiez-les puis recommencez.",
    "Login or password refused: check them, then try again.",
)
NO_PART = Err(
    "forbidden",
    "Ce compte n'a pas ce rôle sur ce site : demandez-le à votre administrateur.",
    "This account does not have that role at that site: ask your administrator.",
)


class Identity:
    """Logs people in and out, and answers for whom a secret, a ticket or a session stands."""

    def __init__(
        self,
        directory: Directory,
        *,
        clock: Clock,
        passwords: Passwords,
        throttle: LoginThrottle,
        tickets: Tickets,
        session_hours: float = 14.0,
        poll_s: float = 2.0,
        remember: int = 50_000,
    ) -> None:
        self._directory = directory
        self._clock = clock
        self._passwords = passwords
        self._throttle = throttle
        self._tickets = tickets
        self._session_hours = session_hours
        self._poll_s = poll_s
        """How old the known revision may get before `check` asks again."""
        self._remember = remember
        self._revision = -1
        self._polled_at = float("-inf")
        self._polling = asyncio.Lock()
        self._known: OrderedDict[str, Known] = OrderedDict()
        """By session id, the one read longest ago first."""
        self._ids: OrderedDict[str, str] = OrderedDict()
        """Session id by the hash of its secret."""
        self._listeners: list[Changed] = []

    # -- Logging in and out ------------------------------------------------------------------

    async def log_in(
        self,
        login: str,
        password: str,
        *,
        address: str,
        role: str = "",
        site: str = "",
        label: str = "",
    ) -> tuple[str, Principal]:
        """The secret of a new session and for whom it stands. Raises `Denied`.

        An unknown login, a shut account and a wrong password answer alike, after the same work.
        """
        name = normal_login(login)
        wait = self._throttle.attempt(name, address, self._clock.monotonic())
        if wait > 0:
            raise Denied(err("rate_limited", retry_after_ms=int(wait * 1000) + 1))
        person = await self._directory.by_login(name)
        kept = "" if person is None or person.disabled else person.password_hash
        try:
            good = await self._passwords.verify(kept, password[: MOST + 1])
        except TooMany:
            raise Denied(err("overloaded", retry_after_ms=2_000)) from None
        if not good or person is None:
            raise Denied(WRONG)
        self._throttle.succeeded(name, address)
        await self._rehash(person, password)
        return await self._open(person, role, site, label)

    async def log_in_as(self, person: str, *, label: str = "") -> tuple[str, Principal]:
        """A session without a password: for the demo's cast, whose guard is the caller."""
        found = await self._directory.person(person)
        if found is None or found.disabled:
            raise Denied(err("not_found"))
        return await self._open(found, "", "", label)

    async def log_out(self, principal: Principal) -> None:
        """End the session, here and on every open socket."""
        await self._directory.end(principal.session_id, rfc3339(self._clock.now()))
        await self.refresh()

    async def _open(
        self, person: Person, role: str, site: str, label: str
    ) -> tuple[str, Principal]:
        part = _part(person, role, site)
        if part is None:
            raise Denied(NO_PART)
        value, credential = secret.session(
            person.person,
            part.role,
            part.site,
            now=self._clock.now(),
            hours=self._session_hours,
            label=label,
        )
        await self._directory.keep(credential)
        principal = await self.authenticate(value)
        if principal is None:  # the grant went away in this very moment
            raise Denied(NO_PART)
        return value, principal

    async def _rehash(self, person: Person, password: str) -> None:
        if not self._passwords.outdated(person.password_hash):
            return
        try:
            fresh = await self._passwords.hashed(password)
        except TooMany:
            return  # at the next login, then
        await self._directory.change(lambda at: set_password(at, person.person, fresh))

    # -- Who is it ---------------------------------------------------------------------------

    async def authenticate(self, value: str) -> Principal | None:
        """For whom the secret of a cookie or a bearer token stands, or None.

        Raises `StoreUnavailable` where that is not known and the store does not answer.
        """
        hashed = secret.digest(value)
        if known := self._ids.get(hashed):
            return await self._check(known)
        revision, standing = await self._directory.by_secret(hashed, rfc3339(self._clock.now()))
        if standing is None:
            return None
        self._ids[hashed] = standing.id
        while len(self._ids) > self._remember:
            self._ids.popitem(last=False)
        return self._learn(standing.id, revision, standing)

    def issue(self, principal: Principal) -> str | None:
        """A ticket for one `hello`; None where this session holds too many."""
        return self._tickets.issue(principal)

    async def redeem(self, ticket: str) -> Principal:
        """For whom a ticket stands. Raises `TicketRefused`, or `StoreUnavailable`."""
        principal = await self.check(self._tickets.redeem(ticket), FRESH_S)
        if principal is None:
            raise TicketRefused("not_authenticated")
        return principal

    async def check(self, principal: Principal, within_s: float | None = None) -> Principal | None:
        """The principal as the directory has it now, or None where the session is over.

        Costs no I/O but one read every `poll_s`, or every `within_s` where that is given; while
        the store is away, what was known holds.
        """
        try:
            return await self._check(principal.session_id, within_s)
        except StoreUnavailable:
            return None if self._over(principal) else principal

    def on_change(self, callback: Changed) -> None:
        """Be told which sessions changed, as soon as `refresh` finds out."""
        self._listeners.append(callback)

    async def refresh(self) -> None:
        """Find out whether rights changed, and tell. The hub calls this every `poll_s`."""
        async with self._polling:
            self._polled_at = self._clock.monotonic()
            try:
                await self._reread(await self._directory.revision())
            except StoreUnavailable:
                return  # nothing can have been revoked through a store that is away

    async def _reread(self, revision: int) -> None:
        if revision == self._revision:
            return
        old = {id: held.principal for id, held in self._known.items() if held.revision < revision}
        changed = set()
        if old:
            read_at, found = await self._directory.standing(list(old), rfc3339(self._clock.now()))
            for id, before in old.items():
                if self._learn(id, read_at, found.get(id)) != before:
                    changed.add(id)
        self._revision = revision
        if changed:
            for listener in self._listeners:
                listener(frozenset(changed))

    async def _check(self, id: str, within_s: float | None = None) -> Principal | None:
        oldest = self._poll_s if within_s is None else within_s
        if not oldest or self._clock.monotonic() - self._polled_at > oldest:
            if self._polling.locked() and oldest:
                async with self._polling:  # somebody is asking already
                    pass
            else:
                await self.refresh()
        known = self._known.get(id)
        if known is None or known.revision < self._revision:
            revision, found = await self._directory.standing([id], rfc3339(self._clock.now()))
            return self._learn(id, revision, found.get(id))
        return None if self._over(known.principal) else known.principal

    def _learn(self, id: str, revision: int, standing: Standing | None) -> Principal | None:
        principal = principal_of(standing) if standing else None
        self._known[id] = Known(revision, principal)
        self._known.move_to_end(id)
        while len(self._known) > self._remember:
            self._known.popitem(last=False)
        return principal

    def _over(self, principal: Principal | None) -> bool:
        if principal is None:
            return True
        return bool(principal.expires) and principal.expires <= rfc3339(self._clock.now())


def _part(person: Person, role: str, site: str) -> Grant | None:
    """The first of a person's parts that is as wished."""
    wished = (
        one
        for one in person.grants
        if (not role or one.role == role) and (not site or one.site == site)
    )
    return next(wished, None)


def parts(person: Person) -> list[dict[str, Any]]:
    """A person's parts as the wire names them."""
    return [{"role": one.role, "site": one.site} for one in person.grants]
