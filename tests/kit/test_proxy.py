"""The bad link is as bad as asked, and otherwise passes bytes unchanged."""

import asyncio
import random
from collections.abc import AsyncIterator

import pytest

from .proxy import Proxy


@pytest.fixture
async def link() -> AsyncIterator[Proxy]:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while chunk := await reader.read(65536):
                writer.write(chunk)
                await writer.drain()
        except ConnectionError:
            pass  # the proxy cut it: what the tests are about
        finally:
            writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with server, Proxy(server.sockets[0].getsockname()) as proxy:
        yield proxy


async def test_bytes_pass_unchanged(link: Proxy) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", link.port)
    sent = random.Random(1).randbytes(200_000)
    writer.write(sent)
    assert await reader.readexactly(len(sent)) == sent
    writer.close()


async def test_cut_breaks_every_connection_and_lets_new_ones_in(link: Proxy) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", link.port)
    writer.write(b"x")
    await reader.readexactly(1)
    link.cut()
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await reader.readexactly(1)
    assert link.cuts == 1
    writer.close()
    reader, writer = await asyncio.open_connection("127.0.0.1", link.port)
    writer.write(b"y")
    assert await reader.readexactly(1) == b"y"
    writer.close()


async def test_silence_holds_bytes_back_until_it_ends(link: Proxy) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", link.port)
    link.go_silent()
    writer.write(b"x")
    read = asyncio.ensure_future(reader.readexactly(1))
    done, _ = await asyncio.wait([read], timeout=0.1)
    assert not done
    link.speak()
    assert await read == b"x"
    writer.close()


async def test_flapping_breaks_within_the_bytes_asked_for(link: Proxy) -> None:
    link.flap(random.Random(2), 100, 200)
    reader, writer = await asyncio.open_connection("127.0.0.1", link.port)
    writer.write(b"z" * 150)
    came = 0
    with pytest.raises(ConnectionError):
        while chunk := await reader.read(1000):
            came += len(chunk)
            writer.write(b"z" * 150)
        raise ConnectionResetError
    assert came < 200
    writer.close()


async def test_refusing_takes_nobody(link: Proxy) -> None:
    link.refusing = True
    reader, writer = await asyncio.open_connection("127.0.0.1", link.port)
    with pytest.raises(ConnectionError):
        if await reader.read(1) == b"":
            raise ConnectionResetError
    writer.close()
