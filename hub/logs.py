"""Structured logs: one line an event, JSON where machines read it, without identity or free text.

Only the fields of `ALLOWED` get through, whatever a caller passes: a name or a patient cannot slip
into a log by one careless line. Tracebacks keep file, line and function, and drop the message of
the exception, which may quote a value.
"""

import logging
import sys
import traceback
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "logger", "room", "seq", "re", "cid", "kind", "slug",
        "code", "status", "method", "route", "ms", "n", "conn", "outcome", "reason", "error",
        "where", "host", "port", "version", "rooms", "sockets", "bytes", "setting",
        "path", "epoch", "head", "attempt", "signal",
    }
)  # fmt: skip
"""Fields that may stand in a log line."""

ExcInfo = tuple[type[BaseException] | None, BaseException | None, TracebackType | None]


def setup(level: str = "info", *, json: bool = False) -> None:
    """Send every log of the process, ours and the libraries', to stderr in one shape."""
    _configure(structlog.stdlib.ProcessorFormatter.wrap_for_formatter)
    last: Any = (
        structlog.processors.JSONRenderer()
        if json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # uvicorn's access log writes addresses and query strings: we write our own
    for name in ("uvicorn.access", "httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def get(name: str) -> structlog.stdlib.BoundLogger:
    """A logger: `log.info("room opened", room=…, seq=…)`."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def where(problem: BaseException) -> str:
    """The frames of an exception, innermost first, without any value of theirs."""
    frames = traceback.extract_tb(problem.__traceback__)[-6:]
    return " < ".join(
        f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}"
        for frame in reversed(frames)
    )


def _trace(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    problem = given[1] if isinstance(given, tuple) else given
    if isinstance(problem, BaseException):
        event["error"] = type(problem).__name__
        event["where"] = where(problem)
    return event


def _only_allowed(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    # names that begin with _ are structlog's own, taken out by the formatter
    return {k: held for k, held in event.items() if k in ALLOWED or k.startswith("_")}


_SHARED: list[Any] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _trace,
    _only_allowed,
]


def _configure(last: Any) -> None:
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_SHARED, last],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


# A command that sets nothing up must not fall back to structlog's own console, which would print
# the local variables of a traceback.
_configure(structlog.processors.KeyValueRenderer(key_order=["event"]))
