"""Fills an empty hub with the demonstration, through the same doors as everybody: doing it twice
changes nothing, and what the cast has done meanwhile stays.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hub.demo import script
from hub.demo.cast import BY_PERSON, CAST, LINES, SITES, Player
from hub.demo.script import Case, Instance, Playing
from hub.edge.identity import Directory, Principal
from hub.edge.identity.passwords import Passwords
from hub.edge.identity.principal import LINE_ROLES
from hub.imaging import samples, synthetic
from hub.imaging.folder import FolderImages
from hub.rooms import Rooms
from hub.wire.errors import Err
from persistence import directory as people

DEVICE = "demo"
HEAD = "head"
"""The synthetic study; its two series are `head.1` and `head.2`."""

ZONE = ZoneInfo(SITES[0].timezone)
"""Of the scanner that takes it."""


class SeedRefused(Exception):
    """A case and its room do not agree."""


class NotOurs(SeedRefused):
    """The store is not the demonstration's."""


async def cast(directory: Directory, passwords: Passwords) -> None:
    """The sites, the people with their passwords and parts, the lines.

    Raises `NotOurs` where the store holds anybody else: it is not the demonstration's.
    """
    if strangers := {one.person for one in await directory.search()} - BY_PERSON.keys():
        raise NotOurs(
            f"this store holds {len(strangers)} people who are not of the demonstration's cast: "
            "give it a folder of its own with --data"
        )
    known = await directory.people([player.person for player in CAST])
    missing = [player for player in CAST if player.person not in known]
    hashes = [await passwords.hashed(player.password) for player in missing]

    def job(at: Any) -> None:
        people.put_sites(
            at, [people.Site(one.site, one.name, one.phone, one.timezone) for one in SITES]
        )
        people.put_people(
            at,
            [
                people.Person(
                    player.person,
                    player.person,
                    player.name,
                    hashed,
                    grants=(people.Grant(player.role.value, player.site),),
                )
                for player, hashed in zip(missing, hashes, strict=True)
            ],
        )
        for line in LINES:
            people.put_line(
                at, line.line, line.name, tier=line.tier, subspecialty=line.subspecialty
            )
            people.assign(at, line.line, add_sites=line.sites, add_people=line.people)

    await directory.change(job)


@dataclass(slots=True)
class Seeding:
    """What became of the seeded rooms."""

    made: int = 0
    older: int = 0
    """Rooms that another version of the demonstration made otherwise; they stay as they are."""


async def rooms(hub: Rooms, images: FolderImages, folder: Path, cases: Sequence[Case]) -> Seeding:
    """A room for each case, with its pictures, where it is not there yet.

    Raises `SeedRefused` where a case is refused in a room of its own making.
    """
    seeding = Seeding()
    for case in cases:
        await _case(hub, images, folder, case, seeding)
    return seeding


async def night_pictures(images: FolderImages, folder: Path, seed: str) -> script.Studies:
    """A synthetic study of its own for a case that is about to be played, in no room yet."""
    return await _pictures(images, folder, script.load(script.NIGHT), seed, room="")


async def _case(
    hub: Rooms, images: FolderImages, folder: Path, case: Case, seeding: Seeding
) -> None:
    first, *others = case.steps
    body = json.dumps(first.body).encode()
    room, answer = await hub.open(principal(first.who), DEVICE, body, cid=f"demo-{case.code}")
    if isinstance(answer, Err):
        if answer.slug != "cid_reuse":
            raise SeedRefused(f"{case.code}: {answer.slug}, {answer.en}")
        seeding.older += 1  # its request was worded otherwise
        return
    if answer.dup and await _whole(hub, room, case):
        return  # made before; a room that was left half made is gone on with
    studies = await _pictures(images, folder, case, f"demo-{case.code}", room)
    playing = Playing(studies, hub.clock.now())
    for n, step in enumerate(others, 2):
        state = await hub.state_json(principal(first.who), room)
        if not isinstance(state, Err):
            in_force = json.loads(state).get("protocol") or {}
            playing.content_hash = in_force.get("content_hash", "")
        body = json.dumps(playing.body(step)).encode()
        done = await hub.publish(
            principal(step.who), DEVICE, room, step.kind, body, cid=f"{case.code}-{n}"
        )
        if isinstance(done, Err):
            if answer.dup:  # another version began it, or the cast has acted in it meanwhile
                seeding.older += 1
                return
            raise SeedRefused(f"{case.code}, step {n} {step.kind}: {done.slug}, {done.en}")
        if step.name:
            playing.seqs[step.name] = done.seq
    seeding.made += 1


async def _whole(hub: Rooms, room: str, case: Case) -> bool:
    """Whether the last step of a case was played: a room holds more than its steps, for it rings
    and is acted in."""
    last = case.steps[-1]
    cid = f"{case.code}-{len(case.steps)}"
    return len(case.steps) == 1 or await hub.journal.retry(room, last.who, DEVICE, cid) is not None


def principal(person: str) -> Principal:
    """Somebody of the cast, as their login would make them."""
    player = BY_PERSON[person]
    return Principal(
        person=player.person,
        name=player.name,
        role=player.role,
        site=player.site,
        covers=_covers(player),
        session_id=f"demo-{player.person}",
        rate_free=True,
    )


def _covers(player: Player) -> frozenset[str]:
    covers = {player.site}
    if player.role in LINE_ROLES:
        covers.update(*(line.sites for line in LINES if player.person in line.people))
    return frozenset(covers)


async def _pictures(
    images: FolderImages, folder: Path, case: Case, seed: str, room: str
) -> script.Studies:
    found: dict[str, Sequence[Instance]] = {}
    for name in case.studies:
        if name == HEAD:
            taken = datetime.now(ZONE).strftime("%Y%m%d%H%M%S")  # tonight: else it is a prior
            head = synthetic.Case(seed, taken=taken, **case.head)
            paths = await asyncio.to_thread(synthetic.write, folder / seed, head)
            await images.add(paths, room)
            for number in (1, 2):
                found[f"{HEAD}.{number}"] = [
                    Instance(head.study, head.series(number), head.sop(number, n))
                    for n in range(1, synthetic.SLICES + 1)
                ]
        else:
            found[name] = await _sample(images, name, room)
    return found


async def _sample(images: FolderImages, name: str, room: str) -> list[Instance]:
    """A file of pydicom's own, where this pydicom ships it."""
    paths = [path for sample, path in samples.pydicom_samples() if path.stem == name]
    report = await images.add(paths, room)
    rows = [row for study in report.studies for row in await images.instances(study)]
    if not rows:
        raise SeedRefused(f"pydicom's {name}.dcm could not be brought in: {report.skipped}")
    return [Instance(row.study, row.series, row.sop) for row in rows]
