"""Where the newest entries stand, which `places` does not know yet: the writer's note to readers.

Written by the writer after each commit, read by readers inside a snapshot of their own. A reader
may find more here than its snapshot holds (then the entry is not found by its number) or less
(then it looks at the end of `entries`); both are right.
"""

Spot = tuple[int, int]
"""(seq, n)"""


class Tail:
    """The entries after `base` and up to `last`, by slot (room key * 4 + stream)."""

    def __init__(self, base: int, last: int | None = None) -> None:
        self.base = base
        # Up to where the writer folded: entries before it stand in `_old`, after it in `_new`.
        self.upto = base
        self.last = base if last is None else last
        self._old: dict[int, list[Spot]] = {}
        self._new: dict[int, list[Spot]] = {}

    def add(self, slot: int, seq: int, n: int) -> None:
        """Note an entry that is committed; `last` is set when the whole batch is noted."""
        self._new.setdefault(slot, []).append((seq, n))

    def folded(self, upto: int) -> "Tail":
        """The tail after a fold: one generation is kept for readers on an older snapshot."""
        after = Tail(self.upto, self.last)
        after.upto = upto
        after._old = self._new
        return after

    def spots(self, slot: int, after: int) -> list[Spot]:
        """(seq, n) of the slot's entries after `seq`, in order."""
        found = [*self._old.get(slot, ()), *self._new.get(slot, ())]
        return [spot for spot in found if spot[0] > after]
