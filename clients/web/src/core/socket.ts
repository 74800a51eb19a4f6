/**
 * One WebSocket that comes back: ticket, hello, heartbeats, silence, farewells, backoff.
 *
 * It knows nothing of rooms. `up` is told with every welcome, `down` whenever a link that was up
 * is gone; what has to be said again after that is the business of whoever listens.
 */
import { byCode, delay, type Reconnect } from "./backoff";
import { Refused } from "./refusal";
import { uuidv7 } from "./uuidv7";
import { read, SUBPROTOCOL, type Bye, type ClientFrame, type ServerFrame, type Welcome } from "./wire";

/** What is used of a WebSocket. */
export interface Wire {
  readyState: number;
  send(text: string): void;
  close(code?: number): void;
  onopen: ((event: any) => void) | null;
  onmessage: ((event: any) => void) | null;
  onclose: ((event: any) => void) | null;
  onerror: ((event: any) => void) | null;
}

export interface SocketOptions {
  /** A fresh ticket; rejects with `Refused` (401: log in first) or anything else (no network). */
  ticket(): Promise<string>;
  connect(protocol: string): Wire;
  device: string;
  app: string;
  random?: () => number;
}

export interface SocketEvents {
  up(welcome: Welcome): void;
  down(): void;
  frame(frame: ServerFrame): void;
  /** Log in first; the socket waits for `start()`. */
  reauth(slug: string): void;
  /** The hub asked not to come back; the socket waits for `start()`. */
  stopped(slug: string): void;
  /** A try failed before its welcome: so many in a row although HTTP answered; 0: it did not. */
  failed(inARow: number): void;
  /** An answer is late (true), or came (false). */
  slow(late: boolean): void;
}

const CONNECT_MS = 8_000;
const PROBE_MS = 3_000;
const LATE_MS = 2_000;
const STABLE_MS = 5_000;
/** The least to wait where the hub itself says: not now. */
const NOT_NOW_MS = 1_000;
/** Silence that means the link is gone, in heartbeats (W-14: 25 s at 10 s). */
const SILENT_BEATS = 2.5;

type Timer = ReturnType<typeof setTimeout>;

export class Socket {
  /** The socket of this try. */
  private wire: Wire | null = null;
  /** Counts the tries, so that an answer to an older one is known as such. */
  private turn = 0;
  /**
   * This run of this page, in memory only: a reload, a second tab and a duplicated one each have
   * their own, so that the hub takes nothing but our own broken link for an older one (4009).
   */
  private readonly instance = uuidv7();
  /** Tries since a link that held. */
  private tries = 0;
  private failures = 0;
  private welcomed = false;
  private upSince = 0;
  private wanted = false;
  private bye: Bye | null = null;
  private heartbeat = 10_000;
  private pings = 0;
  private notBefore = 0;
  private waiting: Timer | undefined;
  private silence: Timer | undefined;
  private beat: Timer | undefined;
  private late: Timer | undefined;

  constructor(
    private readonly options: SocketOptions,
    private readonly on: SocketEvents,
  ) {}

  get open(): boolean {
    return this.welcomed;
  }

  start(): void {
    if (this.wanted) return;
    this.wanted = true;
    this.tries = 0;
    this.notBefore = 0;
    void this.dial();
  }

  stop(): void {
    this.wanted = false;
    clearTimeout(this.waiting);
    this.waiting = undefined;
    this.drop(1000);
  }

  /** False where there is no link: nothing was sent. */
  send(frame: ClientFrame): boolean {
    if (!this.welcomed || this.wire?.readyState !== 1) return false;
    this.wire.send(JSON.stringify(frame));
    return true;
  }

  /** The network came back, or somebody looks again: do not wait out the backoff. */
  kick(): void {
    if (!this.wanted) return;
    if (this.welcomed) this.probe();
    else if (this.waiting !== undefined && Date.now() >= this.notBefore) {
      clearTimeout(this.waiting);
      this.waiting = undefined;
      void this.dial();
    }
  }

  /** Ask for a sign of life now; without one the link is given up. */
  probe(): void {
    if (!this.send({ t: "ping", n: ++this.pings })) return;
    this.expect(PROBE_MS);
  }

  /** Something on this link is not answered: give it up for another one. */
  renew(): void {
    if (this.wire === null) return;
    this.wire.close();
    this.ended(this.turn, 1006); // a close event may take minutes on a dead link
  }

