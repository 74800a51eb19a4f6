/** The core of the client, as the views see it: interfaces only. */
import type { ReadonlySignal } from "@preact/signals";
import type { Timeline } from "./timeline";
import type {
  Act,
  ActOptions,
  Asked,
  CommandBodies,
  CommandKind,
  Config,
  ImageRefBody,
  Link,
  Outcome,
  PersonFound,
  PersonMark,
  Present,
  Receipt,
  Refusal,
  Role,
  RoomState,
  Route,
  Row,
  Series,
  Session,
  Unsent,
} from "./types";

export interface RoomView {
  readonly id: string;
  /** `loading`; `live`; `stale`: shown from what is kept here, the link is gone; `refused`. */
  readonly status: ReadonlySignal<"loading" | "live" | "stale" | "refused">;
  readonly refusal: ReadonlySignal<Refusal | null>;
  readonly state: ReadonlySignal<RoomState | null>;
  readonly timeline: ReadonlySignal<Timeline>;
  /** Read an older page of the timeline; nothing happens when all is loaded. */
  loadOlder(): Promise<void>;
  /** Read until `seq` is in the window (jump to). */
  loadTo(seq: number): Promise<void>;
  /** First seq that I had not seen when I came to look: the unread divider; 0 = none. */
  readonly unreadFrom: ReadonlySignal<number>;
  /** I come to look (again): the divider goes to where I left off. */
  resume(): void;
  readonly receipts: ReadonlySignal<Receipt[]>;
  /** stored → delivered → seen → acknowledged of an event, one mark for each other member. */
  marks(seq: number): PersonMark[];
  /** Whether the message of `seq` was taken back. */
  retracted(seq: number): boolean;
  readonly presence: ReadonlySignal<Present[]>;
  /** Person ids who are typing now. */
  readonly typing: ReadonlySignal<string[]>;
  /** Latest ephemeral body by person, for one key ("pointer", "viewport"). */
  ephemeral(key: string): ReadonlySignal<Record<string, unknown>>;
  sendEphemeral(key: string, body: unknown): void;
  /** Say that I am typing (throttled here). */
  iAmTyping(): void;
  /** This room's commands that are not stored yet, or were refused for good. */
  readonly pending: ReadonlySignal<Unsent[]>;
  /** My acts that are possible now, by table × stage × role; the waited one first. */
  readonly acts: ReadonlySignal<readonly Act[]>;
  may(kind: CommandKind): boolean;
  /** Give a command. Resolves on the answer, or `kept` after 4 s without one. */
  act<K extends CommandKind>(kind: K, body: CommandBodies[K], options?: ActOptions): Promise<Outcome>;
  /** The reader has this much on a visible screen. */
  seen(upto: number): void;
  /** The picture of a reference, as the server renders it; patient-free in every part. */
  imageUrl(ref: ImageRefBody, size?: { width: number; height: number }): string;
  studies(): Promise<Record<string, unknown>[]>;
  series(study: string): Promise<Series[]>;
  close(): void;
}

export interface Worklist {
  rows: Row[];
  /** Rows of the last read; `false` before the first one. */
  loaded: boolean;
  refusal: Refusal | null;
}

export interface Template {
  [field: string]: unknown;
}

export interface Alarm {
  /** Armed by a gesture at the start of a shift. */
  readonly armed: ReadonlySignal<boolean>;
  /** Something rings now: the room it rings for, "" for none. */
  readonly ringing: ReadonlySignal<string>;
  /** Call from a click: unlocks sound and plays the test tone. False where sound is refused. */
  arm(): Promise<boolean>;
  disarm(): void;
  silence(): void;
}

export interface Core {
  start(): Promise<void>;
  stop(): void;
  /** undefined while being looked up, null where nobody is logged in. */
  readonly session: ReadonlySignal<Session | null | undefined>;
  readonly config: ReadonlySignal<Config | null>;
  readonly link: ReadonlySignal<Link>;
  readonly route: ReadonlySignal<Route>;
  go(route: Route): void;
  href(route: Route): string;
  /** `part`: which of my roles this session acts in; the first where it is not said. */
  login(login: string, password: string, part?: { role: Role; site: string }): Promise<Refusal | null>;
  /** False where something is unsent and it was not said what becomes of it: ask, then say it. */
  logout(unsent?: "keep" | "delete"): Promise<boolean>;
  /** Server time in ms, ticking once a second: every clock of the screen reads this. */
  readonly now: ReadonlySignal<number>;
  readonly worklist: ReadonlySignal<Worklist>;
  refreshWorklist(): Promise<void>;
  /** Try the link again now (a button of the link line). */
  reconnect(): void;
  /** The rows where something waits for me: the next move, or what I am asked by name. */
  readonly mine: ReadonlySignal<Row[]>;
  /** What I am asked by name in this room, and have not answered. */
  askedOfMe(row: Row): Asked | undefined;
  /** Open (join) a room, or the one already open. */
  room(id: string): RoomView;
  readonly open: ReadonlySignal<RoomView[]>;
  /** An act in a room that need not be open here: the answer to a ring. */
  give(room: string, kind: CommandKind, body: object): Promise<Outcome>;
  /** Open a room with a request: kept in the outbox like any command. */
  submitRequest(body: CommandBodies["request.submit"]): Promise<Outcome>;
  readonly unsent: ReadonlySignal<Unsent[]>;
  /** Send a refused one again (a new try with a new cid), or forget it. */
  resend(cid: string): Promise<void>;
  forget(cid: string): Promise<void>;
  people(query: string, role?: Role): Promise<PersonFound[]>;
  templates(modality: string, site: string): Promise<Template[]>;
  onCall(): Promise<Record<string, unknown>>;
  readonly alarm: Alarm;
  /** Last words of a text box, kept over a reload: `draft("room:…:message")`. */
  draft(key: string): string;
  keepDraft(key: string, text: string): void;
}
