"""`examroom seed` and `examroom bench`: rooms to load a hub with, and the load itself."""

import json
from asyncio import run
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from hub.cli.serve import Database, DataDir, settings_from, stop_with

if TYPE_CHECKING:
    from hub.load.member import Seated
    from hub.load.work import Result


async def seed_store(url: str, rooms: int) -> str:
    """Seed `rooms` rooms into the store at `url`; the text of the file that says who is in them."""
    from hub.app import mint
    from hub.clock import SystemClock
    from hub.load.seed import Seeder, written
    from persistence.sqlite import SqliteJournal

    journal = SqliteJournal(url)
    seeder = Seeder(journal, SystemClock(), mint)
    await journal.start(seeder.settled)
    try:
        return written(await seeder.seed(rooms))
    finally:
        await journal.stop()


def seats_in(file: Path) -> "list[list[Seated]]":
    """The rooms of a file that `seed` wrote."""
    from hub.load.member import Seated

    content = json.loads(file.read_text(encoding="utf-8"))
    return [
        [Seated(room["room"], one["person"], one["role"], one["token"]) for one in room["members"]]
        for room in content["rooms"]
    ]


async def load_hub(
    url: str, seats: "list[list[Seated]]", *, publishers: int, seconds: float, rate: float
) -> "Result":
    """W1 on a hub that runs: closed loop, or open loop where `rate` is given."""
    from hub.load.member import Hall
    from hub.load.work import Load

    at = urlsplit(url)
    hall = Hall(at.hostname or "127.0.0.1", at.port or 80, seats)
    await hall.fetch(0, len(seats))
    load = Load(publishers)
    await load.connect(hall.connect, len(seats))
    try:
        if rate:
            return await load.open_loop(rate, seconds)
        return await load.closed_loop(seconds)
    finally:
        load.disconnect()


def told(result: "Result") -> str:
    """A run in words."""
    begun = f"{result.messages} messages, {result.deliveries} deliveries in {result.elapsed:.1f} s"
    lines = [f"{begun}: {result.per_second:,.0f} deliveries/s"]
    if len(result.latencies):
        lines.append(
            f"latency from the intended time: p50 {result.percentile(0.5):.2f} ms, "
            f"p99 {result.percentile(0.99):.2f} ms"
        )
    lines.append(f"out of order {result.disorder}, not arrived {result.unfinished}")
    return "\n".join(lines)


def register(app: typer.Typer) -> None:
    """Add `seed` and `bench`."""

    @app.command()
    def seed(
        rooms: Annotated[int, typer.Option(min=1, help="How many rooms.")],
        out: Annotated[Path, typer.Option(help="File to write rooms, people and tokens to.")],
        database: Database = None,
        data: DataDir = None,
    ) -> None:
        """Open rooms of four people with tokens, for load tests, also while the hub runs."""
        from hub.load.seed import NotSeeded
        from persistence.entries import StoreUnavailable, UnsafeStore

        settings = settings_from(database=database, data=data)
        settings.data.mkdir(parents=True, exist_ok=True)
        try:
            out.touch(mode=0o600)  # it holds tokens; before rooms are made that nobody could enter
        except OSError as problem:
            raise stop_with(problem) from None
        try:
            text = run(seed_store(settings.database_url, rooms))
        except (NotSeeded, UnsafeStore, StoreUnavailable) as problem:
            raise stop_with(problem) from None
        out.write_text(text, encoding="utf-8")
        typer.echo(f"{rooms} rooms in {out}")

    @app.command()
    def bench(
        seeded: Annotated[Path, typer.Option("--seed", help="File written by `examroom seed`.")],
        url: Annotated[str, typer.Option(help="The hub.")] = "http://127.0.0.1:8000",
        rooms: Annotated[int, typer.Option(min=1, help="Rooms of the file to use.")] = 100,
        publishers: Annotated[int, typer.Option(min=1, max=4, help="In each room.")] = 1,
        seconds: Annotated[float, typer.Option(min=1, help="Time measured.")] = 10.0,
        rate: Annotated[
            float, typer.Option(min=0, help="Messages a second; 0: as fast as the hub goes.")
        ] = 0.0,
    ) -> None:
        """Load a running hub with workload W1 (docs/performance.md) and say what it did."""
        import uvloop

        from hub.load.socket import SocketEnded
        from hub.load.tickets import NoTicket

        seats = seats_in(seeded)[:rooms]
        try:
            result = uvloop.run(
                load_hub(url, seats, publishers=publishers, seconds=seconds, rate=rate)
            )
        except (OSError, SocketEnded, NoTicket) as problem:
            raise stop_with(f"{url}: {problem}") from None
        typer.echo(told(result))
        if result.disorder or result.unfinished:
            raise typer.Exit(1)
