/** A hub in memory, for one client at a time: it speaks wire.md and keeps what it was told. */
import { empty, evolve } from "../src/core/room";
import type { Wire } from "../src/core/socket";
import type { Evt, Role } from "../src/core/types";

const EVENT: Record<string, string> = { "message.post": "message.posted", "case.claim": "case.claimed" };

export const AT = "2026-11-21T23:40:00.000Z";

export interface Frame {
  t: string;
  [field: string]: any;
}

export class Peer {
  /** The journal by room. */
  readonly journal = new Map<string, Evt[]>();
  /** Frames received, of all sockets. */
  readonly heard: Frame[] = [];
  readonly sockets: PeerSocket[] = [];
  epoch = "e1";
  heartbeat = 10_000;
  /** Whom the hub takes the client for. */
  person = { id: "p-me", name: "TEST me", role: "radiologist", site: "s" };
  /** What to do with the next frames of a kind instead of answering. */
  readonly instead: { t: string; times: number; run(frame: Frame, socket: PeerSocket): void }[] = [];
  private readonly answered = new Map<string, number>();

  connect = (): Wire => {
    const socket = new PeerSocket(this);
    this.sockets.push(socket);
    return socket;
  };

  get socket(): PeerSocket {
    return this.sockets.at(-1)!;
  }

  of(t: string): Frame[] {
    return this.heard.filter((frame) => frame.t === t);
  }

  /** Store an event without telling anybody. */
  store(room: string, kind: string, body: object, person = "p-other", cid?: string): Evt {
    const events = this.journal.get(room) ?? [];
    this.journal.set(room, events);
    const seq = events.length + 1;
    const from = { person, name: `TEST ${person}`, role: "radiologist" as Role, site: "s", device: "d" };
    const evt: Evt = { room, seq, id: `id${seq}`, at: AT, from, kind, body: body as Evt["body"], ...(cid ? { cid } : {}) };
    events.push(evt);
    return evt;
  }

  /** Store and deliver. */
  say(room: string, kind: string, body: object, person = "p-other", cid?: string): Evt {
    const evt = this.store(room, kind, body, person, cid);
    this.socket.send_({ t: "evt", ...evt });
    return evt;
  }

  state(room: string, upto = Infinity) {
    const events = this.journal.get(room) ?? [];
    return events.filter((evt) => evt.seq <= upto).reduce(evolve, empty(room));
  }

  take(frame: Frame, socket: PeerSocket): void {
    this.heard.push(frame);
    const other = this.instead.find((one) => one.t === frame.t && one.times > 0);
    if (other !== undefined) {
      other.times--;
      other.run(frame, socket);
      return;
    }
    this.answer(frame, socket);
  }

  answer(frame: Frame, socket: PeerSocket): void {
    if (frame.t === "hello") {
      const { person, epoch, heartbeat: heartbeat_ms } = this;
      socket.send_({ t: "welcome", conn: "c", person, heartbeat_ms, limits: {}, caps: [], server_time: AT, epoch });
    } else if (frame.t === "join") this.join(frame, socket);
    else if (frame.t === "pub") this.publish(frame, socket);
    else if (frame.t === "ping") socket.send_({ t: "pong", n: frame.n });
    else if (frame.t === "leave" || frame.t === "watch") socket.send_({ t: "ok", re: frame.re });
  }

  private join(frame: Frame, socket: PeerSocket): void {
    const events = this.journal.get(frame.room) ?? [];
    const refuse = (code: number, slug: string): void =>
      socket.send_({ t: "err", re: frame.re, code, slug, detail: "non / no", retry: false });
    if (events.length === 0) return refuse(404, "no_room");
    if (frame.epoch !== undefined && frame.epoch !== this.epoch) return refuse(410, "unknown_epoch");
    if (frame.after > events.length) return refuse(416, "ahead_of_server");
    const state = this.state(frame.room);
    socket.send_({ t: "joined", re: frame.re, room: frame.room, epoch: this.epoch, head: events.length, state });
    if (frame.after === undefined) return;
    for (let at = frame.after; at < events.length; at += 500) {
      const page = events.slice(at, at + 500).map((evt) => ({ t: "evt", ...evt }));
      socket.send_({ t: "page", room: frame.room, events: page, more: at + 500 < events.length });
    }
  }

  private publish(frame: Frame, socket: PeerSocket): void {
    const before = this.answered.get(frame.cid);
    if (before !== undefined) {
      socket.send_({ t: "ok", re: frame.cid, seq: before, dup: true });
      return;
    }
    const evt = this.store(frame.room, EVENT[frame.kind] ?? frame.kind, frame.body, "p-me", frame.cid);
    this.answered.set(frame.cid, evt.seq);
    socket.send_({ t: "ok", re: frame.cid, seq: evt.seq });
    socket.send_({ t: "evt", ...evt });
  }
}

/** The client's end; what the peer sends arrives in order, a microtask later. */
export class PeerSocket implements Wire {
  readyState = 0;
  onopen: ((event: any) => void) | null = null;
  onmessage: ((event: any) => void) | null = null;
  onclose: ((event: any) => void) | null = null;
  onerror: ((event: any) => void) | null = null;
  /** Nothing arrives any more, and nobody says so. */
  dead = false;

  constructor(private readonly peer: Peer) {
    queueMicrotask(() => {
      if (this.readyState !== 0) return;
      this.readyState = 1;
      this.onopen?.({});
    });
  }

  send(text: string): void {
    if (!this.dead) queueMicrotask(() => this.peer.take(JSON.parse(text), this));
  }

  send_(frame: object): void {
    if (this.dead) return;
    queueMicrotask(() => this.readyState === 1 && this.onmessage?.({ data: JSON.stringify(frame) }));
  }

  /** The peer, or a proxy in between, ends it. */
  end(code: number): void {
    queueMicrotask(() => {
      if (this.readyState === 3) return;
      this.readyState = 3;
      this.onclose?.({ code });
    });
  }

  close(): void {
    this.readyState = 3;
  }
}
