"""The image store that needs nothing beside the hub: a folder, an index in SQL, workers.

Matches `hub.ports.ImageStore`. What belongs to which room is asked here too: a study is attached
to one room for good, by an operator or by the first share of it.
"""

import asyncio
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from hub.clock import SystemClock, rfc3339
from hub.imaging.cache import Pictures
from hub.imaging.files import Folder, TooBig, walk
from hub.imaging.look import Arrow, Located, Look, Window
from hub.imaging.pool import Pool
from hub.imaging.problems import ImageProblem
from hub.ports import Clock, Journal
from persistence import images as index

DRAWING: Final = "1"
"""Changes whenever the same file and look would give another picture."""
CACHE_BYTES: Final = 64 * 2**20
LATCH_S: Final = 30.0
"""Seconds in which a file that hung or killed a worker is not tried again."""


@dataclass(slots=True)
class Report:
    """What became of the files that were to be brought in. `skipped` holds (path, reason): a
    reason of problems.py, or `elsewhere`, `other_bytes`, `not_there`, `too_big`, `no_access`."""

    new: int = 0
    same: int = 0
    studies: set[str] = field(default_factory=set)
    skipped: list[tuple[Path, str]] = field(default_factory=list)


class FolderImages:
    """`hub.ports.ImageStore` on a folder. One event loop only."""

    def __init__(
        self,
        root: Path,
        journal: Journal,
        *,
        clock: Clock | None = None,
        pool: Pool | None = None,
        cache_bytes: int = CACHE_BYTES,
    ) -> None:
        self._journal = journal
        self._clock = clock or SystemClock()
        self._files = Folder(root)
        self._pool = pool or Pool()
        self._pictures = Pictures(cache_bytes)
        self._drawing: dict[str, asyncio.Task[bytes]] = {}
        """Pictures being drawn, by entity tag: who asks meanwhile waits for the same one."""
        self._warming: asyncio.Task[None] | None = None
        """The first worker on its way."""
        self._latched: dict[str, tuple[float, str]] = {}
        """Digest of a file that hung or killed a worker, with until when and the reason."""

    async def start(self) -> None:
        """Make the folder; where it holds images, have a worker loaded for the first of them. Does
        not wait for it, and the hub starts without where none can be had (pool.py tells)."""
        await asyncio.to_thread(self._files.open)
        if not await asyncio.to_thread(self._files.is_empty):
            self._warming = asyncio.create_task(self._pool.start())

    async def stop(self) -> None:
        """End the workers."""
        tasks: list[asyncio.Task[Any]] = [*self._drawing.values()]
        if self._warming is not None:
            tasks.append(self._warming)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._pool.stop()

    async def add(self, paths: Iterable[Path], room: str = "") -> Report:
        """Bring files in, and below folders; attach their studies to `room` where one is named.
        Doing it again changes nothing. Raises `StoreUnavailable`, and `OSError` of our folder."""
        report = Report()
        for path in paths:
            if not path.exists():
                report.skipped.append((path, "not_there"))
            for found in walk(path):
                await self._add_file(found, room, report)
        return report

    async def _add_file(self, path: Path, room: str, report: Report) -> None:
        if path.name.upper() == "DICOMDIR":
            report.skipped.append((path, "directory"))
            return
        try:
            copy, sha256, size = await asyncio.to_thread(self._files.take_in, path)
        except PermissionError:
            report.skipped.append((path, "no_access"))
            return
        except TooBig:
            report.skipped.append((path, "too_big"))
            return
        try:
            header = await self._pool.header(copy)
            await asyncio.to_thread(self._files.keep, copy, sha256)
            outcome = await self._index(header, sha256, size, room)
        except ImageProblem as problem:
            report.skipped.append((path, problem.reason))
            return
        finally:
            await asyncio.to_thread(self._files.drop, copy)
        if outcome == index.Added.NEW:
            report.new += 1
        elif outcome == index.Added.SAME:
            report.same += 1
        else:
            elsewhere = outcome == index.Attached.ELSEWHERE
            report.skipped.append((path, "elsewhere" if elsewhere else "other_bytes"))
            return
        report.studies.add(header["study"])

    async def _index(self, header: dict[str, Any], sha256: str, size: int, room: str) -> str:
        at = rfc3339(self._clock.now())
        study = index.Study(
            header["study"],
            header["study_date"],
            header["study_time"],
            header["study_description"],
            header["accession"],
        )
        series = index.Series(
            header["study"],
            header["series"],
            header["modality"],
            header["series_number"],
            header["series_description"],
            header["body_part"],
        )
        same = ("study", "series", "sop", "sop_class", "syntax", "rows", "columns", "frames")
        values = {name: header[name] for name in (*same, "number", "position")}
        instance = index.Instance(sha256=sha256, size=size, **values)

        def job(conn: Any) -> str:
            if room:
                attached = index.attach(conn, study.study, room, by_operator=True, at=at)
                if attached == index.Attached.ELSEWHERE:
                    return attached
            return index.add(conn, study, series, instance, at)

        return await self._journal.run(job)

    async def attach(self, study: str, room: str) -> bool:
        """Attach a study to a room because someone there shared it. False: it is elsewhere."""
        at = rfc3339(self._clock.now())
        known = await self.room_of(study)
        if known:
            return known == room
        attached = await self._journal.run(
            lambda conn: index.attach(conn, study, room, by_operator=False, at=at)
        )
        return attached != index.Attached.ELSEWHERE

    async def room_of(self, study: str) -> str:
        """The room that a study belongs to, empty where none."""
        return await self._journal.query(lambda conn: index.room_of(conn, study))

    async def has(self, study: str, series: str = "", sop: str = "") -> bool:
        """Whether something of that name is there."""
        return bool(await self.instances(study, series, sop))

    async def instances(self, study: str, series: str = "", sop: str = "") -> list[index.Instance]:
        """Instances in the order in which they are read."""
        return await self._journal.query(lambda conn: index.instances(conn, study, series, sop))

    async def studies_of(self, room: str) -> list[dict[str, Any]]:
        """Studies attached to a room of which something is there: uid, date, time, description,
        accession, modalities[], series, instances."""
        return await self._journal.query(lambda conn: _studies(conn, room))

    async def series_of(self, study: str) -> list[dict[str, Any]]:
        """Series of a study: uid, modality, description, number, body_part, instances[{sop, n,
        frames, rows, columns, sop_class, position}]."""
        return await self._journal.query(lambda conn: _series(conn, study))

    async def locate(
        self, study: str, series: str = "", sop: str = "", frame: int | None = None
    ) -> Located:
        """The frame meant: that one, or the middle one of a series, or of the longest series of a
        study. Raises `ImageProblem`."""
        found = await self.instances(study, series, sop)
        if not found:
            raise ImageProblem("unknown")
        chosen = found[0] if sop else _middle(found)
        if chosen.frames == 0:
            raise ImageProblem("no_pixels")
        if frame is not None and not 1 <= frame <= chosen.frames:
            raise ImageProblem("no_such_frame")
        names = (chosen.study, chosen.series, chosen.sop)
        return Located(*names, frame or 1, chosen.sha256, fixed=bool(sop))

    def etag(self, located: Located, look: Look) -> str:
        """The strong entity tag of a picture: of the bytes, the frame and the look."""
        said = f"{DRAWING}:{located.digest}:{located.frame}:{look.key()}"
        return f'"{hashlib.sha256(said.encode()).hexdigest()[:40]}"'

    async def picture(self, located: Located, look: Look) -> bytes:
        """The JPEG. Raises `ImageProblem`."""
        etag = self.etag(located, look)
        if (jpeg := self._pictures.get(etag)) is not None:
            return jpeg
        task = self._drawing.get(etag)
        if task is None:
            task = asyncio.create_task(self._draw(located, look, etag))
            self._drawing[etag] = task
            task.add_done_callback(lambda done: self._drawn(etag, done))
        return await asyncio.shield(task)

    @property
    def cached_bytes(self) -> int:
        """Bytes of pictures held in memory."""
        return self._pictures.size

    async def _draw(self, located: Located, look: Look, etag: str) -> bytes:
        sha256 = located.digest
        now = self._clock.monotonic()
        until, reason = self._latched.get(sha256, (0.0, ""))
        if now < until:
            raise ImageProblem(reason)
        path = self._files.path(sha256)
        try:
            jpeg = await self._pool.picture(path.resolve(), located.frame, look.as_json())
        except ImageProblem as problem:
            if problem.reason in ("too_slow", "crashed"):
                self._latch(sha256, problem.reason)
            raise
        self._pictures.put(etag, jpeg)
        return jpeg

    def _latch(self, sha256: str, reason: str) -> None:
        now = self._clock.monotonic()
        self._latched = {key: held for key, held in self._latched.items() if held[0] > now}
        self._latched[sha256] = (now + LATCH_S, reason)

    def _drawn(self, etag: str, task: asyncio.Task[bytes]) -> None:
        del self._drawing[etag]
        if not task.cancelled():
            task.exception()  # told to whoever waits; nobody may be left

    async def rendered(
        self,
        *,
        study: str,
        series: str = "",
        sop: str = "",
        frame: int | None = None,
        window: Window | None = None,
        viewport: tuple[int, int] | None = None,
        arrows: Sequence[Arrow] = (),
    ) -> tuple[bytes, str]:
        """(JPEG, strong ETag). Raises `ImageProblem`."""
        look = Look(window=window, viewport=viewport, arrows=tuple(arrows))
        located = await self.locate(study, series, sop, frame)
        return await self.picture(located, look), self.etag(located, look)


