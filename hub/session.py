"""One connection, sans-I/O: frames in, frames out (wire.md section 3).

A session holds a link and never a socket; what has to be awaited (a ticket, a room that is not
loaded, the past) is a task of its own, and frames of one connection that need such a task are
taken in the order they came.
"""

from collections.abc import Awaitable, Callable
from typing import cast

from hub.clock import rfc3339
from hub.following import Following
from hub.inbox import Inbox
from hub.live import LiveRoom, Ok
from hub.outbox import Full, Link, Outbox
from hub.principal import Author, Principal, author, outside_care
from hub.room.roles import Actor
from hub.rooms import Rooms
from hub.subscription import Subscription
from hub.wire import frames
from hub.wire.errors import Close, Err, err
from hub.wire.frames import (
    BadFrame,
    ClientFrame,
    Eph,
    Got,
    Hello,
    Join,
    Leave,
    Ping,
    Pub,
    Refresh,
    Seen,
    Sig,
    Status,
    Watch,
    dumps,
)
from hub.wire.framing import text_frame
from hub.wire.refusing import explained, said_hello
from persistence.entries import StoreUnavailable

MAX_ROOMS = 2000
"""Rooms on one socket."""
RATE_PAUSE_MS = 5000
"""Before who flooded the hub may come back."""


