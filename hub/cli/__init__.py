"""The command line: `examroom …`. Each module of this package registers its own commands.

What a command needs (the hub, the store, the reader of images, settings) is imported inside its
function: every command loads every module of this package, and `examroom verify` should not wait
for a hub. None of these imports makes a circle, since nobody imports this package.
"""

import typer

from hub.cli import config, demo, images, load, people, room, rota, serve, sites, store

MODULES = (serve, config, demo, people, sites, rota, room, images, store, load)


def application() -> typer.Typer:
    """All commands."""
    app = typer.Typer(
        name="examroom",
        help="One live room per emergency imaging exam. Every act is stored before it is seen.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    for module in MODULES:
        module.register(app)
    return app


def main() -> None:
    """Entry point."""
    application()()
