"""`examroom room join` against a real hub: shows, says, resumes, and obeys no control character."""

import asyncio
import sys
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from hub.cli.terminal import plain
from tests.kit.hub import SeededRoom
from tests.kit.proxy import Proxy
from tests.wire.conftest import Ward

pytestmark = pytest.mark.asyncio(loop_scope="session")


class Screen:
    """The command in a process of its own, between two pipes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    @classmethod
    async def open(
        cls, ward: Ward, room: SeededRoom, token: Path, *more: str, url: str = ""
    ) -> "Screen":
        url = url or ward.url
        words = ("room", "join", room.room, "--url", url, "--token-file", str(token), *more)
        pipe = asyncio.subprocess.PIPE
        start = (sys.executable, "-m", "hub", *words)
        return cls(
            await asyncio.create_subprocess_exec(*start, stdin=pipe, stdout=pipe, stderr=pipe)
        )

    async def line(self, part: str) -> str:
        """The next line that holds `part`."""
        assert self.process.stdout
        async with asyncio.timeout(20):
            while True:
                line = (await self.process.stdout.readline()).decode()
                assert line, "the screen went dark"
                if part in line:
                    return line

    def type(self, text: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{text}\n".encode())

    async def end(self) -> tuple[int, str]:
        """The end of input; exit code and what stands on standard error."""
        async with asyncio.timeout(20):
            _, said = await self.process.communicate(b"")  # which closes it
        return self.process.returncode or 0, said.decode()


@pytest.fixture
def token_of(tmp_path: Path) -> "TokenOf":
    return TokenOf(tmp_path / "token")


class TokenOf:
    """A file with the token of a member."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, room: SeededRoom, role: str) -> Path:
        self.path.write_text(room.member(role).token + "\n")
        return self.path


async def test_it_shows_what_is_said_and_says_what_is_typed(ward: Ward, token_of: TokenOf) -> None:
    room = ward.room()
    screen = await Screen.open(ward, room, token_of(room, "requester"), "--lang", "en")
    assert "requested" in await screen.line("—")
    assert "Request submitted" in await screen.line("   1 ")
    async with ward.client(room, "radiologist") as other:
        await other.join(room.room)
        await other.say(room.room, "TEST bonsoir\x1b[2J\u202e")
        shown = await screen.line("TEST bonsoir")
        assert "(radiologist)" in shown and "\x1b" not in shown and "\u202e" not in shown
        screen.type("TEST typed here")
        assert "(requester)" in await screen.line("TEST typed here")
    assert await screen.end() == (0, "")


async def test_in_a_pipe_it_says_all_lines_once_and_ends(ward: Ward, token_of: TokenOf) -> None:
    room = ward.room()
    screen = await Screen.open(ward, room, token_of(room, "technologist"))
    for n in range(5):
        screen.type(f"TEST line {n}")
    assert await screen.end() == (0, "")
    headers = {"authorization": f"Bearer {room.member('requester').token}"}
    async with httpx.AsyncClient(base_url=ward.url, headers=headers, trust_env=False) as http:
        page = (await http.get(f"/api/v1/rooms/{room.room}/events")).json()
    said = [one["body"]["text"] for one in page["events"] if one["kind"] == "message.posted"]
    assert said == [f"TEST line {n}" for n in range(5)]


async def test_after_a_cut_it_resumes_and_says_once_what_was_typed_meanwhile(
    ward: Ward, token_of: TokenOf
) -> None:
    room, place = ward.room(), urlsplit(ward.url)
    assert place.hostname and place.port
    async with (
        Proxy((place.hostname, place.port)) as link,
        ward.client(room, "radiologist") as other,
    ):
        await other.join(room.room)
        screen = await Screen.open(ward, room, token_of(room, "requester"), url=link.url)
        await screen.line("   4 ")
        link.refusing = True
        link.cut()
        await screen.line("liaison perdue")
        screen.type("TEST typed in the dark")
        await other.say(room.room, "TEST said meanwhile")
        link.refusing = False
        assert "   5 " in await screen.line("TEST said meanwhile")
        assert "   6 " in await screen.line("TEST typed in the dark")
        await other.until_seq(room.room, 6)
        await other.say(room.room, "TEST last")
        assert "   7 " in await screen.line("TEST last")
        assert await screen.end() == (0, "")


@pytest.mark.parametrize(("what", "named"), [("token", "not_authenticated"), ("room", "forbidden")])
async def test_who_may_not_is_told_and_it_ends(
    ward: Ward, token_of: TokenOf, what: str, named: str
) -> None:
    room, other = ward.fixed_room(), ward.room()
    file = token_of(other, "requester")
    if what == "token":
        file.write_text("xr_nothing")
    screen = await Screen.open(ward, room, file)
    async with asyncio.timeout(20):
        assert await screen.process.wait() == 1
    assert named in (await screen.end())[1]


async def test_text_of_others_moves_no_cursor() -> None:
    assert plain("a\x1b[31mb\rc\u202ed\u2066e\x07\x9bf\n") == "a·[31mb·c·d·e··f ⏎ "
    assert plain("Léa : « 3 mL/s » ✓") == "Léa : « 3 mL/s » ✓"
