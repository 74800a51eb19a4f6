/**
 * The part of the fold for critical results, second opinions, reviews and handovers: the twin of
 * hub/room/loop_folds.py.
 */
import type { Attempt, By, Critical, Handover, Opinion, Receipt, Review } from "../generated/wire";
import type { RoomState } from "./types";

type Body = Record<string, any>;
type Fold = (room: RoomState, by: By, body: Body) => Partial<RoomState>;

const KEPT = 32;
const KEPT_ATTEMPTS = 16;
const OVER: readonly string[] = ["concluded", "declined", "withdrawn"];

/** Kinds that do not make their author one of the people of the room. */
export const LOOPS_PASSING: readonly string[] = ["handover.declined", "review.recorded"];

/** Whether it still waits for a receipt. */
export const isOpen = (one: Critical): boolean => one.receipt === null && one.closed === null;

/** Category 1 results that nobody is known to have received. */
export const unproven = (room: RoomState): Critical[] =>
  room.criticals.filter((one) => one.category === 1 && one.receipt === null);

/** Opinions that still wait for somebody. */
export const unfinished = (room: RoomState): Opinion[] => room.opinions.filter((one) => !OVER.includes(one.state));

function kept<T>(held: T[], over: (one: T) => boolean): T[] {
  const gone = new Set(held.filter(over).slice(0, Math.max(0, held.length - KEPT)));
  return held.filter((one) => !gone.has(one));
}

const critical = (room: RoomState, seq: number, how: (one: Critical) => Partial<Critical>): Partial<RoomState> => ({
  criticals: room.criticals.map((one) => (one.raised.seq === seq ? { ...one, ...how(one) } : one)),
});

const opinion = (room: RoomState, seq: number, how: (one: Opinion) => Partial<Opinion>): Partial<RoomState> => ({
  opinions: room.opinions.map((one) => (one.asked.seq === seq ? { ...one, ...how(one) } : one)),
});

const raised: Fold = (room, by, body) => {
  const { category, finding, code, words, images, identified_at, limit_at, next_at, to, name } = body;
  const one: Critical = {
    raised: by, category, finding, code, words, images, identified_at, limit_at, holder: by.person, to, to_name: name,
    next_at, step: 0, exhausted: 0, phone: "", overdue: false, attempts: [], attempted: 0, receipt: null, closed: null,
    close_reason: "",
  };
  return { criticals: kept([...room.criticals, one], (held) => held.next_at === "") };
};

const asked: Fold = (room, by, { question, to, name, specialty, images }) => {
  const one: Opinion = {
    asked: by, question, holder: by.person, state: "asked", to, to_name: name, specialty, images, adviser: null,
    declined: null, decline_reason: "", answered: null, text: "", answer_images: [], concluded: null, concordance: "",
    remark: "",
  };
  return { opinions: kept([...room.opinions, one], (held) => OVER.includes(held.state)) };
};

/** The offer is gone, and with it the exam's own, where it stood in it. */
const over: Fold = (room, _, body) => {
  const held = room.handovers.find((one) => one.offered.seq === body.handover);
  const same = held !== undefined && room.offered_to === held.to && held.offered.person === room.owner?.person;
  return {
    handovers: room.handovers.filter((one) => one.offered.seq !== body.handover),
    offered_to: same ? "" : room.offered_to,
  };
};

const handedOver: Fold = (room, by, { handover, from_person: giver }) => {
  const physician = room.attending ?? room.requested;
  return {
    handovers: room.handovers.filter((one) => one.offered.seq !== handover),
    attending: physician?.person === giver ? by : room.attending,
    criticals: room.criticals.map((one) => {
      if (!isOpen(one)) return one;
      const holder = one.holder === giver ? by.person : one.holder;
      return one.to === giver ? { ...one, holder, to: by.person, to_name: by.name } : { ...one, holder };
    }),
    opinions: room.opinions.map((one) => {
      if (OVER.includes(one.state)) return one;
      const holder = one.holder === giver ? by.person : one.holder;
      const advised = one.state === "accepted" && one.adviser?.person === giver;
      return { ...one, holder, adviser: advised ? by : one.adviser };
    }),
  };
};

export const LOOPS: Record<string, Fold> = {
  "critical.raised": raised,
  "critical.attempted": (room, by, { critical: seq, method, outcome, at, name, role, number, note }) => {
    const attempt: Attempt = { tried: by, method, outcome, at, name, role, number, note };
    return critical(room, seq, (one) => ({
      attempts: [...one.attempts, attempt].slice(-KEPT_ATTEMPTS),
      attempted: one.attempted + 1,
    }));
  },
  "critical.escalated": (room, _, body) =>
    critical(room, body.critical, () => ({ step: body.step, next_at: body.next_at })),
  "critical.exhausted": (room, _, body) =>
    critical(room, body.critical, () => ({ exhausted: body.n, next_at: body.next_at, phone: body.phone })),
  "critical.overdue": (room, _, body) => critical(room, body.critical, () => ({ overdue: true })),
  "critical.acknowledged": (room, by, { critical: seq, ...told }) =>
    critical(room, seq, () => ({ receipt: { recorded: by, ...told } as Receipt, next_at: "" })),
  "critical.closed": (room, by, body) =>
    critical(room, body.critical, () => ({ closed: by, close_reason: body.reason, next_at: "" })),
  "opinion.asked": asked,
  "opinion.accepted": (room, by, body) => opinion(room, body.opinion, () => ({ state: "accepted", adviser: by })),
  "opinion.declined": (room, by, body) =>
    opinion(room, body.opinion, (one) => ({
      state: one.to === "" ? "asked" : "declined",
      adviser: null,
      declined: by,
      decline_reason: body.reason,
    })),
  "opinion.answered": (room, by, body) =>
    opinion(room, body.opinion, (one) => ({
      state: "answered",
      adviser: one.adviser ?? by,
      answered: by,
      text: body.text,
      answer_images: body.images,
    })),
  "opinion.concluded": (room, by, { opinion: seq, concordance, remark }) =>
    opinion(room, seq, () => ({ state: "concluded", concluded: by, concordance, remark })),
  "opinion.withdrawn": (room, by, body) =>
    opinion(room, body.opinion, () => ({ state: "withdrawn", concluded: by, remark: body.reason })),
  "review.recorded": (room, by, { version, grade, impact, text }) => {
    const review: Review = { recorded: by, version, grade, impact, text };
    return { reviews: [...room.reviews, review].slice(-KEPT) };
  },
  "handover.offered": (room, by, { to, name, until, loops, note }) => {
    const offered: Handover = { offered: by, to, name, until, loops, note };
    return { handovers: [...room.handovers, offered] };
  },
  "handover.accepted": handedOver,
  "handover.declined": over,
  "handover.withdrawn": over,
  "handover.lapsed": over,
};
