"""`examroom check-config` and `config-doc`: the settings, before the hub is started with them."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from hub.cli.serve import Bus, Database, DataDir, Host, Port, Workers, settings_from

if TYPE_CHECKING:
    from hub.settings import Settings

PREFIX = "EXAMROOM_"
FOR_TESTS = frozenset({"EXAMROOM_REQUIRE_ALL"})

PROMISED = (
    ("heartbeat_ms", 10_000, "W-14 promises a heartbeat every 10 s"),
    ("hello_timeout_s", 5.0, "W-2 promises 5 s for hello"),
    ("stall_timeout_s", 30.0, "W-17 promises that a stalled reader goes after 30 s"),
    ("store_timeout_s", 1.9, "W-19 promises an answer within 2 s"),
    ("revocation_s", 5.0, "W-22 promises that a revocation takes 5 s"),
)
"""Setting, the most that keeps a promise of the protocol, and which one."""


def problems_of(settings: "Settings") -> Iterator[str]:
    """What would keep the hub from starting, or from keeping anything."""
    from hub.app import BadSettings, check
    from hub.library import Library
    from hub.library.template import BadTemplate
    from persistence.database import check_filesystem, path_of
    from persistence.entries import UnsafeStore

    try:
        check(settings)
    except BadSettings as bad:
        yield str(bad)
    try:
        path = path_of(settings.database_url)
        check_filesystem(path)
        yield from _not_writable(path)
    except UnsafeStore as unsafe:
        yield f"--database: {unsafe}"
    yield from _not_writable(settings.data)
    try:
        Library(settings.data / "library")
    except BadTemplate as bad_template:
        yield f"library: {bad_template}"
    except OSError as unreadable:
        yield f"library: {unreadable}"
    for origin in filter(None, (one.strip() for one in settings.origins.split(","))):
        if not _is_origin(origin):
            yield f"EXAMROOM_ORIGINS: {origin} is no origin; give scheme and host, as https://…"


def _not_writable(path: Path) -> Iterator[str]:
    there = path
    while not os.path.exists(there) and there != there.parent:  # what may not be seen is not there
        there = there.parent
    if there is not path and not there.is_dir():
        yield f"{there} is in the way: {path} cannot be made"
    elif not os.access(there, os.W_OK, effective_ids=True):
        yield f"{there} cannot be written by this user"


def _is_origin(word: str) -> bool:
    try:
        parts = urlsplit(word)
    except ValueError:
        return False
    rest = (parts.path.rstrip("/"), parts.query, parts.fragment, parts.username)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(rest)


def warnings_of(settings: "Settings", environment: Mapping[str, str]) -> Iterator[str]:
    """What will work, and is most likely not meant."""
    from hub.edge.security import is_loopback
    from hub.settings import Settings

    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | FOR_TESTS
    for name in sorted(environment):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            yield f"{name} is no setting of this version: `examroom config-doc` lists them"
    for name, most, promise in PROMISED:
        if getattr(settings, name) > most:
            yield f"{PREFIX}{name.upper()} is above {most:g}: {promise}"
    if not is_loopback(settings.host) and not settings.trust_proxy:
        yield (
            f"--host {settings.host} is reached from other machines without TLS: passwords and "
            "exams go in the clear; listen on loopback behind a proxy with EXAMROOM_TRUST_PROXY"
        )
    if settings.trust_proxy and not settings.origins:
        yield (
            "EXAMROOM_TRUST_PROXY without EXAMROOM_ORIGINS: pages are let in only where the proxy "
            "passes the Host that browsers see"
        )


def _settings(**given: object) -> "Settings":
    from hub.settings import mistakes

    try:
        return settings_from(**given)
    except ValueError as bad:
        for mistake in mistakes(bad):
            typer.echo(f"problem: {mistake}")
        raise typer.Exit(1) from None


def check_config(
    host: Host = None,
    port: Port = None,
    database: Database = None,
    bus: Bus = None,
    data: DataDir = None,
    workers: Workers = None,
    strict: Annotated[bool, typer.Option("--strict", help="warnings fail too")] = False,
) -> None:
    """Check what `serve` would start with, and start nothing: `ok`, or what to do (exit 1)."""
    settings = _settings(
        host=host, port=port, database=database, bus=bus, data=data, workers=workers
    )
    problems = list(problems_of(settings))
    warnings = list(warnings_of(settings, os.environ))
    for problem in problems:
        typer.echo(f"problem: {problem}")
    for warning in warnings:
        typer.echo(f"warning: {warning}")
    if problems or (strict and warnings):
        raise typer.Exit(1)
    typer.echo("ok")


def config_doc() -> None:
    """Every setting with what it means and its default, as a file of variables to begin from."""
    from hub.settings import Settings

    for name, field in Settings.model_fields.items():
        default = field.default
        told = str(default).lower() if isinstance(default, bool) else str(default)
        typer.echo(f"# {field.description}\n#{PREFIX}{name.upper()}={told}\n")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("check-config")(check_config)
    app.command("config-doc")(config_doc)
