/**
 * The fold: a room's state and its next event give the state after it, as the server does it
 * (hub/room/evolve.py, hub/room/folds.py). The same transcripts are folded by both in the tests.
 */
import { EVENT_CLASS, type By, type Member } from "../generated/wire";
import { breached, moved, nextMove, paused, predicted, resumed, urgencyChanged } from "./clocks";
import { LOOPS, LOOPS_PASSING } from "./loops";
import { READING } from "./reading";
import { bare, restore, whole } from "./restore";
import { PASSING, RING_FOLDS, settled } from "./rings";
import { tables, type Moves } from "./tables";
import type { Evt, RoomState, Stage } from "./types";

type Body = Record<string, any>;
type Fold = (room: RoomState, by: By, body: Body) => Partial<RoomState>;

const KEPT_IMAGES = 32;
const KEPT_QUESTIONS = 32;
const KEPT_QUERIES = 32;
const KEPT_RETRACTED = 64;
const SYSTEM = "system";

const COMMANDS = Object.values(tables.commands);
const MOVES: Record<string, Moves> = Object.fromEntries(COMMANDS.map((row) => [row.event, row.moves]));
const CONFLICTING = new Set<string>(COMMANDS.flatMap((row) => row.conflicts));
const HOW: Record<string, string> = { "request.submitted": "requested", "case.claimed": "claimed", "ring.answered": "rung" };

const OFFER = "case.claim";

type Askings = RoomState["asked"];

function without(asked: Askings, who: (person: string, one: Askings[string]) => boolean): Askings {
  return Object.fromEntries(Object.entries(asked).filter(([person, one]) => !who(person, one)));
}

const unoffered = (room: RoomState): Askings => without(room.asked, (_, one) => one.act === OFFER);

/** The room that nobody has opened yet. */
export function empty(id: string): RoomState {
  return restore("Room", { id }) as unknown as RoomState;
}

/** Without the oldest that are answered; an open one never goes. */
function newest<T extends { answered: By | null }>(asked: T[], most: number): T[] {
  const spare = Math.max(0, asked.length - most);
  const done = new Set(asked.filter((one) => one.answered !== null).slice(0, spare));
  return asked.filter((one) => !done.has(one));
}

