"""Where the newest entries stand, which `places` does not know yet: the writer's note to readers.

Written by the writer after each commit, read by readers inside a snapshot of their own. A reader
may find more here than its snapshot holds (then the entry is not found by its number) or less
(then it looks at the end of `entries`); both are right.
"""

from collections.abc import Iterable

Spot = tuple[int, int, int]
"""(slot, seq, n) of an entry; slot = room key * 4 + stream."""


class Tail:
    """The entries after `base` and up to `last`."""

    def __init__(self, base: int, old: Iterable[Spot] = ()) -> None:
        self.base = base
        # Up to where the writer folded: entries before it are old, after it new.
        self.upto = base
        # The last entry noted, set after it was noted.
        self.last = base
        # One generation more than the writer needs, for readers on an older snapshot.
        self._old = tuple(old)
        self._new: list[Spot] = []

    def add(self, spots: list[Spot]) -> None:
        """Note entries that are committed, in order."""
        if spots:
            self._new += spots
            self.last = spots[-1][2]

    def folded(self, upto: int) -> "Tail":
        """The tail after a fold up to `upto`, the last entry noted here."""
        after = Tail(self.upto, self._new)
        after.upto = after.last = upto
        return after

    def heads(self, after: int, upto: int) -> dict[int, int]:
        """The last seq of each slot among the entries numbered after `after` and up to `upto`."""
        new = self._new[:]  # the writer may be adding
        return {slot: seq for slot, seq, n in (*self._old, *new) if after < n <= upto}

    def spots(self, slot: int, after: int) -> list[tuple[int, int]]:
        """(seq, n) of the slot's entries after `after`, in order."""
        new = self._new[:]  # the writer may be adding
        return [(q, n) for s, q, n in (*self._old, *new) if s == slot and q > after]
