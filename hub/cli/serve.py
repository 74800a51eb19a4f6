"""`examroom serve`: run the hub."""

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from hub.app import Hub
    from hub.settings import Settings

fcntl: ModuleType | None = None
with contextlib.suppress(ImportError):  # Windows has none; there nothing is held
    import fcntl

Host = Annotated[str | None, typer.Option(help="Address to listen on (default 127.0.0.1).")]
Port = Annotated[int | None, typer.Option(help="Port to listen on (default 8000).")]
Database = Annotated[str | None, typer.Option(help="sqlite:///… (default DATA/examroom.db).")]
Bus = Annotated[str | None, typer.Option(help="memory:// (default) for one process.")]
DataDir = Annotated[Path | None, typer.Option("--data", help="Folder of everything kept.")]
Workers = Annotated[int | None, typer.Option(help="Processes (default 1).")]


def settings_from(**given: Any) -> "Settings":
    """Settings from the options given, then the environment, then the defaults."""
    from hub.settings import Settings

    return Settings(**{name: value for name, value in given.items() if value is not None})


def stop_with(problem: object) -> typer.Exit:
    """Say `problem` on standard error; to be raised."""
    typer.echo(f"examroom: {problem}", err=True)
    return typer.Exit(1)


@contextmanager
def alone(settings: "Settings") -> Iterator[None]:
    """Hold the store for this hub: a second one on it would not hear of the acts of the first.

    Commands that work beside a hub (`seed`, `user`, …) do not ask for it.
    """
    if fcntl is None:
        yield
        return
    store = Path(settings.database_url.removeprefix("sqlite:///"))
    store.parent.mkdir(parents=True, exist_ok=True)
    with store.with_name(f"{store.name}.lock").open("w", encoding="ascii") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise stop_with(
                f"another hub runs on {store} already; with --bus memory:// two would not hear of "
                "each other's acts. Stop the other one, or give --data another folder."
            ) from None
        yield


def run(hub: "Hub") -> None:
    """Serve until told to stop; what cannot start says why."""
    with alone(hub.settings):
        _run(hub)


def _run(hub: "Hub") -> None:
    from hub import logs
    from hub.edge.server import HubServer
    from persistence.entries import StoreUnavailable, UnsafeStore

    logs.setup(hub.settings.log_level, json=hub.settings.log_json)
    try:
        HubServer(hub).run()
    except (UnsafeStore, StoreUnavailable) as problem:
        raise stop_with(problem) from None


def register(app: typer.Typer) -> None:
    """Add `serve`."""

    @app.command()
    def serve(
        host: Host = None,
        port: Port = None,
        database: Database = None,
        bus: Bus = None,
        data: DataDir = None,
        workers: Workers = None,
    ) -> None:
        """Run the hub. Each option can also be set as EXAMROOM_HOST, EXAMROOM_PORT, …"""
        from hub.app import BadSettings, Hub

        try:
            settings = settings_from(
                host=host, port=port, database=database, bus=bus, data=data, workers=workers
            )
            hub = Hub(settings)
        except (BadSettings, ValueError) as problem:
            raise stop_with(problem) from None
        typer.echo(f"examroom: http://{settings.host}:{settings.port}/")
        run(hub)
