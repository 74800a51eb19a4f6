"""HTTP: REST, streams, pictures, documents and the web client, as one Starlette application."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from hub.edge import dicomweb
from hub.edge.http import (
    figures,
    handover,
    ops,
    people,
    push,
    reports,
    reviews,
    rooms,
    rota,
    sessions,
    static,
    stream,
    wall,
)
from hub.edge.problems import HANDLERS
from hub.edge.security import Guard
from hub.edge.services import Services

__all__ = ["build"]


def build(services: Services, more: Sequence[BaseRoute] = ()) -> Starlette:
    """The application. `more` are routes of other edges."""
    app = Starlette(
        routes=[
            *more,
            *ops.routes(),
            *sessions.routes(),
            *people.routes(),
            *push.routes(),
            *rota.routes(),
            *rooms.routes(),
            *reports.routes(),
            *wall.routes(),
            *figures.routes(),
            *handover.routes(),
            *reviews.routes(),
            *stream.routes(),
            *dicomweb.routes(),
        ],
        middleware=[Middleware(Guard, settings=services.settings, metrics=services.metrics)],
        exception_handlers=HANDLERS,
    )
    app.state.services = services
    app.router.redirect_slashes = False
    app.router.default = static.Client().answer
    return app