def _studies(conn: Any, room: str) -> list[dict[str, Any]]:
    told = []
    for study in index.studies_of(conn, room):
        series, found = index.series_of(conn, study.study), index.instances(conn, study.study)
        told.append(
            {
                "uid": study.study,
                "date": study.study_date,
                "time": study.study_time,
                "description": study.description,
                "accession": study.accession,
                "modalities": sorted({one.modality for one in series if one.modality}),
                "series": len(series),
                "instances": len(found),
            }
        )
    return told


def _series(conn: Any, study: str) -> list[dict[str, Any]]:
    inside: dict[str, list[dict[str, Any]]] = {}
    for one in index.instances(conn, study):
        told = {
            "sop": one.sop,
            "n": one.number,
            "frames": one.frames,
            "rows": one.rows,
            "columns": one.columns,
            "sop_class": one.sop_class,
            "position": one.position,
        }
        inside.setdefault(one.series, []).append(told)
    return [
        {
            "uid": row.series,
            "modality": row.modality,
            "description": row.description,
            "number": row.number,
            "body_part": row.body_part,
            "instances": inside.get(row.series, []),
        }
        for row in index.series_of(conn, study)
    ]


def _middle(found: list[index.Instance]) -> index.Instance:
    """The middle slice of the longest series: what stands best for the whole."""
    runs: dict[str, list[index.Instance]] = {}
    for one in found:
        if one.frames:
            runs.setdefault(one.series, []).append(one)
    if not runs:
        return found[0]
    longest = max(runs.values(), key=len)
    return longest[len(longest) // 2]
