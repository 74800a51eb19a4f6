"""The rota out of the store and back: rows of `persistence.rota` as values of `hub.oncall`."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from hub.oncall.policy import Policy, Somebody, Step
from hub.oncall.rota import Line, Override, Rota, Shift
from hub.oncall.sheet import Planned as Sheet
from persistence import directory
from persistence import rota as kept
from persistence.directory import Person

BEFORE, AFTER = timedelta(days=3), timedelta(days=15)
"""How far around an instant the plan is read: a shift is shorter than the first."""

_steps = msgspec.json.Decoder(tuple[Step, ...])


@dataclass(frozen=True, slots=True)
class Planned:
    """Everything that calling needs of the directory, as of `revision`, around `at`."""

    revision: int
    at: datetime
    rota: Rota = field(default_factory=Rota)
    policies: tuple[Policy, ...] = ()
    people: Mapping[str, Somebody] = field(default_factory=dict)
    phones: Mapping[str, str] = field(default_factory=dict)

    def holds(self, revision: int, at: datetime) -> bool:
        """Whether it still says what the store says, around `at`."""
        return self.revision == revision and abs(at - self.at) < timedelta(days=1)


def planned(at: Any, when: datetime, until: datetime | None = None) -> Planned:
    """A job on a reader: the plan around `when`, and as far as `until`."""
    shifts, overrides = kept.planned(at, _local(when - BEFORE), _local((until or when) + AFTER))
    lines = directory.all_lines(at)
    ever = kept.ever_planned(at)
    policies = tuple(policy(one) for one in kept.all_policies(at))
    named = {person for line in lines for person in line.people}
    named |= {target.value for one in policies for step in one.steps for target in step.targets}
    return Planned(
        revision=directory.revision(at),
        at=when,
        rota=Rota(
            lines=tuple(line_of(one, planned=one.line in ever) for one in lines),
            shifts=tuple(Shift(**asdict(one)) for one in shifts),
            overrides=tuple(Override(**asdict(one)) for one in overrides),
        ),
        policies=policies,
        people=somebodies(directory.find(at, sorted(named)).values()),
        phones={one.site: one.phone for one in directory.all_sites(at)},
    )


def _local(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M")


def line_of(row: directory.Line, *, planned: bool = False) -> Line:
    """A line as calling knows it."""
    return Line(
        line=row.line,
        name=row.name,
        sites=row.sites,
        people=row.people,
        tier=row.tier,
        region=row.region,
        subspecialty=row.subspecialty,
        modality=row.modality,
        timezone=row.timezone,
        planned=planned,
    )


def policy(row: kept.Policy) -> Policy:
    """A policy as calling knows it."""
    return Policy(
        steps=_steps.decode(row.steps),
        site=row.site,
        urgency=row.urgency,
        purpose=row.purpose,
        version=row.version,
    )


def policy_row(given: Policy) -> kept.Policy:
    """A policy as it is kept."""
    steps = msgspec.json.encode(given.steps).decode()
    return kept.Policy(given.site, given.urgency, given.purpose, given.version, steps)


def somebodies(people: Iterable[Person]) -> dict[str, Somebody]:
    """The accounts among `people` that are open, by person: a machine answers no call."""
    return {
        one.person: Somebody(one.person, one.name, frozenset(part.role for part in one.grants))
        for one in people
        if not one.disabled and not one.service
    }


def with_ids(at: Any, given: Sheet) -> Sheet:
    """`given` with persons by their ids, where it names them by their logins: as a spreadsheet or
    a calendar does. Whom nobody knows stays as named, and is refused where it is kept."""
    named = {one.person for one in given.shifts}
    named |= {name for one in given.overrides for name in (one.person, one.instead_of)}
    known = directory.find(at, sorted(named))
    ids = {}
    for name in named - known.keys() - {""}:
        if person := directory.by_login(at, name.strip().casefold()):
            ids[name] = person.person

    def id(name: str) -> str:
        return ids.get(name, name)

    return Sheet(
        tuple(replace(one, person=id(one.person)) for one in given.shifts),
        tuple(
            replace(one, person=id(one.person), instead_of=id(one.instead_of))
            for one in given.overrides
        ),
    )


def shift_rows(given: Iterable[Shift]) -> list[kept.Shift]:
    """Shifts as they are kept."""
    return [kept.Shift(**asdict(one)) for one in given]


def override_rows(given: Iterable[Override]) -> list[kept.Override]:
    """Overrides as they are kept."""
    return [kept.Override(**asdict(one)) for one in given]
