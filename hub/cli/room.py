"""`examroom room join`: a room on a terminal, for who runs the hub and for bots in a pipe."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

import typer

from hub.cli.serve import stop_with


async def _typed() -> AsyncIterator[str]:
    """Lines of standard input, without holding up the room."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    try:
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    except ValueError:  # a plain file: it is all there
        reader.feed_data(await asyncio.to_thread(sys.stdin.buffer.read))
        reader.feed_eof()
    while line := await reader.readline():
        yield line.decode("utf-8", "replace")


def join(
    room: Annotated[str, typer.Argument(help="id of the room")],
    token_file: Annotated[
        Path, typer.Option("--token-file", help="file with a bearer token, of `token make`")
    ],
    url: Annotated[str, typer.Option(help="address of the hub")] = "http://127.0.0.1:8000",
    last: Annotated[int, typer.Option(help="events of the past to show", min=0, max=500)] = 20,
    lang: Annotated[str, typer.Option(help="fr or en")] = "fr",
) -> None:
    """Show a room as it goes on; each line typed is a message. The end of input (Ctrl-D) leaves."""
    from hub.cli.terminal import Ended, Terminal

    try:
        token = token_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise stop_with(f"no token: {problem}") from None
    if not url.startswith(("http://", "https://")):
        raise stop_with("--url begins with http:// or https://")

    async def stay() -> None:
        terminal = Terminal(url, token, room, _show, last=last, french=lang != "en")
        await terminal.run(_typed())

    try:
        asyncio.run(stay())
    except* Ended as ended:
        raise stop_with(ended.exceptions[0]) from None
    except* KeyboardInterrupt:
        raise typer.Exit(130) from None


def _show(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def register(app: typer.Typer) -> None:
    """Add `examroom room`."""
    room = typer.Typer(no_args_is_help=True, help="Rooms on a terminal.")
    room.command("join")(join)
    room.callback()(lambda: None)  # one command alone would lose its name
    app.add_typer(room, name="room")
