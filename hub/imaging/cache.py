"""Pictures drawn lately, the oldest let go when their bytes exceed a bound."""

from collections import OrderedDict


class Pictures:
    """JPEGs by entity tag, at most `most` bytes together."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[str, bytes] = OrderedDict()
        """The one used longest ago first."""
        self.size = 0
        """Bytes held."""

    def get(self, etag: str) -> bytes | None:
        """The picture, and it counts as used."""
        if (jpeg := self._held.get(etag)) is not None:
            self._held.move_to_end(etag)
        return jpeg

    def put(self, etag: str, jpeg: bytes) -> None:
        """Keep a picture, unless it alone would fill a quarter of the room."""
        if len(jpeg) > self._most // 4 or etag in self._held:
            return
        self._held[etag] = jpeg
        self.size += len(jpeg)
        while self.size > self._most:
            _, oldest = self._held.popitem(last=False)
            self.size -= len(oldest)
