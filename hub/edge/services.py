"""What the edge is made of: put together by the composition root, handed to every route."""

from collections.abc import Callable
from dataclasses import dataclass

from hub.drafts import Drafts
from hub.edge.identity import Directory, Identity
from hub.library import Library
from hub.library.written import ReportTemplate
from hub.metrics import Metrics
from hub.notify.house import Reaching
from hub.ports import Clock, ImageStore, Journal
from hub.presence import Presence
from hub.printing import Press
from hub.rooms import Rooms
from hub.settings import Settings
from hub.switchboard import Switchboard


@dataclass(frozen=True, slots=True)
class DemoCast:
    """The people of the demo, who are logged in by one click on this machine, in this order."""

    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that a route may use."""

    settings: Settings
    rooms: Rooms
    directory: Directory
    identity: Identity
    journal: Journal
    images: ImageStore
    library: Library
    drafts: Drafts
    report_templates: tuple[ReportTemplate, ...]
    press: Press
    metrics: Metrics
    clock: Clock
    reaching: Reaching
    switchboard: Switchboard
    presence: Presence
    demo: DemoCast | None = None
    degraded: Callable[[], list[str]] = list
    """What does not work though the hub is ready: `bus`."""