class Session:
    """A connection from its first frame to its last."""

    __slots__ = (
        "_redeem",
        "author",
        "closing",
        "conn",
        "following",
        "inbox",
        "instance",
        "link",
        "n",
        "on_closed",
        "outbox",
        "rooms",
        "rows_missed",
        "watching",
    )

    def __init__(
        self,
        link: Link,
        rooms: Rooms,
        redeem: Callable[[str], Awaitable[Principal | Err]],
        principal: Principal,
        device: str,
        instance: str = "",
    ) -> None:
        self.link = link
        self.rooms = rooms
        self.outbox = Outbox(link)
        self._redeem = redeem
        # Id of this connection.
        self.conn = rooms.mint()
        # Who it is by the directory, in which role, on which device.
        self.author: Author = author(principal, device)
        # The running client that speaks, where it named itself.
        self.instance = instance
        # Rooms joined.
        self.following = Following(link, self.outbox, rooms, self.answer, self._dismiss, self.bye)
        # Whether rows of the worklist are wanted.
        self.watching = False
        # A `bye` was sent; nothing more is taken.
        self.closing = False
        # Rows were shed: the worklist must be fetched anew.
        self.rows_missed = False
        # Count of heartbeats.
        self.n = 0
        # Frames that wait their turn.
        self.inbox = Inbox(link, self.outbox, self._dispatch, self._gave_up)
        # Called once, when the connection is gone.
        self.on_closed: Callable[[Session], None] | None = None

    @property
    def principal(self) -> Principal:
        """Who is behind it."""
        return cast("Principal", self.author.principal)  # the hub itself has no socket

    @property
    def actor(self) -> Actor:
        """The same, as the domain knows them."""
        return self.author.actor

    def become(self, now: Principal) -> None:
        """The same person, as the directory has them now."""
        if now is not self.author.principal:
            self.author = author(now, self.actor.device)

    # -- receiving ---------------------------------------------------------------------------

    def receive(self, text: bytes) -> None:
        """A text message of the client."""
        if self.closing:
            return
        try:
            frame = frames.decode(text)
        except BadFrame as bad:
            self.rooms.metrics.refused(bad.slug)
            self.answer(frames.error(explained(bad), bad.re))
            return
        if type(frame) is Pub and self.inbox.free:  # nearly everything that is said
            self._pub(frame)
        else:
            self.inbox.take(frame, len(text))

    def _dispatch(self, frame: ClientFrame) -> None:
        match frame:
            case Pub():
                self._pub(frame)
            case Got(room, upto):
                self._receipt(room, got=upto)
            case Seen(room, upto):
                self._receipt(room, seen=upto)
            case Eph():
                self._eph(frame)
            case Ping(n):
                self.answer(dumps({"t": "pong", "n": n}))
            case Join():
                self.inbox.wait_for(self._join(frame))
            case Leave(re, room):
                self._leave(room, willingly=True)
                self.answer(frames.ok(re))
            case Refresh():
                self.inbox.wait_for(self._refresh(frame))
            case Watch(re):
                self.watching = True
                self.answer(frames.ok(re))
            case Status():
                self.inbox.wait_for(self._declare(frame))
            case Sig(re):
                # Calls come with a later version; an answer is owed all the same.
                self._refuse(err("unknown_kind"), re)
            case Hello():
                self._refuse(said_hello(), None)

    # -- entering ----------------------------------------------------------------------------

    def _gave_up(self) -> None:
        """A frame met a bug of ours: better a fresh link than an answer that never comes."""
        self.bye(Close.OVERLOADED)

    async def _refresh(self, refresh: Refresh) -> None:
        try:
            who = await self._redeem(refresh.ticket)
        except StoreUnavailable:
            who = err("storage_unavailable", retry_after_ms=1000)
        if isinstance(who, Err):
            self._refuse(who, refresh.re)
        elif (who.person, who.role) != (self.principal.person, self.principal.role):
            self._refuse(err("not_authenticated"), refresh.re)
        else:
            self.become(who)
            self.answer(frames.ok(refresh.re) if refresh.re else dumps({"t": "ok"}))

    async def _join(self, join: Join) -> None:
        try:
            refusal = await self._try_join(join)
        except StoreUnavailable:
            refusal = err("storage_unavailable", retry_after_ms=1000)
        if refusal is not None:
            self.rooms.metrics.resume(refusal.slug)
            self._refuse(refusal, join.re)

    async def _try_join(self, join: Join) -> Err | None:
        now = await self.rooms.standing(self.principal)
        if now is None or now.role != self.principal.role:
            return err("not_authenticated")  # the next round closes the link
        self.become(now)
        while True:
            live = await self.rooms.enter(self.principal, join.room)
            if isinstance(live, Err):
                return live
            if refusal := self._cannot_join(live, join):
                return refusal
            entered = await self._enter(live, join)
            if entered or self.closing:
                return entered if isinstance(entered, Err) else None

    def _cannot_join(self, live: LiveRoom, join: Join) -> Err | None:
        if join.epoch is not None and join.epoch != self.rooms.journal.epoch:
            return err("unknown_epoch")
        if join.after is not None and join.after > live.kept.seq:
            return err("ahead_of_server", seq=live.kept.seq)
        if len(self.following.subs) >= MAX_ROOMS and join.room not in self.following.subs:
            return err("overloaded")
        return None

    async def _enter(self, live: LiveRoom, join: Join) -> bool | Err:
        """Whether the room was entered; false where it was let go of while its state was read, and
        a refusal where the person was."""
        hidden = outside_care(self.principal.role)
        head, state = await self.rooms.state_of(live, hidden=hidden)
        if self.rooms.live.get(live.id) is not live:
            return False
        if self.closing:
            return True
        if not self.rooms.admits(live, self.principal):
            return err("forbidden")
        # From here on nothing is awaited: the state and the stream are one piece (W-15).
        again = self.following.subs.pop(live.id, None)
        if again is not None:
            live.readers.pop(again, None)
        wake, gap = self.following.wake, self.following.gap
        sub = Subscription(live, self.actor, self.link, self.outbox, wake, gap, hidden=hidden)
        live.readers[sub] = None
        self.following.subs[live.id] = sub
        self.answer(frames.joined(join.re, live.id, self.rooms.journal.epoch, head, state))
        if join.after is not None:
            if sub.follow_from(join.after):
                self.following.wake()
            else:
                self.answer(frames.page(live.id, [], more=False))
        self.rooms.metrics.resume("joined" if join.after is None else "resumed")
        self._tell_attendance(live, again is None)
        return True

    def _tell_attendance(self, live: LiveRoom, arriving: bool) -> None:
        if arriving:
            live.attendance.arrive(self.actor, rfc3339(self.rooms.clock.now()))
            live.attendance.declare(self.actor.person, self.rooms.statuses.said(self.actor.person))
            self.rooms.upset.add(live)
        self.answer(live.attendance.here())
        for key in live.attendance.receipts:
            self.outbox_ephemeral(("rcpt", live.id, *key), live.attendance.receipt_frame(key))

    # -- acting ------------------------------------------------------------------------------

    def _pub(self, pub: Pub) -> None:
        self.rooms.submit(
            self.author, pub.room, pub.kind, pub.body, pub.cid, self._settled, pub.after
        )

    def _settled(self, cid: str, result: Ok | Err) -> None:
        if isinstance(result, Ok):
            self.answer(frames.ok(cid, result.seq, dup=result.dup))
        else:
            self.answer(frames.error(result, cid))
            if result.slug == "rate_limited":
                self._refused_again()

    def _refused_again(self) -> None:
        """Who goes on in spite of `retry_after_ms` is sent away, answered all the same (W-18)."""
        if self.rooms.floods.take(self.conn, "pub", self.rooms.clock.monotonic()):
            self.bye(Close.RATE, after_ms=RATE_PAUSE_MS)

    async def _declare(self, said: Status) -> None:
        who = (self.actor.person, said.state, said.until, said.forward, self.actor.device)
        try:
            kept = await self.rooms.statuses.declare(*who)
        except StoreUnavailable:
            kept = err("storage_unavailable", retry_after_ms=1000)
        if isinstance(kept, Err):
            self._refuse(kept, said.re)
        else:
            self.answer(frames.ok(said.re))

    def _receipt(self, room: str, *, got: int = 0, seen: int = 0) -> None:
        sub = self.following.subs.get(room)
        if sub is None or max(got, seen) > sub.live.kept.seq:
            return  # nobody has what is not stored
        if sub.live.attendance.receipt(sub.actor, got=got, seen=seen):
            self.rooms.upset.add(sub.live)

    def _eph(self, eph: Eph) -> None:
        sub = self.following.subs.get(eph.room)
        if sub is None:
            self._refuse(err("forbidden"), None)
            return
        if len(eph.body) > 8192:
            self._refuse(err("too_big"), None)
            return
        self.rooms.pointers.offer(sub, eph.key, bytes(eph.body), self.rooms.clock.monotonic())

    # -- sending -----------------------------------------------------------------------------

    def answer(self, frame: bytes) -> None:
        """Send a frame that must arrive, or give up the connection."""
        if self.closing:
            return
        try:
            self.outbox.answer(text_frame(frame))
        except Full:
            self.bye(Close.TOO_SLOW)

    def outbox_ephemeral(self, key: tuple[str, ...], frame: bytes) -> None:
        """Send a frame of which only the newest of its key counts."""
        if not self.closing:
            self.outbox.ephemeral(key, text_frame(frame))

    def _refuse(self, refusal: Err, re: str | None) -> None:
        self.rooms.metrics.refused(refusal.slug)
        self.answer(frames.error(refusal, re))

    def heartbeat(self, server_time: str, heads: dict[str, int]) -> None:
        """`hb`, with the heads of the rooms joined, as the store has them (W-14)."""
        self.n += 1
        mine = {room: heads[room] for room in self.following.subs if room in heads}
        self.outbox_ephemeral(
            ("hb",), dumps({"t": "hb", "n": self.n, "server_time": server_time, "heads": mine})
        )
        self.following.wake()

    def _dismiss(self, sub: Subscription) -> None:
        self._leave(sub.live.id, willingly=True)
        refusal = err("forbidden")
        self.answer(frames.error(refusal, None, room=sub.live.id))

    # -- ending ------------------------------------------------------------------------------

    def _leave(self, room: str, *, willingly: bool) -> None:
        sub = self.following.subs.pop(room, None)
        if sub is None:
            return
        sub.live.readers.pop(sub, None)
        sub.live.idle_since = self.rooms.clock.monotonic()
        at = rfc3339(self.rooms.clock.now())
        sub.live.attendance.depart(sub.actor, at, willingly=willingly)
        self.rooms.upset.add(sub.live)

    def pause_writing(self) -> None:
        """The network is full: who does not read is not read either, so answers cannot pile up."""
        self.outbox.pause(self.rooms.clock.monotonic())
        self.inbox.go_on()

    def resume_writing(self) -> None:
        """The network takes more: what waits, then what is behind."""
        self.outbox.resume()
        if self.rows_missed and self.outbox.ready:
            self.rows_missed = False
            self.outbox_ephemeral(("note", "rows"), frames.note("lagging"))
        self.inbox.go_on()
        self.following.wake()

    def bye(self, code: Close, *, after_ms: int = 0) -> None:
        """Say what to do next, then close."""
        if self.closing:
            return
        frame = frames.bye(code, after_ms=after_ms, resume=code.reconnect != "never")
        self.rooms.metrics.closed(code.slug)
        self.link.write(text_frame(frame))
        gone = code.reconnect in ("reauth", "never") and code is not Close.REPLACED
        self._let_go(willingly=gone)
        self.link.close(int(code))

    def _let_go(self, *, willingly: bool) -> None:
        """Take and send nothing any more: whatever is said from now on is not for this link."""
        self.closing = True
        self.outbox.closed = True
        self.inbox.close()
        self.following.close()
        for room in list(self.following.subs):
            self._leave(room, willingly=willingly)

    def lost(self, *, willingly: bool) -> None:
        """The connection is gone. `willingly`: the client closed it in the proper way."""
        self._let_go(willingly=willingly)
        if self.outbox.shed:
            self.rooms.metrics.shed(self.outbox.shed)
            self.outbox.shed = 0
        if self.on_closed:
            self.on_closed(self)

    def held(self) -> int:
        """Bytes that wait, on their way in and out."""
        return self.outbox.held() + self.inbox.held
