/** The frames of the socket (wire.md section 3), as this client writes and reads them. */
import type { CommandKind, Evt, Json, Person, Present, RoomState, Row } from "./types";

export const SUBPROTOCOL = "v1.examroom";

export type ClientFrame =
  | { t: "hello"; ticket: string; device: string; app: string; caps: string[]; instance?: string }
  | { t: "join"; re: string; room: string; epoch?: string; after?: number }
  | { t: "leave"; re: string; room: string }
  | { t: "pub"; cid: string; room: string; kind: CommandKind; body: Json; after?: number }
  | { t: "got" | "seen"; room: string; upto: number }
  | { t: "eph"; room: string; key: string; body: unknown }
  | { t: "refresh"; re: string; ticket: string }
  | { t: "ping"; n: number }
  | { t: "watch"; re: string };

export interface Welcome {
  t: "welcome";
  conn: string;
  person: Person;
  heartbeat_ms: number;
  limits: Record<string, unknown>;
  caps: string[];
  server_time: string;
  epoch?: string;
}

export interface Joined {
  t: "joined";
  re: string;
  room: string;
  epoch: string;
  head: number;
  state: RoomState;
}

export type EvtFrame = Evt & { t: "evt" };

export interface Ok {
  t: "ok";
  re: string;
  seq?: number;
  dup?: boolean;
  room?: string;
}

export interface Err {
  t: "err";
  re?: string;
  /** Where it is about a room rather than an answer: one is put out of it. */
  room?: string;
  code: number;
  slug: string;
  detail: string;
  fr?: string;
  en?: string;
  retry: boolean;
  retry_after_ms?: number;
  seq?: number;
}

export interface Pres {
  t: "pres";
  room: string;
  people?: Present[];
  joined?: Present[];
  left?: (Present | string)[];
  changed?: Present[];
}

export interface Bye {
  t: "bye";
  code: number;
  slug: string;
  reconnect: "now" | "backoff" | "reauth" | "never";
  after_ms: number;
  resume: boolean;
}

export type ServerFrame =
  | Welcome
  | Joined
  | { t: "page"; room: string; events: EvtFrame[]; more: boolean }
  | EvtFrame
  | Ok
  | Err
  | { t: "rcpt"; room: string; person: string; device: string; got: number; seen: number }
  | { t: "eph"; room: string; key: string; body: unknown; from: { person: string } }
  | { t: "sig" }
  | Pres
  | { t: "hb"; n: number; server_time: string; heads: Record<string, number> }
  | { t: "pong"; n: number }
  | { t: "note"; slug: "lagging" | "degraded" | "draining" | "recovered"; room?: string }
  | { t: "row"; room: string; summary: Row }
  | Bye;

/** A frame of the server, or null where it is none (it is skipped: W-4 holds both ways). */
export function read(text: unknown): ServerFrame | null {
  if (typeof text !== "string") return null;
  try {
    const held: unknown = JSON.parse(text);
    const ok = typeof held === "object" && held !== null && typeof (held as { t?: unknown }).t === "string";
    return ok ? (held as ServerFrame) : null;
  } catch {
    return null;
  }
}
