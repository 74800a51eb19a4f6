"""An independent client of the wire: keeps its place and repeats what was not answered.

It drops no event and repairs nothing, so that its record shows what the hub did. After a cut it
comes back, joins its rooms from the last seq it had, and sends again by `cid` whatever has no
final answer.
"""

import asyncio
import random
import uuid
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any

from .history import Answer, Joined, Record, Sighting, canonical
from .link import Frame, Link, LinkGone


class PublishRefused(Exception):
    """An `err` that says not to try again."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(f"{frame.get('code')} {frame.get('slug')}")
        self.frame = frame
        self.slug = str(frame.get("slug", ""))


class Client:
    """A person's device. Use as `async with Client(url, token) as client`."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        device: str = "",
        name: str = "",
        silence_s: float = 25.0,
        backoff_s: float = 0.25,
        rng: random.Random | None = None,
    ) -> None:
        self.url = url
        self.token = token
        self.device = device or uuid.uuid4().hex
        self.record = Record(name or self.device)
        self.person = ""
        self.links = 0
        """Links that reached `welcome`."""
        self.frames: list[Frame] = []
        """Every frame but events and pages, in order."""
        self.refusals: list[Frame] = []
        """Every `err` that came."""
        self.states: dict[str, Frame] = {}
        """The last `joined` of each room."""
        self.reached: dict[str, int] = {}
        """The last seq seen of each room."""
        self._silence_s = silence_s
        self._backoff_s = backoff_s
        self._rng = rng or random.Random()
        self._rooms: dict[str, str] = {}
        """Rooms to be in, with the epoch known."""
        self._asked_after: dict[str, int | None] = {}
        """`after` of the last `join` of each room."""
        self._published: dict[str, Frame] = {}
        """What was published, by cid."""
        self._link: Link | None = None
        self._changed = asyncio.Condition()
        self._keeper: asyncio.Task[None] | None = None
        self._notifier: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Client":
        self._keeper = asyncio.create_task(self._keep())
        await self.until(lambda: self._link is not None)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def stop(self) -> None:
        """Leave without a word to anyone but the hub."""
        assert self._keeper is not None
        self._keeper.cancel()
        with suppress(asyncio.CancelledError):
            await self._keeper
        if self._link is not None:
            await self._link.close()

    @property
    def link(self) -> Link | None:
        """The socket in use, None between two."""
        return self._link

    async def until(self, holds: Callable[[], bool], within_s: float = 30.0) -> None:
        """Wait until `holds()`, looked at after every frame and every change of link."""
        async with asyncio.timeout(within_s), self._changed:
            while not holds():
                await self._watch_keeper()

    async def _watch_keeper(self) -> None:
        """Wait for a change; a keeper that failed (a refused token) is raised, not waited for."""
        if self._keeper is not None and self._keeper.done():
            self._keeper.result()
        await self._changed.wait()

    async def until_seq(self, room: str, seq: int, within_s: float = 30.0) -> None:
        """Wait until this client has seen `room` up to `seq`."""
        await self.until(lambda: self.reached.get(room, 0) >= seq, within_s)

    async def join(self, room: str, after: int | None = None, within_s: float = 30.0) -> Frame:
        """Be in `room` from now on: `joined`, with every event after `after` where it is given.

        Kept up across links. Raises `PublishRefused` where the hub says no for good.
        """
        while True:
            await self.until(lambda: self._link is not None, within_s)
            link = self._link
            if link is None:
                continue
            with suppress(LinkGone):
                joined = await self._join_on(link, room, after)
                self._rooms[room] = str(joined.get("epoch", ""))
                return joined

    async def leave(self, room: str) -> None:
        """Be no more in `room`."""
        self._rooms.pop(room, None)
        if self._link is not None:
            await self._link.ask({"t": "leave", "room": room})

    async def publish(
        self,
        room: str,
        kind: str,
        body: dict[str, Any],
        *,
        cid: str = "",
        after: int | None = None,
        repeats: int = 1,
    ) -> Answer:
        """Publish until there is a final answer, however many links that takes.

        `repeats` sends the same frame so many times each try. Raises `PublishRefused`.
        """
        frame: Frame = {"t": "pub", "cid": cid or uuid.uuid4().hex, "room": room}
        frame |= {"kind": kind, "body": body}
        if after is not None:
            frame["after"] = after
        self._published[frame["cid"]] = frame
        while True:
            await self.until(lambda: self._link is not None, 600)
            link = self._link
            if link is None:
                continue
            try:
                for _ in range(repeats - 1):
                    await link.send(frame)
                answer = await link.ask(frame)
            except LinkGone:
                link.abort()  # also where only the answer did not come
                await link.closed()
                continue
            if answer["t"] == "ok":
                return self._answer(frame, answer)
            if not answer.get("retry"):
                raise PublishRefused(answer)
            await asyncio.sleep(float(answer.get("retry_after_ms") or 100) / 1000)

    async def say(self, room: str, text: str, **options: Any) -> Answer:
        """`message.post`."""
        return await self.publish(room, "message.post", {"text": text}, **options)

    async def got(self, room: str, upto: int) -> None:
        """This device has it."""
        await self._send({"t": "got", "room": room, "upto": upto})

    async def seen(self, room: str, upto: int) -> None:
        """This person had it on a visible screen."""
        await self._send({"t": "seen", "room": room, "upto": upto})

    async def ask(self, frame: Frame) -> Frame:
        """Any frame that has an answer, once, on the link in use."""
        await self.until(lambda: self._link is not None)
        assert self._link is not None
        return await self._link.ask(frame)

    async def _send(self, frame: Frame) -> None:
        await self.until(lambda: self._link is not None)
        if self._link is not None:
            await self._link.send(frame)

    def _answer(self, frame: Frame, ok: Frame) -> Answer:
        body = frame["body"]
        return Answer(
            room=frame["room"],
            person=self.person,
            device=self.device,
            cid=frame["cid"],
            seq=int(ok["seq"]),
            dup=bool(ok.get("dup", False)),
            text=canonical(body["text"]) if "text" in body else "",
        )

    async def _keep(self) -> None:
        """Have a link, always; whoever waits is told when that comes to an end."""
        try:
            await self._keep_linked()
        finally:
            await self._tell()

    async def _keep_linked(self) -> None:
        """Every room of ours is joined again on each new link."""
        tries = 0
        while True:
            number = self.links + 1
            try:
                link = await Link.open(
                    self.url,
                    self.token,
                    self.device,
                    lambda frame, number=number: self._take(number, frame),  # type: ignore[misc]  # default binds now
                    silence_s=self._silence_s,
                )
            except LinkGone:
                tries += 1
                longest = min(10.0, self._backoff_s * 2 ** min(tries, 6))
                await asyncio.sleep(self._rng.uniform(0, longest))
                continue
            tries = 0
            self.links = number
            self.person = str(link.welcome["person"]["id"])
            try:
                await self._come_back(link)
                self._link = link
                await self._tell()
                await link.closed()
            except LinkGone:
                continue
            finally:
                self._link = None
                link.abort()
                await link.closed()
            await self._tell()

    async def _come_back(self, link: Link) -> None:
        for room in list(self._rooms):
            try:
                await self._join_on(link, room, self.reached.get(room, 0))
            except PublishRefused:  # kept in `refusals`; there is nothing to come back to
                self._rooms.pop(room, None)

    async def _join_on(self, link: Link, room: str, after: int | None) -> Frame:
        frame: Frame = {"t": "join", "room": room}
        if after is not None:
            frame["after"] = after
            if self._rooms.get(room):
                frame["epoch"] = self._rooms[room]
        self._asked_after[room] = after
        answer = await link.ask(frame)
        if answer["t"] == "joined":
            return answer
        if answer.get("retry"):
            raise LinkGone(f"join: {answer.get('slug')}")
        raise PublishRefused(answer)

    def _take(self, number: int, frame: Frame) -> None:
        kind = frame.get("t")
        if kind == "evt":
            self._saw(number, frame)
        elif kind == "page":
            for event in frame["events"]:
                self._saw(number, {**event, "room": frame["room"]})
        else:
            if kind == "joined":
                self._joined(number, frame)
            elif kind == "err":
                self.refusals.append(frame)
            elif kind == "ok" and frame.get("re") in self._published:
                answer = self._answer(self._published[frame["re"]], frame)
                self.record.answers.append(answer)  # every answer, of repeats too
            self.frames.append(frame)
        if self._notifier is None or self._notifier.done():
            self._notifier = asyncio.ensure_future(self._tell())

    def _joined(self, number: int, frame: Frame) -> None:
        room = frame["room"]
        self.states[room] = frame
        after = self._asked_after.get(room)
        follows = int(frame["head"]) if after is None else after
        self.record.log.append(Joined(number, room, follows, fresh=after is None))
        self.reached[room] = max(self.reached.get(room, 0), follows)

    def _saw(self, number: int, event: Frame) -> None:
        self.record.log.append(
            Sighting(
                link=number,
                room=event["room"],
                seq=int(event["seq"]),
                id=str(event["id"]),
                kind=str(event["kind"]),
                person=str((event.get("from") or {}).get("person", "")),
                body=canonical(event.get("body") or {}),
                cid=str(event.get("cid") or ""),
            )
        )
        room = event["room"]
        self.reached[room] = max(self.reached.get(room, 0), int(event["seq"]))

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()
