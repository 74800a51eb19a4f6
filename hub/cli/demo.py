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
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from hub.cli.serve import run, settings_from, stop_with

if TYPE_CHECKING:
    from hub.app import Hub
    from hub.demo.script import Studies
    from hub.settings import Settings

READY_S = 60.0
PICTURES = "synthetic"
"""Where the drawn heads lie in the folder: by it a folder of the demonstration is known."""
AFRESH = (
    "To begin afresh: `examroom demo --fresh`, or `make demo ARGS=--fresh`; "
    "the folder that is there is kept aside"
)


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
    fresh: Annotated[
        bool, typer.Option("--fresh", help="begin anew; the folder that is there is kept aside")
    ] = False,
) -> None:
    """Serve on loopback with a seeded cast, rooms in various stages and one-click login."""
    from hub.app import BadSettings
    from hub.demo.seed import NotOurs, SeedRefused
    from persistence.entries import StoreUnavailable, UnsafeStore

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
            lease_s=0,  # the cast is not there: its claims must stand
        )
        if fresh:
            put_aside(data, database)
        data.mkdir(parents=True, exist_ok=True)
        studies = asyncio.run(_seed(settings, play=play))
        hub = _hub(settings)
    except (BadSettings, ValueError, OSError, NotOurs, StoreUnavailable) as problem:
        raise stop_with(problem) from None
    except (SeedRefused, UnsafeStore) as problem:
        raise stop_with(f"{problem}\n{AFRESH}.") from None
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


def put_aside(data: Path, database: str) -> None:
    """Rename the folder of an earlier demonstration. Raises `OSError` where it is none."""
    if database:
        raise OSError("--fresh renames the folder; with --database give another file instead")
    if not data.exists() or not any(data.iterdir()):
        return
    if not (data / PICTURES).is_dir():
        raise OSError(f"{data} is not a folder of the demonstration: it stays where it is")
    aside = data.with_name(f"{data.name}-{datetime.now():%Y%m%d-%H%M%S}")
    data.rename(aside)
    typer.echo(f"examroom demo: begun afresh; what was there is in {aside}")


def _hub(settings: "Settings") -> "Hub":
    from hub.app import Hub
    from hub.demo.cast import CAST
    from hub.edge.services import DemoCast

    return Hub(settings, demo=DemoCast(tuple(one.person for one in CAST)))


async def _seed(settings: "Settings", *, play: bool) -> "Studies | None":
    """Put in what is missing; the pictures of the night case where it will be played."""
    from hub.demo import script, seed
    from hub.edge.identity.passwords import Passwords

    if not (settings.data / PICTURES).is_dir():
        typer.echo("examroom demo: making people, rooms and pictures, some seconds …")
    hub = _hub(settings)
    passwords = Passwords()
    await hub.start()
    try:
        await seed.cast(hub.directory, passwords)
        drawn = settings.data / PICTURES
        seeding = await seed.rooms(hub.rooms, hub.images, drawn, script.seeded())
        typer.echo(f"examroom demo: {seeding.made} rooms made, in {settings.data}")
        if seeding.older:
            typer.echo(f"{seeding.older} rooms of an older version stay as they are. {AFRESH}.")
        if not play:
            return None
        night = f"night-{int(time.time())}"
        return await seed.night_pictures(hub.images, drawn, night)
    finally:
        passwords.close()
        await hub.settle()
        await hub.stop()


def _beside(url: str, studies: "Studies | None", speed: float) -> None:
    """What goes on beside the hub: the links once it answers, then the night case."""
    from hub.demo import player, script
    from hub.demo.cast import CAST

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
