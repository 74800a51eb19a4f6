"""`examroom demo`: the hub on this machine with an invented cast, rooms to look at, a night case.

Refused outside loopback, since anybody may log in as anybody by a click; and refused on a store
that holds people who are not of the cast.
"""

import asyncio
import http.client
import ipaddress
import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from hub.app import BadSettings, Hub
from hub.cli.serve import run, settings_from, stop_with
from hub.demo import player, script, seed
from hub.demo.cast import CAST
from hub.edge.identity.passwords import Passwords
from hub.edge.services import DemoCast
from hub.settings import Settings
from persistence.entries import StoreUnavailable, UnsafeStore

READY_S = 60.0

PEOPLE = DemoCast(tuple(one.person for one in CAST))


def register(app: typer.Typer) -> None:
    """Add `demo`."""
    app.command()(demo)


def demo(
    host: Annotated[str, typer.Option(help="loopback only")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 picks a free one")] = 8000,
    data: Annotated[Path, typer.Option(help="folder of the demonstration")] = Path("demo-data"),
    database: Annotated[str, typer.Option(help="sqlite:///…; default: in the folder")] = "",
    play: Annotated[bool, typer.Option("--play", help="let the cast play a night case")] = False,
    speed: Annotated[float, typer.Option(min=0.1, max=100, help="of the night case")] = 1.0,
) -> None:
    """Serve on loopback with a seeded cast, rooms in various stages and one-click login."""
    if not is_loopback(host):
        raise stop_with(
            f"the demonstration lets anybody in by a click, so it runs on loopback only, not on "
            f"{host}. For a network there is `examroom serve`."
        )
    try:
        # never the operator's own store: the environment has no say here
        settings = settings_from(
            host=host,
            port=_port(host, port),
            data=data,
            database=database or f"sqlite:///{data / 'examroom.db'}",
            log_level="warning",  # the links and the play are what is to be read here
        )
        data.mkdir(parents=True, exist_ok=True)
        studies = asyncio.run(_seed(settings, play=play))
        hub = Hub(settings, demo=PEOPLE)
    except (
        BadSettings, ValueError, OSError, seed.SeedRefused, UnsafeStore, StoreUnavailable
    ) as problem:  # fmt: skip
        raise stop_with(problem) from None
    url = f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"
    threading.Thread(target=_beside, args=(url, studies, speed), daemon=True).start()
    run(hub)


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine and nobody else's way to it."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _seed(settings: Settings, *, play: bool) -> script.Studies | None:
    """Put in what is missing; the pictures of the night case where it will be played."""
    hub = Hub(settings, demo=PEOPLE)
    passwords = Passwords()
    await hub.start()
    try:
        await seed.cast(hub.directory, passwords)
        new = await seed.rooms(hub.rooms, hub.images, settings.data / "synthetic")
        typer.echo(f"examroom demo: {new} rooms made, in {settings.data}")
        if not play:
            return None
        night = f"night-{int(time.time())}"
        return await seed.night_pictures(hub.images, settings.data / "synthetic", night)
    finally:
        passwords.close()
        await hub.settle()
        await hub.stop()


def _beside(url: str, studies: script.Studies | None, speed: float) -> None:
    """What goes on beside the hub: the links once it answers, then the night case."""
    if not _answers(url):
        return  # the hub says itself why it did not start
    typer.echo(
        "\nUn lien par personne, à ouvrir dans des fenêtres privées / One link per person:\n"
    )
    for one in CAST:
        typer.echo(f"  {url}/demo/login/{one.person:<8} {one.name}, {one.fr} / {one.en}")
    typer.echo(f"\n  {url}/demo/login/lea  to begin; Ctrl-C to stop\n")
    if studies is None:
        return
    try:
        case = script.load(script.NIGHT)
        typer.echo(f"{case.title['fr']} / {case.title['en']}\n")
        asyncio.run(player.play(url, case, studies, speed=speed, tell=typer.echo))
    except player.Stopped as stopped:
        typer.echo(f"examroom demo: the night case stopped. {stopped}", err=True)
    else:
        typer.echo("\nThe case is over; its room can be read.")


def _answers(url: str) -> bool:
    """Wait until `/readyz` says 200."""
    place = urlsplit(url)
    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        line = http.client.HTTPConnection(place.hostname or "", place.port, timeout=2)
        with suppress(OSError, http.client.HTTPException):  # not up yet
            line.request("GET", "/readyz")
            if line.getresponse().status == 200:
                return True
        line.close()
        time.sleep(0.1)
    return False


def _port(host: str, port: int) -> int:
    """`port`, or a free one for 0. Raises `OSError` where somebody else listens there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise OSError(f"port {port} is taken; give another with --port") from problem
        bound: int = probe.getsockname()[1]
        return bound
