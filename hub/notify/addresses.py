"""Where the people whom an alert should reach can be reached, as the directory has it now."""

from collections.abc import Sequence

from hub.clock import rfc3339
from hub.notify.notice import LANGS, Address, Channel
from hub.ports import Clock, Journal
from hub.room.access import may_enter
from hub.room.alerts import Reach
from hub.room.roles import Actor, Role
from hub.room.room import Room
from persistence import reaching
from persistence.credentials import Standing
from persistence.reaching import Subscription

HOUSE = "house"
"""Id of the one address that is the operator's own."""


class Addresses:
    """Asks the store, for channels that are there."""

    def __init__(
        self, journal: Journal, clock: Clock, channels: Sequence[Channel], webhook: str = ""
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._channels = frozenset(channels)
        self._webhook = webhook

    async def of(self, reach: Reach, room: Room, author: str) -> list[Address]:
        """Every address for `reach`, without those of `author`. Raises `StoreUnavailable`."""
        found: list[Address] = []
        if Channel.PUSH in self._channels:
            found += await self._devices(reach, room, author)
        if reach.loud:
            found += await self._contacts(reach.person)
        if Channel.WEBHOOK in self._channels:
            found.append(Address(Channel.WEBHOOK, HOUSE, reach.person, self._webhook))
        return found

    async def forget(self, address: Address) -> None:
        """This device will never take anything again."""
        if address.channel is Channel.PUSH:
            await self._journal.run(lambda at: reaching.unsubscribe(at, address.id))

    async def sweep(self) -> int:
        """Forget the devices of sessions that are over. How many there were."""
        now = rfc3339(self._clock.now())
        return await self._journal.run(lambda at: reaching.sweep(at, now))

    async def _devices(self, reach: Reach, room: Room, author: str) -> list[Address]:
        now = rfc3339(self._clock.now())
        if reach.person:
            held = await self._journal.query(lambda at: reaching.of_people(at, [reach.person], now))
            return [device(one) for one, _ in held]
        held = await self._journal.query(lambda at: reaching.everywhere(at, now))
        return [
            device(one)
            for one, standing in held
            if one.person != author and _concerned(standing, reach, room)
        ]

    async def _contacts(self, person: str) -> list[Address]:
        held = await self._journal.query(lambda at: reaching.contacts_of(at, [person]))
        if person not in held:
            return []
        contact, lang = held[person]
        given = ((Channel.EMAIL, contact.email), (Channel.SMS, contact.phone))
        return [
            Address(channel, channel.value, person, to, spoken(lang))
            for channel, to in given
            if to and channel in self._channels
        ]


def device(one: Subscription) -> Address:
    """The address of a device."""
    keys = (one.p256dh, one.auth)
    return Address(Channel.PUSH, one.id, one.person, one.endpoint, spoken(one.lang), keys)


def spoken(lang: str) -> str:
    """The language of a notice: one that there are words in."""
    return lang if lang in LANGS else LANGS[0]


def _concerned(standing: Standing, reach: Reach, room: Room) -> bool:
    """Whether a session is in one of the roles, and may enter the room: nobody else is told."""
    if standing.role not in reach.roles:
        return False
    actor = Actor(standing.person, standing.name, Role(standing.role), standing.site, "-")
    return may_enter(room, actor=actor, covers=frozenset({standing.site, *standing.line_sites}))