const FOLDS: Record<string, Fold> = {
  "request.submitted": (_, by, body) => ({
    request: bare("Request", body),
    request_version: 1,
    requested: by,
    unknown: body.unknown,
    site: body.site,
  }),
  "request.amended": (room, _, body) => ({
    request: bare("Request", body),
    request_version: room.request_version + 1,
    unknown: body.unknown,
    ...(body.recheck ? { checklist: null } : {}),
    ...(room.protocol === null ? {} : { protocol: { ...room.protocol, alerts: body.alerts } }),
  }),
  "information.asked": (room, by, body) => {
    const question = { asked: by, question: body.question, answer: "", answered: null };
    return { questions: newest([...room.questions, question], KEPT_QUESTIONS) };
  },
  "information.answered": (room, by, body) => ({
    questions: room.questions.map((one) =>
      one.asked.seq !== body.question_seq || one.answered !== null ? one : { ...one, answer: body.answer, answered: by },
    ),
  }),
  "case.claimed": (room, by) => ({ owner: by, offered_to: "", asked: unoffered(room) }),
  "case.released": (room) => ({ owner: null, offered_to: "", justification: null, asked: unoffered(room) }),
  "case.reassigned": (room, by, { to, reason }) => ({
    offered_to: to,
    asked: { ...unoffered(room), [to]: { asked: by, act: OFFER, text: reason } },
  }),
  "justification.decided": (_, by, body) => ({ justification: { decided: by, ...body } as RoomState["justification"] }),
  "protocol.issued": (_, by, body) => ({
    protocol: {
      issued: by,
      content_hash: body.content_hash,
      protocol: bare("Protocol", body),
      alerts: body.alerts,
      changed: [],
      reason: "",
    },
  }),
  "protocol.amended": (room, by, body) => ({
    protocol: {
      issued: by,
      content_hash: body.content_hash,
      protocol: bare("Protocol", body),
      alerts: body.alerts,
      changed: body.changed,
      reason: body.reason,
    },
    protocol_before: room.protocol,
    queries: [],
    acknowledgement: null,
    checklist: null,
  }),
  "protocol.queried": (room, by, { reason, field, proposed }) => {
    const version = room.protocol?.protocol.version ?? 0;
    const query = { asked: by, version, reason, field, proposed, answer: "", accepted: null, answered: null };
    return { queries: newest([...room.queries, query], KEPT_QUERIES) };
  },
  "protocol.answered": (room, by, body) => ({
    queries: room.queries.map((one) =>
      one.asked.seq !== body.query_seq || one.answered !== null
        ? one
        : { ...one, answer: body.answer, accepted: body.accepted, answered: by },
    ),
  }),
  "protocol.acknowledged": (_, by, body) => ({
    acknowledgement: { given: by, ...body } as RoomState["acknowledgement"],
  }),
  "checklist.completed": (_, by, body) => ({ checklist: { completed: by, answers: body } as RoomState["checklist"] }),
  "acquisition.started": (_, by, body) => ({
    acquisition: { ...NO_ACQUISITION, started: by, scanner: body.scanner },
    arrival: null,
    released: null,
  }),
  "acquisition.ended": (room, by, body) => ({
    acquisition: {
      ...NO_ACQUISITION,
      started: room.acquisition?.started ?? null,
      scanner: room.acquisition?.scanner ?? "",
      ended: by,
      outcome: body as NonNullable<RoomState["acquisition"]>["outcome"],
    },
  }),
  "acquisition.aborted": (room, by, body) => ({
    acquisition: {
      ...NO_ACQUISITION,
      started: room.acquisition?.started ?? null,
      scanner: room.acquisition?.scanner ?? "",
      aborted: by,
      abort_reason: body.reason,
    },
    acknowledgement: null,
    checklist: null,
  }),
  "image.shared": (room, by, body) => ({
    images: [...room.images, { shared: by, image: bare<RoomState["images"][number]["image"]>("ImageRef", body) }].slice(
      -KEPT_IMAGES,
    ),
    images_shared: room.images_shared + 1,
  }),
  "message.posted": (room) => ({ messages: room.messages + 1 }),
  "message.retracted": (room, _, body) => ({ retracted: [...room.retracted, body.seq].slice(-KEPT_RETRACTED) }),
  "member.invited": (room, by, { person, name, role, site, question }) => {
    const removed = room.removed.filter((one) => one !== person);
    const offered = room.asked[person]?.act === OFFER;
    const asked = offered ? room.asked : { ...room.asked, [person]: { asked: by, act: "member.invite", text: question } };
    if (person in room.members) return { removed, asked };
    const member: Member = { name, role, site, how: "invited", since: by.at };
    return { removed, asked, members: { ...room.members, [person]: member } };
  },
  "member.removed": (room, _, { person }) => {
    const members = { ...room.members };
    delete members[person];
    const removed = room.removed.includes(person) ? room.removed : [...room.removed, person];
    return {
      members,
      removed,
      asked: without(room.asked, (who) => who === person),
      offered_to: room.offered_to === person ? "" : room.offered_to,
      handovers: room.handovers.filter((one) => one.to !== person),
      attending: room.attending?.person === person ? null : room.attending,
    };
  },
  "incident.opened": (room, by, { category, text, since }) => ({
    incidents: [...room.incidents, { opened: by, category, text, since }],
  }),
  "incident.closed": (room, _, body) => {
    const incidents = room.incidents.filter((one) => one.opened.seq !== body.incident_seq);
    return { incidents, incidents_closed: room.incidents_closed + room.incidents.length - incidents.length };
  },
  "room.closed": (room, by, body) =>
    room.stage === "closed"
      ? {}
      : { closed: { closed: by, from_stage: room.stage, reason: body.reason }, handovers: [], asked: {} },
  "room.reopened": () => ({ closed: null }),
  ...READING,
  ...LOOPS,
  ...RING_FOLDS,
};

