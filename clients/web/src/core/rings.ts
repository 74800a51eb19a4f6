/** Rings as the room's events fold them (hub/room/ring_folds.py, hub/oncall/engine.py). */
import type { By, Ring } from "../generated/wire";
import type { Evt, RoomState } from "./types";

type Body = Record<string, any>;
type Fold = (room: RoomState, by: By, body: Body) => Partial<RoomState>;

const KEPT_RINGS = 8;
const UNCLAIMED: readonly string[] = ["requested", "info_needed"];
/** Kinds by which nobody becomes a person of the room: who declines, and what follows from it. */
export const PASSING = new Set(["case.declined", "ring.declined", "ring.escalated", "ring.exhausted"]);

/** Whether it still rings. */
export const isOn = (ring: Ring): boolean => ring.state === "ringing" || ring.state === "exhausted";

/** The persons whose devices ring now. */
export const ringing = (ring: Ring): string[] =>
  isOn(ring) ? ring.people.filter((one) => one.declined_at === "").map((one) => one.person) : [];

function ended(ring: Ring, state: string, by: By): Ring {
  if (!isOn(ring)) return ring;
  return { ...ring, state, alert_at: "", ends_at: "", ended_at: by.at, ended_by: by.person, ended_name: by.name };
}

const refused = (ring: Ring, person: string, at: string, reason: string): Ring => ({
  ...ring,
  people: ring.people.map((one) => (one.person === person ? { ...one, declined_at: at, reason } : one)),
});

function entered(ring: Ring, body: Body, state: string): Ring {
  if (!isOn(ring)) return ring;
  return {
    ...ring,
    state,
    step: body.step,
    people: [...ring.people, ...(body.people ?? [])],
    skipped: body.skipped,
    alert_at: body.alert_at,
    ends_at: body.ends_at ?? "",
    phone: body.phone || ring.phone,
    alerts: 0,
  };
}

const change = (room: RoomState, ring: number, how: (one: Ring) => Ring): Partial<RoomState> => ({
  rings: room.rings.map((one) => (one.ring === ring ? how(one) : one)),
});

function started(room: RoomState, by: By, body: Body): Partial<RoomState> {
  const ring = {
    ...body,
    ring: by.seq,
    started_at: by.at,
    started_by: by.person,
    state: "ringing",
    alerts: 0,
    ended_at: "",
    ended_by: "",
    ended_name: "",
  } as unknown as Ring;
  const before = room.rings.map((one) =>
    body.purpose === "case" && one.purpose === "case" ? ended(one, "stopped", by) : one,
  );
  const over = before.filter((one) => !isOn(one)).map((one) => one.ring);
  const gone = new Set(over.slice(0, Math.max(0, over.length - KEPT_RINGS + 1)));
  return { rings: [...before.filter((one) => !gone.has(one.ring)), ring] };
}

const declined: Fold = (room, by, body) => change(room, body.ring, (one) => refused(one, by.person, by.at, body.reason));

export const RING_FOLDS: Record<string, Fold> = {
  "case.declined": declined,
  "ring.started": started,
  "ring.escalated": (room, _, body) => change(room, body.ring, (one) => entered(one, body, "ringing")),
  "ring.exhausted": (room, _, body) => change(room, body.ring, (one) => entered(one, body, "exhausted")),
  "ring.alerted": (room, _, { ring, n, people, alert_at }) =>
    change(room, ring, (one) => (isOn(one) ? { ...one, people: [...one.people, ...people], alerts: n, alert_at } : one)),
  "ring.declined": declined,
  "ring.answered": (room, by, body) => change(room, body.ring, (one) => ended(one, "answered", by)),
  "ring.stopped": (room, by, body) => change(room, body.ring, (one) => ended(one, "stopped", by)),
};

/** The rings of `room`, whose owner and stage are up to date: those that lost their cause are over. */
export function settled(room: RoomState, evt: Evt, body: Body, open: boolean): Ring[] {
  const { kind, from } = evt;
  const by: By = { seq: evt.seq, at: evt.at, person: from.person, name: from.name, role: from.role };
  const out = kind === "member.removed" ? (body.person as string) : "";
  const rings = room.rings.map((one) => (out !== "" && ringing(one).includes(out) ? refused(one, out, by.at, "") : one));
  const heard = new Set(room.criticals.filter((one) => one.receipt || one.closed).map((one) => one.raised.seq));
  const answers = (one: Ring): boolean =>
    one.purpose === "case" ? kind === "case.claimed" : kind === "critical.acknowledged" && body.critical === one.critical;
  const taken = room.owner !== null || !UNCLAIMED.includes(room.stage);
  return rings.map((one) => {
    // what was seen has to be heard even of an exam that was broken off
    if ((open || one.critical !== 0) && !(taken && one.purpose === "case") && !heard.has(one.critical)) return one;
    return ended(one, answers(one) ? "answered" : "stopped", by);
  });
}
