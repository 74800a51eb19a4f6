"""The open sessions of this process; of each running client, only its newest."""

from hub.session import Session
from hub.wire.errors import Close

Run = tuple[str, str, str]
"""Person, device and `instance`: one client from its start to its end."""


class Connections(set[Session]):
    """Sessions between `welcome` and their end.

    A client whose link broke without a farewell comes back while the hub still holds the old
    socket: the newer one wins, the older gets `bye` 4009. Only who names its `instance` in `hello`
    asks for that; `device` alone is no sign of it (docs/decisions/0015).
    """

    def __init__(self) -> None:
        super().__init__()
        # The newest session of each client that named itself.
        self._newest: dict[Run, Session] = {}

    def begin(self, session: Session) -> None:
        """`session` was welcomed."""
        self.add(session)
        session.on_closed = self._ended
        if (run := _run(session)) is None:
            return
        older = self._newest.get(run)
        self._newest[run] = session
        if older is not None:
            older.bye(Close.REPLACED)

    def _ended(self, session: Session) -> None:
        self.discard(session)
        run = _run(session)
        if run is not None and self._newest.get(run) is session:
            del self._newest[run]


def _run(session: Session) -> Run | None:
    if not session.instance:
        return None
    return session.principal.person, session.actor.device, session.instance
