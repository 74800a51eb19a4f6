/** The clocks of a room as its stage moves, and whose move it is: the twin of hub/room/clocks.py. */
import type { Clock, Critical, NextMove } from "../generated/wire";
import { unproven } from "./loops";
import { tables, type ClockRow } from "./tables";
import type { RoomState, Stage } from "./types";

type Clocks = Record<string, Clock>;

const CLOCKS = Object.entries(tables.clocks);
const FRESH: Omit<Clock, "started_at"> = { limit_at: "", stopped_at: "", paused_at: "", paused_ms: 0, predicted: false, breached: false };

export function moved(clocks: Clocks, stage: Stage, at: string, urgency: string, restart: string): Clocks {
  const after = { ...clocks };
  for (const [name, rule] of CLOCKS) {
    const clock = name === restart ? undefined : clocks[name];
    if (rule.runs_in.includes(stage)) after[name] = run(rule, clock, at, urgency);
    else if (clock !== undefined && clock.stopped_at === "") {
      after[name] = hold(clock, at, rule.pauses_in.includes(stage));
    }
  }
  return after;
}

function run(rule: ClockRow, clock: Clock | undefined, at: string, urgency: string): Clock {
  if (clock === undefined || (clock.stopped_at !== "" && !rule.resumes)) {
    return limited(rule, { ...FRESH, started_at: at }, urgency);
  }
  if (clock.paused_at !== "") {
    const paused_ms = clock.paused_ms + Date.parse(at) - Date.parse(clock.paused_at);
    return limited(rule, { ...clock, paused_at: "", paused_ms }, urgency);
  }
  return clock.stopped_at !== "" ? { ...clock, stopped_at: "" } : clock;
}

function hold(clock: Clock, at: string, pause: boolean): Clock {
  if (!pause && clock.paused_at !== "") {
    const lapse = Date.parse(at) - Date.parse(clock.paused_at);
    const limit_at = clock.limit_at === "" ? "" : new Date(Date.parse(clock.limit_at) + lapse).toISOString();
    return { ...clock, limit_at, stopped_at: at, paused_at: "", paused_ms: clock.paused_ms + lapse };
  }
  if (!pause) return { ...clock, stopped_at: at };
  return clock.paused_at !== "" ? clock : { ...clock, paused_at: at };
}

export function urgencyChanged(clocks: Clocks, urgency: string): Clocks {
  const after = { ...clocks };
  for (const [name, rule] of CLOCKS) {
    const clock = clocks[name];
    if (clock !== undefined && clock.stopped_at === "" && !clock.breached) {
      after[name] = limited(rule, clock, urgency);
    }
  }
  return after;
}

export function paused(clocks: Clocks, names: string[], at: string): Clocks {
  const after = { ...clocks };
  for (const name of names) {
    const clock = clocks[name];
    if (clock !== undefined) after[name] = hold(clock, at, true);
  }
  return after;
}

export function resumed(clocks: Clocks, names: string[], at: string, urgency: string): Clocks {
  const after = { ...clocks };
  for (const [name, rule] of CLOCKS) {
    const clock = clocks[name];
    if (clock !== undefined && names.includes(name) && clock.paused_at !== "") after[name] = run(rule, clock, at, urgency);
  }
  return after;
}

export function predicted(clocks: Clocks, name: string, limitAt: string): Clocks {
  const clock = clocks[name];
  if (clock === undefined || clock.limit_at !== limitAt) return clocks;
  return { ...clocks, [name]: { ...clock, predicted: true } };
}

export function breached(clocks: Clocks, name: string, limitAt: string): Clocks {
  const clock = clocks[name];
  if (clock === undefined || clock.limit_at !== limitAt) return clocks;
  return { ...clocks, [name]: { ...clock, breached: true } };
}

function limited(rule: ClockRow, clock: Clock, urgency: string): Clock {
  const minutes = rule.minutes[urgency];
  if (minutes === undefined || minutes === null) return { ...clock, limit_at: "" };
  const limit = Date.parse(clock.started_at) + minutes * 60_000 + clock.paused_ms;
  return { ...clock, limit_at: new Date(limit).toISOString() };
}

export function nextMove(room: RoomState): NextMove | null {
  let wait = tables.stages[room.stage].wait;
  let since = room.stage_since;
  if (tables.query.stages.includes(room.stage)) {
    const asked = room.queries.find((query) => query.answered === null);
    if (asked !== undefined) [wait, since] = [tables.query.wait, asked.asked.at];
  }
  if (wait === null) return null;
  const [unheard] = unproven(room);
  if (unheard !== undefined) return criticalMove(unheard);
  const clock = room.clocks[wait.clock];
  const running = clock !== undefined && clock.stopped_at === "" && clock.paused_at === "";
  return { act: wait.act, roles: wait.roles, since, person: whose(room, wait.person), until: running ? clock.limit_at : "" };
}

function criticalMove(one: Critical): NextMove {
  const { act, roles } = one.exhausted > 0 ? tables.critical.phone : tables.critical.wait;
  const person = one.exhausted > 0 ? one.holder : one.to;
  return { act, roles, since: one.raised.at, person, until: one.limit_at };
}

function whose(room: RoomState, who: string): string {
  if (who === "reader") return room.reader?.person ?? room.owner?.person ?? "";
  if (who === "owner") return room.owner?.person ?? "";
  if (who === "requester") return (room.attending ?? room.requested)?.person ?? "";
  return who === "technologist" ? (room.acknowledgement?.given.person ?? "") : "";
}