const NO_ACQUISITION = {
  started: null,
  scanner: "",
  ended: null,
  outcome: null,
  aborted: null,
  abort_reason: "",
};

/** Kinds that touch neither stage nor clocks nor the next move, and come by the thousand. */
const STILL = new Set(["message.posted", "withheld"]);

/** `room` after `evt`. `room` itself is not touched; a kind that is newer than this client counts. */
export function evolve(room: RoomState, evt: Evt): RoomState {
  const { kind, from } = evt;
  const body = whole(kind, evt.body);
  const by: By = { seq: evt.seq, at: evt.at, person: from.person, name: from.name, role: from.role };
  const after: RoomState = { ...room, seq: evt.seq, at: evt.at, ...FOLDS[kind]?.(room, by, body) };
  if (!(kind in EVENT_CLASS)) return after;
  const known = by.person in after.members || after.removed.includes(by.person) || by.person === SYSTEM;
  if (!known && kind !== "withheld" && !PASSING.has(kind) && !LOOPS_PASSING.includes(kind)) {
    const member: Member = { name: by.name, role: by.role, site: from.site, how: HOW[kind] ?? "acted", since: evt.at };
    after.members = { ...after.members, [by.person]: member };
  }
  if (kind !== "withheld" && by.person in after.asked) after.asked = without(after.asked, (who) => who === by.person);
  if (CONFLICTING.has(kind)) after.last = { ...room.last, [kind]: evt.seq };
  return STILL.has(kind) ? after : onward(room, after, evt, body);
}

/** What was chosen where the table leaves a choice. */
function answer(before: RoomState, after: RoomState, kind: string, body: Body): string {
  switch (kind) {
    case "justification.decided":
      return body.decision;
    case "acquisition.aborted":
      return body.back_to;
    case "information.answered":
      if (after.questions.some((question) => question.answered === null)) return "more";
      return after.owner !== null ? "claimed" : "unclaimed";
    case "request.amended":
      return body.recheck && before.stage === "ready" ? "recheck" : "";
    case "room.reopened":
      return before.closed?.from_stage ?? "";
    default:
      return "";
  }
}

/** Stage, clocks and next move brought up to date. */
function onward(before: RoomState, after: RoomState, evt: Evt, body: Body): RoomState {
  const { kind, at } = evt;
  let stage: Stage = before.stage;
  if (kind === "request.submitted") stage = tables.opening;
  else stage = MOVES[kind]?.[before.stage]?.[answer(before, after, kind, body)] ?? before.stage;
  const restart = tables.restarts[kind] ?? "";
  const urgency = after.request?.urgency ?? "";
  if (stage !== before.stage || restart !== "" || before.stage_since === "") {
    after.stage = stage;
    after.stage_since = at;
    after.clocks = moved(before.clocks, stage, at, urgency, restart);
    after.pause = null;
  }
  after.clocks = told(before, after.clocks, evt, body, urgency);
  if (after.rings.length > 0) after.rings = settled(after, evt, body, tables.stages[after.stage].main_line);
  after.next_move = nextMove(after);
  return after;
}

/** The clocks after what the event itself says of them. */
function told(before: RoomState, clocks: RoomState["clocks"], evt: Evt, body: Body, urgency: string): RoomState["clocks"] {
  switch (evt.kind) {
    case "deadline.passed":
      return breached(clocks, body.clock, body.limit_at);
    case "deadline.predicted":
      return predicted(clocks, body.clock, body.limit_at);
    case "clock.paused":
      return paused(clocks, body.clocks, evt.at);
    case "clock.resumed":
      return resumed(clocks, before.pause?.clocks ?? [], evt.at, urgency);
    case "request.amended":
      return before.request !== null && before.request.urgency !== urgency ? urgencyChanged(clocks, urgency) : clocks;
    default:
      return clocks;
  }
}
