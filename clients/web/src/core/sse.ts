/**
 * The way round a proxy that breaks WebSocket: events by Server-Sent Events, acts by POST.
 *
 * It speaks the socket's frames to whoever uses it; what SSE cannot carry (receipts, pointers) is
 * dropped. The cursor is the same, so going over to it and back loses and repeats nothing.
 */
import { api } from "./api";
import { delay } from "./backoff";
import type { Carrier } from "./link";
import { Refused, UNREACHABLE } from "./refusal";
import type { Refusal, Session } from "./types";
import { read, type ClientFrame, type ServerFrame } from "./wire";

/** What is used of an EventSource. */
export interface Source {
  onmessage: ((event: any) => void) | null;
  onerror: ((event: any) => void) | null;
  close(): void;
}

export interface StreamOptions {
  source(url: string): Source;
  device: string;
  random?: () => number;
}

export interface StreamEvents {
  up(session: Session): void;
  /** Still up, and this is whom the cookie names now. */
  met(session: Session): void;
  down(): void;
  frame(frame: ServerFrame): void;
  reauth(slug: string): void;
}

const DOOR_MS = 10_000;
/** The least to wait where the hub itself says: not now. */
const NOT_NOW_MS = 1_000;
/** What the socket is told by a 410 or a 416, found here by comparing; never shown. */
const RESTORED: Refusal = { ...UNREACHABLE, code: 410, slug: "unknown_epoch", retry: false };
const AHEAD: Refusal = { ...UNREACHABLE, code: 416, slug: "ahead_of_server", retry: false };

export class Stream implements Carrier {
  private readonly sources = new Map<string, Source>();
  private reachable = false;
  private running = false;
  private tries = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly options: StreamOptions,
    private readonly on: StreamEvents,
  ) {}

  get open(): boolean {
    return this.reachable;
  }

  start(): void {
    this.running = true;
    void this.knock();
  }

  stop(): void {
    this.running = false;
    clearTimeout(this.timer);
    this.lost();
  }

  kick(): void {
    if (this.running) void this.knock();
  }

  probe(): void {
    this.kick();
  }

  renew(): void {
    this.broken();
  }

  send(frame: ClientFrame): boolean {
    if (!this.reachable) return false;
    if (frame.t === "join") void this.join(frame);
    else if (frame.t === "pub") void this.publish(frame);
    else if (frame.t === "leave") this.close(frame.room);
    return true;
  }

  /** Is the hub there, and are we still let in? */
  private async knock(): Promise<void> {
    clearTimeout(this.timer);
    try {
      const session = await api.session();
      this.tries = 0;
      if (this.running && !this.reachable) {
        this.reachable = true;
        this.on.up(session);
      } else if (this.running) {
        this.on.met(session);
        this.on.frame({ t: "hb", n: 0, server_time: "", heads: {} });
      }
    } catch (problem) {
      if (problem instanceof Refused && problem.refusal.code === 401) {
        this.stop();
        this.on.reauth(problem.refusal.slug);
        return;
      }
      this.lost();
    }
    if (!this.running) return;
    const wait = this.reachable ? DOOR_MS : Math.max(250, delay(++this.tries, this.options.random ?? Math.random));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.knock(), wait);
  }

  private lost(): void {
    for (const room of [...this.sources.keys()]) this.close(room);
    if (!this.reachable) return;
    this.reachable = false;
    this.on.down();
  }

  private close(room: string): void {
    this.sources.get(room)?.close();
    this.sources.delete(room);
  }

  /** The state, with the epoch that its header names; then the stream from there, or from `after`. */
  private async join(frame: ClientFrame & { t: "join" }): Promise<void> {
    const { room, re, after } = frame;
    try {
      const path = `/api/v1/rooms/${encodeURIComponent(room)}/stream`;
      const { state, epoch } = await api.state(room);
      if (!this.reachable) return;
      if (frame.epoch !== undefined && epoch !== "" && frame.epoch !== epoch) throw new Refused(RESTORED);
      if (after !== undefined && after > state.seq) throw new Refused(AHEAD);
      this.on.frame({ t: "joined", re, room, epoch, head: state.seq, state });
      this.close(room);
      const source = this.options.source(`${path}?after=${after ?? state.seq}`);
      this.sources.set(room, source);
      source.onmessage = (event: MessageEvent) => this.heard(read(event.data));
      source.onerror = () => this.sources.get(room) === source && this.broken();
    } catch (problem) {
      this.answer(re, problem);
    }
  }

  private heard(frame: ServerFrame | null): void {
    if (frame === null) return;
    if (frame.t !== "bye") this.on.frame(frame);
    else this.broken(frame.reconnect === "backoff" ? frame.after_ms || NOT_NOW_MS : frame.after_ms);
  }

  /** Joined again from the cursors as soon as the door answers. */
  private broken(after = 0): void {
    this.lost();
    if (!this.running) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.knock(), after || delay(1, this.options.random ?? Math.random));
  }

  private async publish(frame: ClientFrame & { t: "pub" }): Promise<void> {
    const { t: _, room, ...pub } = frame;
    try {
      const { seq, dup } = await api.publish(room, { ...pub, device: this.options.device });
      this.on.frame({ t: "ok", re: frame.cid, seq, dup: dup ?? false });
    } catch (problem) {
      this.answer(frame.cid, problem);
    }
  }

  private answer(re: string, problem: unknown): void {
    const refusal: Refusal = problem instanceof Refused ? problem.refusal : UNREACHABLE;
    if (refusal.code === 0) {
      this.lost(); // nobody can say whether it is stored: the retry will
      return;
    }
    this.on.frame({ t: "err", re, detail: `${refusal.fr} / ${refusal.en}`, ...refusal });
  }
}
