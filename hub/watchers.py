"""The worklist as it changes: rows to those who watch and may see them."""

from collections.abc import Iterable

from msgspec import Raw

from hub.principal import outside_care
from hub.room.rings import just_ended
from hub.room.room import Room
from hub.session import Session
from hub.wire.frames import dumps
from hub.wire.framing import text_frame
from persistence.entries import Row


class Watchers:
    """The sessions that asked for rows."""

    def __init__(self, sessions: Iterable[Session]) -> None:
        self._sessions = sessions

    def row_changed(self, room: Room, row: Row) -> None:
        """Send the row to everyone whose worklist it stands in."""
        framed = b""
        for session in self._sessions:
            if not session.watching or not self._concerns(session, room, row):
                continue
            if not framed:
                frame = {"t": "row", "room": row.room, "summary": Raw(row.summary)}
                framed = text_frame(dumps(frame))
            if not session.outbox.ephemeral(("row", row.room), framed):
                session.rows_missed = True

    def _concerns(self, session: Session, room: Room, row: Row) -> bool:
        who = session.principal
        if outside_care(who.role) or who.person in room.removed:
            return False
        if row.site in who.worklist_sites or who.person in row.people:
            return True
        return who.person in just_ended(room)  # or their device would ring on
