/** The clocks of a room as its stage moves, and whose move it is: the twin of hub/room/clocks.py. */
import { CLOCKS, QUERY_STAGES, QUERY_WAIT, WAITS, type Clock, type ClockRule, type NextMove } from "../generated/wire";
import type { RoomState, Stage } from "./types";

type Clocks = Record<string, Clock>;

const URGENCIES = ["P0", "P1", "P2", "P3"];
const FRESH: Omit<Clock, "started_at"> = { limit_at: "", stopped_at: "", paused_at: "", paused_ms: 0, breached: false };

export function moved(clocks: Clocks, stage: Stage, at: string, urgency: string, restart: string): Clocks {
  const after = { ...clocks };
  for (const rule of CLOCKS) {
    const clock = rule.name === restart ? undefined : clocks[rule.name];
    if (rule.runs_in.includes(stage)) after[rule.name] = run(rule, clock, at, urgency);
    else if (clock !== undefined && clock.stopped_at === "") {
      after[rule.name] = hold(clock, at, rule.pauses_in.includes(stage));
    }
  }
  return after;
}

function run(rule: ClockRule, clock: Clock | undefined, at: string, urgency: string): Clock {
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
  if (!pause) return { ...clock, stopped_at: at };
  return clock.paused_at !== "" ? clock : { ...clock, paused_at: at };
}

export function urgencyChanged(clocks: Clocks, urgency: string): Clocks {
  const after = { ...clocks };
  for (const rule of CLOCKS) {
    const clock = clocks[rule.name];
    if (clock !== undefined && clock.stopped_at === "" && !clock.breached) {
      after[rule.name] = limited(rule, clock, urgency);
    }
  }
  return after;
}

export function breached(clocks: Clocks, name: string, limitAt: string): Clocks {
  const clock = clocks[name];
  if (clock === undefined || clock.limit_at !== limitAt) return clocks;
  return { ...clocks, [name]: { ...clock, breached: true } };
}

function limited(rule: ClockRule, clock: Clock, urgency: string): Clock {
  const minutes = rule.minutes?.[URGENCIES.indexOf(urgency)];
  if (minutes === undefined) return { ...clock, limit_at: "" };
  const limit = Date.parse(clock.started_at) + minutes * 60_000 + clock.paused_ms;
  return { ...clock, limit_at: new Date(limit).toISOString() };
}

export function nextMove(room: RoomState): NextMove | null {
  let wait = WAITS[room.stage];
  let since = room.stage_since;
  if (QUERY_STAGES.includes(room.stage)) {
    const asked = room.queries.find((query) => query.answered === null);
    if (asked !== undefined) [wait, since] = [QUERY_WAIT, asked.asked.at];
  }
  if (wait === undefined) return null;
  const clock = room.clocks[wait.clock];
  const running = clock !== undefined && clock.stopped_at === "" && clock.paused_at === "";
  return { act: wait.act, roles: wait.roles, since, person: whose(room, wait.person), until: running ? clock.limit_at : "" };
}

function whose(room: RoomState, who: string): string {
  if (who === "owner") return room.owner?.person ?? "";
  if (who === "requester") return room.requested?.person ?? "";
  return who === "technologist" ? (room.acknowledgement?.given.person ?? "") : "";
}
