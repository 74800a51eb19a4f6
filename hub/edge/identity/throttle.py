"""Throttling of logins: after a few failures, each further attempt waits longer, up to a minute.

Counted for the pair of login and address (strict), for the login alone and for the address alone
(lenient): a stranger far away cannot lock a doctor out of the night by guessing, and a hospital
behind one address is not shut out by one forgotten password. Time is an argument; memory is
bounded by forgetting the oldest.
"""

from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import ip_address, ip_network


@dataclass(slots=True)
class Tally:
    """Failures under one key, when the last was, and until when attempts are refused."""

    failures: int = 0
    last: float = 0.0
    until: float = 0.0


class LoginThrottle:
    """Says how long an attempt has to wait."""

    def __init__(
        self,
        *,
        pair: int = 5,
        login: int = 40,
        address: int = 40,
        most_s: float = 60.0,
        forget_s: float = 900.0,
        keys: int = 50_000,
    ) -> None:
        self._free = {"pair": pair, "login": login, "address": address}
        """Failures that cost nothing, by sort of key."""
        self._most_s = most_s
        self._forget_s = forget_s
        self._keys = keys
        self._tallies: OrderedDict[tuple[str, str], Tally] = OrderedDict()
        """By sort and key, the least recently failed first."""

    def attempt(self, login: str, address: str, now: float) -> float:
        """Seconds to wait, or 0: then the attempt counts as failed until `succeeded` is called,
        so that a volley of parallel guesses is counted too."""
        keys = self._of(login, address)
        wait = max((self._until(key, now) for key in keys), default=now) - now
        if wait > 0:
            return wait
        for key in keys:
            self._fail(key, now)
        return 0.0

    def succeeded(self, login: str, address: str) -> None:
        """The attempt was good: forget the pair and the login, take one off the address."""
        pair, of_login, of_address = self._of(login, address)
        self._tallies.pop(pair, None)
        self._tallies.pop(of_login, None)
        if tally := self._tallies.get(of_address):
            tally.failures = max(0, tally.failures - 1)
            tally.until = 0.0

    def _of(self, login: str, address: str) -> tuple[tuple[str, str], ...]:
        near = _network(address)
        return ("pair", f"{near} {login}"), ("login", login), ("address", near)

    def _until(self, key: tuple[str, str], now: float) -> float:
        tally = self._tallies.get(key)
        return tally.until if tally else now

    def _fail(self, key: tuple[str, str], now: float) -> None:
        tally = self._tallies.get(key)
        if tally is None or now - tally.last > self._forget_s:
            tally = self._tallies[key] = Tally()
        tally.failures += 1
        tally.last = now
        over = tally.failures - self._free[key[0]]
        if over >= 0:
            tally.until = now + min(self._most_s, 2.0 ** min(over, 30))
        self._tallies.move_to_end(key)
        while len(self._tallies) > self._keys:
            self._tallies.popitem(last=False)


def _network(address: str) -> str:
    # one subscriber holds a whole IPv6 /64
    try:
        held = ip_address(address)
    except ValueError:
        return address
    return str(ip_network(f"{held}/64", strict=False)) if held.version == 6 else str(held)
