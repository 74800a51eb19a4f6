"""A reader of a room that pulls: it is only told that there is something to read."""

import asyncio


class Bell:
    """A reader that only wants to know that there is something to read."""

    def __init__(self, hidden: bool) -> None:
        self.hidden = hidden
        self.rung = asyncio.Event()
        # The stream must end.
        self.over = False

    def offer(self, first: int, last: int, framed: bytes) -> None:
        """Something was stored."""
        self.rung.set()

    def ephemeral(self, key: tuple[str, ...], framed: bytes) -> None:
        """Nothing to read."""

    def presence(self, changes: bytes, whole: bytes) -> None:
        """Nothing to read."""

    def receipts(self, frames: dict[tuple[str, str], bytes], together: bytes) -> None:
        """Nothing to read."""

    def lost(self) -> None:
        """The stream ends; its reader comes back with what it has."""
        self.over = True
        self.rung.set()

    def dismissed(self, person: str) -> bool:
        """The one who reads looks for themself."""
        self.rung.set()
        return False

    async def wait(self, seconds: float) -> bool:
        """Whether it rang within `seconds`."""
        try:
            await asyncio.wait_for(self.rung.wait(), seconds)
        except TimeoutError:
            return False
        return True