  private async dial(): Promise<void> {
    const turn = ++this.turn;
    let ticket: string;
    try {
      ticket = await this.options.ticket();
    } catch (problem) {
      if (turn === this.turn && this.wanted) this.refused(problem);
      return;
    }
    if (turn !== this.turn || !this.wanted) return;
    this.bye = null;
    let wire: Wire;
    try {
      wire = this.options.connect(SUBPROTOCOL);
    } catch {
      this.ended(turn, 1006);
      return;
    }
    this.wire = wire;
    const { device, app } = this.options;
    wire.onopen = () => wire.send(JSON.stringify({ t: "hello", ticket, device, app, caps: ["worklist"], instance: this.instance }));
    wire.onmessage = (event: MessageEvent) => this.heard(turn, event.data);
    wire.onclose = (event: CloseEvent) => this.ended(turn, event.code);
    wire.onerror = null; // a close always follows, and says as much as a browser will
    this.expect(CONNECT_MS);
  }

  private refused(problem: unknown): void {
    if (problem instanceof Refused && (problem.refusal.code === 401 || problem.refusal.code === 403)) {
      this.wanted = false;
      this.on.reauth(problem.refusal.slug);
      return;
    }
    this.on.failed(0);
    const after = problem instanceof Refused ? problem.refusal.retry_after_ms : undefined;
    this.again(after ?? 0, delay(this.tries++, this.random));
  }

  private heard(turn: number, text: unknown): void {
    if (turn !== this.turn) return;
    this.alive();
    const frame = read(text);
    if (frame === null) return;
    if (frame.t === "bye") {
      this.bye = frame;
      return;
    }
    if (frame.t === "welcome") this.greeted(frame);
    else if (!this.welcomed) return;
    else this.on.frame(frame);
  }

  private greeted(welcome: Welcome): void {
    this.welcomed = true;
    this.failures = 0;
    this.upSince = Date.now();
    if (welcome.heartbeat_ms > 0) this.heartbeat = welcome.heartbeat_ms;
    this.alive();
    this.pulse();
    this.on.up(welcome);
  }

  /** Something came: the link lives for two and a half more heartbeats. */
  private alive(): void {
    if (this.late !== undefined) {
      clearTimeout(this.late);
      this.late = undefined;
      this.on.slow(false);
    }
    if (this.welcomed) this.expect(this.heartbeat * SILENT_BEATS);
  }

  private expect(ms: number): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.renew(), ms);
  }

  /** Our own heartbeat: the hub sees that we live, and we see how long an answer takes. */
  private pulse(): void {
    clearTimeout(this.beat);
    this.beat = setTimeout(() => {
      if (this.send({ t: "ping", n: ++this.pings }) && this.late === undefined) {
        this.late = setTimeout(() => this.on.slow(true), LATE_MS);
      }
      this.pulse();
    }, this.heartbeat);
  }

  private drop(code?: number): void {
    this.turn++;
    clearTimeout(this.silence);
    clearTimeout(this.beat);
    clearTimeout(this.late);
    this.late = undefined;
    const wire = this.wire;
    this.wire = null;
    if (wire !== null) {
      wire.onopen = wire.onmessage = wire.onclose = null;
      wire.close(code);
    }
    if (this.welcomed) {
      this.welcomed = false;
      this.on.down();
    }
  }

  private ended(turn: number, code: number): void {
    if (turn !== this.turn) return;
    const bye = this.bye;
    const greeted = this.welcomed;
    this.tries = greeted && Date.now() - this.upSince >= STABLE_MS ? 0 : this.tries;
    this.drop();
    if (!this.wanted) return;
    // a hub that says farewell is heard: no reason for the way round
    if (!greeted) this.on.failed(bye === null ? ++this.failures : 0);
    const how: Reconnect = bye?.reconnect ?? byCode(code);
    if (how === "never" || how === "reauth") {
      this.wanted = false;
      this.on[how === "never" ? "stopped" : "reauth"](bye?.slug ?? String(code));
    } else if (how === "now") this.again(bye?.after_ms ?? 0, 0);
    else if (bye !== null || code >= 4100) this.again(bye?.after_ms || NOT_NOW_MS + delay(this.tries++, this.random), 0);
    else this.again(0, delay(this.tries++, this.random));
  }

  /** `after` is the hub's word and wins over our own `jitter`, and over `kick`. */
  private again(after: number, jitter: number): void {
    if (!this.wanted) return;
    this.notBefore = Date.now() + after;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(
      () => {
        this.waiting = undefined;
        void this.dial();
      },
      after > 0 ? after : jitter,
    );
  }

  private random = (): number => (this.options.random ?? Math.random)();
}
