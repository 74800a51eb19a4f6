/** What the views see of the hub: shapes only, no behaviour. */
import type {
  CommandBodies,
  CommandKind,
  EventBodies,
  EventKind,
  ImageRefBody,
  Role,
  Stage,
  Urgency,
} from "../generated/wire";

export type { CommandBodies, CommandKind, EventBodies, EventKind, ImageRefBody, Role, Stage, Urgency };
export type { Room as RoomState } from "../generated/wire";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A person as the server names them. */
export interface Person {
  id: string;
  name: string;
  role: Role;
  site: string;
}

/** A place with scanners: its name, its clock, and the number where somebody answers. */
export interface Site {
  name: string;
  timezone: string;
  phone: string;
}

/** In which part somebody speaks: what was given in one is never sent in another. */
export interface Part {
  person: string;
  role: Role;
  site: string;
}

export const samePart = (one: Part | null, other: Part | null): boolean =>
  one?.person === other?.person && one?.role === other?.role && one?.site === other?.site;

export interface Session {
  person: Person & { site_name: string; timezone?: string; lang?: string };
  roles: { role: Role; site: string; site_name?: string }[];
  /** Every site that a room may be of, by its id; older hubs name none. */
  sites?: Record<string, Site>;
  expires_at: string | number | null;
  /** Number to call when nothing can be transmitted. */
  phone: string;
  demo: boolean;
}

/** A colleague, as the search of people answers. */
export interface PersonFound {
  person: string;
  name: string;
  role: Role;
  site: string;
  site_name?: string;
}

export interface CastMember {
  person: string;
  name: string;
  role: Role;
  site_name: string;
  link: string;
}

export interface Config {
  version: string;
  demo: boolean;
  phone: string;
  /** In the demo only. */
  cast?: CastMember[];
}

/** Why not, in a sentence of each language. `slug` is the identity (wire.md section 5). */
export interface Refusal {
  code: number;
  slug: string;
  fr: string;
  en: string;
  retry: boolean;
  retry_after_ms?: number;
  /** The current seq where `slug` is `stale_after`. */
  seq?: number;
}

/** Who sent an event. `name` may be empty in events of older hubs. */
export interface From {
  person: string;
  name: string;
  role: Role;
  site: string;
  device: string;
}

/** An event of a room. Narrow by `kind`: `if (isKind(evt, "message.posted")) evt.body.text`. */
export interface Evt<K extends string = string> {
  room: string;
  seq: number;
  id: string;
  at: string;
  from: From;
  kind: K;
  body: K extends EventKind ? EventBodies[K] : Record<string, unknown>;
  cid?: string;
}

/** What one person is asked by name; outside of care without `by` and `text`. */
export interface Asked {
  person: string;
  act: "member.invite" | "case.claim";
  by?: string;
  since: string;
  text?: string;
}

/** The worklist's row: `hub.room.summary`. */
export interface Row {
  room: string;
  seq: number;
  site: string;
  stage: Stage;
  stage_since: string;
  urgency: Urgency;
  modality: string;
  region: string[];
  question: string;
  patient_label: string;
  identity: string;
  requested_at: string;
  limit_at: string;
  owner: { person: string; name: string } | null;
  requester: { person: string; name: string } | null;
  next_move: { act: CommandKind; roles: Role[]; person: string; since: string; until: string } | null;
  /** Not in rows of older hubs. */
  asked?: Asked[];
  alerts: number;
  incidents: number;
  is_open: boolean;
  /** Rings that are on; absent from hubs that ring nobody. A device rings while its person is in `people`. */
  rings?: RowRing[];
}

/** A ring that is on, as a row tells it: it rings `people`, and `phone` once a number is to be called. */
export interface RowRing {
  ring: number;
  purpose: string;
  state: string;
  step: number;
  alerts: number;
  since: string;
  people: string[];
  phone: string;
  until: string;
}

/** How far a person's device is: `got` stored on it, `seen` on a visible screen. Cumulative. */
export interface Receipt {
  person: string;
  device: string;
  got: number;
  seen: number;
}

/** A mark on one of my events, for one person: the best of that person's devices. */
export type Mark = "stored" | "delivered" | "seen" | "acknowledged" | "unreachable";

export interface PersonMark {
  person: string;
  name: string;
  role: Role;
  mark: Mark;
}

export interface Present {
  person: string;
  name: string;
  role: Role;
  site: string;
  state: "online" | "elsewhere" | "reading" | "busy" | "dnd" | "away" | "unreachable";
  since: string;
  devices: string[];
}

/** A command that this person gave and the hub has not stored, or has refused for good. */
export interface Unsent {
  cid: string;
  room: string;
  kind: CommandKind;
  body: Json;
  /** When it was given, on this device's clock, ms. */
  given: number;
  /** `queued` waits for the link, `sent` waits for the answer, `refused` will not be sent again. */
  state: "queued" | "sent" | "refused";
  tries: number;
  /** It would survive a reload: the write on this device has ended well. */
  kept: boolean;
  refusal?: Refusal;
}

export interface ActOptions {
  /** "I had seen up to this seq" (W-16). Default: the room's seq where a conflict matters. */
  after?: number | null;
}

/** What became of a command. Without an answer yet it stays in the outbox; `kept`: over a reload too. */
export type Outcome =
  | { ok: true; seq: number; room: string; dup: boolean }
  | { ok: false; refusal: Refusal }
  | { ok: false; kept: boolean; refusal?: undefined };

export interface Link {
  /**
   * `online`; `slow`: the link is there, but an answer or a heartbeat is late, or the hub says
   * degraded; `offline`: no link; `not_transmitted`: something I gave is not stored and the link
   * or the store is down: show the phone number and the list.
   */
  state: "connecting" | "online" | "slow" | "offline" | "not_transmitted";
  /** Commands waiting, those refused for good included. */
  unsent: Unsent[];
  phone: string;
  /** ms on this device's clock since when this state holds. */
  since: number;
  /** `sse` where a proxy breaks WebSocket. */
  transport: "ws" | "sse";
  /** True where this browser cannot keep the outbox over a reload (no IndexedDB). */
  volatile: boolean;
  /** Login is needed before anything goes on. */
  reauth: boolean;
}

/** An act of mine in this room: may I, now? */
export interface Act {
  kind: CommandKind;
  /** The stage it leads to, where it leads to another one. */
  to: Stage | null;
  /** The room waits for this act, and for somebody like me. */
  waited: boolean;
}

export interface Series {
  uid: string;
  modality: string;
  description: string;
  number: number | null;
  instances: { sop: string; n: number | null; frames: number }[];
}

export type Route =
  | { page: "worklist" }
  | { page: "login" }
  | { page: "new" }
  | { page: "board" }
  | { page: "account" }
  | { page: "room"; room: string }
  | { page: "unknown"; path: string };
