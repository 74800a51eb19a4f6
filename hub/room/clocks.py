"""The clocks of a room as its stage moves, and whose move it is (domain.md 4.4)."""

from hub.room.loops import Critical
from hub.room.pursuit import unproven
from hub.room.room import Clock, NextMove, Room
from hub.room.stages import (
    CLOCKS,
    CRITICAL_PHONE,
    CRITICAL_WAIT,
    QUERY_STAGES,
    QUERY_WAIT,
    WAITS,
    ClockRule,
    Stage,
)
from hub.room.times import between, later

Clocks = dict[str, Clock]
MINUTE_MS = 60_000


def moved(clocks: Clocks, stage: Stage, at: str, urgency: str, restart: str = "") -> Clocks:
    """The clocks after an event that left the room in `stage`; `restart` names one to renew."""
    after = dict(clocks)
    for rule in CLOCKS:
        clock = None if rule.name == restart else clocks.get(rule.name)
        if stage in rule.runs_in:
            after[rule.name] = _run(rule, clock, at, urgency)
        elif clock is not None and not clock.stopped_at:
            after[rule.name] = _hold(clock, at, pause=stage in rule.pauses_in)
    return after


def _run(rule: ClockRule, clock: Clock | None, at: str, urgency: str) -> Clock:
    if clock is None or (clock.stopped_at and not rule.resumes):
        return _limited(rule, Clock(started_at=at), urgency)
    if clock.paused_at:
        clock = _with(clock, paused_at="", paused_ms=clock.paused_ms + between(clock.paused_at, at))
        return _limited(rule, clock, urgency)
    if clock.stopped_at:
        return _with(clock, stopped_at="")
    return clock


def _hold(clock: Clock, at: str, *, pause: bool) -> Clock:
    if not pause and clock.paused_at:  # what was waited for has come, or does not matter any more
        lapse = between(clock.paused_at, at)
        limit = later(clock.limit_at, lapse) if clock.limit_at else ""
        spent = clock.paused_ms + lapse
        return _with(clock, limit_at=limit, stopped_at=at, paused_at="", paused_ms=spent)
    if not pause:
        return _with(clock, stopped_at=at)
    return clock if clock.paused_at else _with(clock, paused_at=at)


def urgency_changed(clocks: Clocks, urgency: str) -> Clocks:
    """The limits of what still runs, by another urgency. A limit that was breached stays so."""
    after = dict(clocks)
    for rule in CLOCKS:
        clock = clocks.get(rule.name)
        if clock is not None and not clock.stopped_at and not clock.breached:
            after[rule.name] = _limited(rule, clock, urgency)
    return after


def running(clocks: Clocks) -> tuple[str, ...]:
    """The clocks that run and promise something, in the order of the table."""
    held = ((rule.name, clocks.get(rule.name)) for rule in CLOCKS)
    return tuple(
        name
        for name, clock in held
        if clock and clock.limit_at and not clock.stopped_at and not clock.paused_at
    )


def paused(clocks: Clocks, names: tuple[str, ...], at: str) -> Clocks:
    """The clocks after a person paused `names`."""
    held = {name: clocks[name] for name in names if name in clocks}
    return {**clocks, **{name: _hold(clock, at, pause=True) for name, clock in held.items()}}


def resumed(clocks: Clocks, names: tuple[str, ...], at: str, urgency: str) -> Clocks:
    """The clocks after what was waited for is there."""
    after = dict(clocks)
    for rule in CLOCKS:
        clock = clocks.get(rule.name)
        if clock is not None and rule.name in names and clock.paused_at:
            after[rule.name] = _run(rule, clock, at, urgency)
    return after


def predicted(clocks: Clocks, name: str, limit_at: str) -> Clocks:
    """The clocks after it was foretold that the limit of one of them will go by."""
    clock = clocks.get(name)
    if clock is None or clock.limit_at != limit_at:
        return clocks
    return {**clocks, name: _with(clock, predicted=True)}


def breached(clocks: Clocks, name: str, limit_at: str) -> Clocks:
    """The clocks after the limit of one of them went by."""
    clock = clocks.get(name)
    if clock is None or clock.limit_at != limit_at:
        return clocks
    return {**clocks, name: _with(clock, breached=True)}


def _limited(rule: ClockRule, clock: Clock, urgency: str) -> Clock:
    minutes = rule.limit(urgency)
    if minutes is None:
        return _with(clock, limit_at="")
    return _with(clock, limit_at=later(clock.started_at, minutes * MINUTE_MS + clock.paused_ms))


def _with(
    clock: Clock,
    *,
    limit_at: str | None = None,
    stopped_at: str | None = None,
    paused_at: str | None = None,
    paused_ms: int | None = None,
    predicted: bool | None = None,
    breached: bool | None = None,
) -> Clock:
    return Clock(
        started_at=clock.started_at,
        limit_at=clock.limit_at if limit_at is None else limit_at,
        stopped_at=clock.stopped_at if stopped_at is None else stopped_at,
        paused_at=clock.paused_at if paused_at is None else paused_at,
        paused_ms=clock.paused_ms if paused_ms is None else paused_ms,
        predicted=clock.predicted if predicted is None else predicted,
        breached=clock.breached if breached is None else breached,
    )


def next_move(room: Room) -> NextMove | None:
    """Whose move it is in `room`, whose stage and clocks are already up to date."""
    wait = WAITS.get(room.stage)
    since = room.stage_since
    if room.stage in QUERY_STAGES:
        asked = [query.asked.at for query in room.queries if query.answered is None]
        if asked:
            wait, since = QUERY_WAIT, asked[0]
    if wait is None:
        return None
    if unheard := unproven(room):
        return _critical_move(unheard[0])
    clock = room.clocks.get(wait.clock)
    runs = clock is not None and not clock.stopped_at and not clock.paused_at
    return NextMove(
        act=wait.act,
        roles=tuple(role.value for role in wait.roles),
        since=since,
        person=whose(room, wait.person),
        until=clock.limit_at if clock is not None and runs else "",
    )


def _critical_move(one: Critical) -> NextMove:
    wait = CRITICAL_PHONE if one.exhausted else CRITICAL_WAIT
    return NextMove(
        act=wait.act,
        roles=tuple(role.value for role in wait.roles),
        since=one.raised.at,
        person=one.holder if one.exhausted else one.to,
        until=one.limit_at,
    )


def whose(room: Room, part: str) -> str:
    """The person who plays `part` in `room` (`Wait.person`), empty where nobody does."""
    if part == "reader" and room.reader:
        return room.reader.person
    if part in ("owner", "reader") and room.owner:
        return room.owner.person
    asked = room.attending or room.requested
    if part == "requester" and asked:
        return asked.person
    if part == "technologist" and room.acknowledgement:
        return room.acknowledgement.given.person
    return ""
