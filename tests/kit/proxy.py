"""A bad link on loopback: a TCP proxy that cuts, delays, goes silent and flaps on request."""

import asyncio
import random
from types import TracebackType


class Proxy:
    """Stands between a client and `target`. One instance is one link, with all its connections."""

    def __init__(self, target: tuple[str, int]) -> None:
        self.target = target
        self.delay_s = 0.0
        """Added to every chunk, each way; order is kept."""
        self.refusing = False
        """New connections are cut at once."""
        self.cuts = 0
        """Connections that the proxy has broken."""
        self.accepted = 0
        """Connections taken."""
        self._silent = asyncio.Event()
        self._silent.set()
        self._flap: tuple[random.Random, int, int] | None = None
        self._server: asyncio.Server | None = None
        self._pairs: set[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "Proxy":
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        self.refusing = True
        self.cut()
        self.speak()  # whoever held a chunk back finds its link gone
        await asyncio.gather(*self._tasks)

    @property
    def port(self) -> int:
        """Where clients connect to."""
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Break every connection now, with a reset each way."""
        for pair in list(self._pairs):
            self._break(pair)

    def go_silent(self) -> None:
        """Half-open: connections stay up and nothing passes any more, either way."""
        self._silent.clear()

    def speak(self) -> None:
        """End of `go_silent`: what was held back passes on."""
        self._silent.set()

    def flap(self, rng: random.Random, least: int, most: int) -> None:
        """From now on each new connection breaks after `least` to `most` bytes, mid-frame."""
        self._flap = (rng, least, most)

    def steady(self) -> None:
        """End of `flap`, for new connections."""
        self._flap = None

    def _break(self, pair: tuple[asyncio.StreamWriter, asyncio.StreamWriter]) -> None:
        if pair in self._pairs:
            self._pairs.discard(pair)
            self.cuts += 1
            for writer in pair:
                writer.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        if self.refusing:
            writer.transport.abort()
            return
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._serve(reader, writer)
        finally:
            self._tasks.discard(task)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            back_reader, back_writer = await asyncio.open_connection(*self.target)
        except OSError:
            writer.transport.abort()
            return
        pair = (writer, back_writer)
        self._pairs.add(pair)
        budget = [-1]
        if self._flap is not None:
            rng, least, most = self._flap
            budget = [rng.randint(least, most)]
        ways = [
            asyncio.ensure_future(self._pump(reader, back_writer, budget)),
            asyncio.ensure_future(self._pump(back_reader, writer, budget)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            if budget[0] == 0:
                self._break(pair)
            self._pairs.discard(pair)
            for end in pair:
                end.close()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, budget: list[int]
    ) -> None:
        """Pass bytes on until the end of the stream, or until the shared budget is used up."""
        try:
            while chunk := await reader.read(65536):
                await self._silent.wait()
                if self.delay_s:
                    await asyncio.sleep(self.delay_s)
                if budget[0] >= 0:
                    chunk = chunk[: budget[0]]
                    budget[0] -= len(chunk)
                writer.write(chunk)
                await writer.drain()
                if budget[0] == 0:
                    return
        except OSError:
            return  # the other end was cut: that is what this link is for
