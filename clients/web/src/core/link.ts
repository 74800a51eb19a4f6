/**
 * Rooms, acts and receipts over one carrier: what must be said again after every drop.
 *
 * Each joined room has a cursor, the last seq handed on without a gap. A gap, a heartbeat that
 * names a later head, or a new link leads to a join from the cursor; repeats are dropped here, so
 * a room sees every event once and in order.
 */
import { api } from "./api";
import { delay } from "./backoff";
import type { Answer } from "./outbox";
import { ofErr } from "./refusal";
import type { Entry } from "./shelf";
import type { Evt, Refusal } from "./types";
import { uuidv7 } from "./uuidv7";
import type { ClientFrame, EvtFrame, Joined, ServerFrame, Welcome } from "./wire";

/** A way to the hub: the socket, or the stream where a proxy breaks sockets. */
export interface Carrier {
  readonly open: boolean;
  start(): void;
  stop(): void;
  send(frame: ClientFrame): boolean;
  kick(): void;
  probe(): void;
  /** Give this link up for another one. */
  renew(): void;
}

export interface LinkEvents {
  joined(joined: Joined): void;
  /** Events of one room, in order, each once. */
  events(room: string, events: Evt[]): void;
  /** The room cannot be joined, or one was taken out of it. */
  refused(room: string, refusal: Refusal): void;
  /** The hub has less of the room than we had, and calls its epoch the same (W-13). */
  behind(room: string): void;
  /** Everything else: receipts, presence, ephemera, rows, notes, heartbeats. */
  other(frame: ServerFrame): void;
}

interface Cursor {
  epoch: string;
  /** -1: never joined. */
  seq: number;
  /** The join under way. */
  re: string;
  /** What was asked for is ahead of the hub: offer it again once it has told its head. */
  ahead: boolean;
  tries: number;
  retry?: ReturnType<typeof setTimeout>;
}

const ANSWER_MS = 10_000;
const BATCH_MS = 250;
const TAIL_MS = 1_000;

export class Link {
  private carrier: Carrier | null = null;
  private readonly cursors = new Map<string, Cursor>();
  private readonly answers = new Map<string, (answer: Answer) => void>();
  private readonly receipts = { got: new Map<string, number>(), seen: new Map<string, number>() };
  private readonly dirty = new Set<string>();
  private flushing: ReturnType<typeof setTimeout> | undefined;
  private watching = false;

  constructor(
    private readonly on: LinkEvents,
    private readonly ticket: () => Promise<string> = api.ticket,
    private readonly random: () => number = Math.random,
  ) {}

  use(carrier: Carrier): void {
    this.carrier = carrier;
  }

  get up(): boolean {
    return this.carrier?.open ?? false;
  }

  /** The carrier has a link: say everything again that a link forgets. */
  linked(_welcome: Welcome): void {
    for (const [room, cursor] of this.cursors) this.ask(room, cursor);
    if (this.watching) this.watch();
    for (const kind of ["got", "seen"] as const) {
      for (const room of this.receipts[kind].keys()) this.dirty.add(`${kind} ${room}`);
    }
    this.flushSoon();
  }

  /** The link is gone: whoever waits for an answer has lost it. */
  unlinked(): void {
    for (const cursor of this.cursors.values()) {
      cursor.re = "";
      clearTimeout(cursor.retry);
    }
    const waiting = [...this.answers.values()];
    this.answers.clear();
    for (const lost of waiting) lost("lost");
  }

  /** Enter a room, from `seq` of `epoch` where that much is known here. */
  join(room: string, known?: { epoch: string; seq: number }): void {
    if (this.cursors.has(room)) return;
    const cursor: Cursor = { epoch: known?.epoch ?? "", seq: known?.seq ?? -1, re: "", ahead: false, tries: 0 };
    this.cursors.set(room, cursor);
    if (this.up) this.ask(room, cursor);
  }

  leave(room: string): void {
    const cursor = this.cursors.get(room);
    if (cursor === undefined) return;
    clearTimeout(cursor.retry);
    this.cursors.delete(room);
    this.receipts.got.delete(room);
    this.receipts.seen.delete(room);
    this.say({ t: "leave", re: uuidv7(), room });
  }

  /** The room is there (again): ask for it, where it is open and was refused. */
  rejoin(room: string): void {
    const cursor = this.cursors.get(room);
    if (cursor !== undefined && cursor.re === "" && this.up) this.ask(room, cursor);
  }

  watch(): void {
    this.watching = true;
    this.say({ t: "watch", re: uuidv7() });
  }

  /** The same person logged in again: the session goes on without a gap. */
  async refresh(): Promise<void> {
    this.say({ t: "refresh", re: uuidv7(), ticket: await this.ticket() });
  }

  ephemeral(room: string, key: string, body: unknown): void {
    this.say({ t: "eph", room, key, body });
  }

  /** Send a command; `lost` where no answer came. */
  publish(entry: Entry): Promise<Answer> {
    const { cid, room, kind, body, after } = entry;
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle("lost"), ANSWER_MS);
      const settle = (answer: Answer): void => {
        clearTimeout(timer);
        this.answers.delete(cid);
        resolve(answer);
      };
      this.answers.set(cid, settle);
      const frame: ClientFrame = { t: "pub", cid, room, kind, body };
      if (after !== undefined) frame.after = after;
      if (!this.say(frame)) settle("lost");
    });
  }

  /** Cumulative; the largest is told, a quarter of a second later, with those of other rooms. */
  receipt(kind: "got" | "seen", room: string, upto: number): void {
    if (upto <= (this.receipts[kind].get(room) ?? 0)) return;
    this.receipts[kind].set(room, upto);
    this.dirty.add(`${kind} ${room}`);
    this.flushSoon();
  }

  frame(frame: ServerFrame): void {
    switch (frame.t) {
      case "joined":
        return this.entered(frame);
      case "page":
        return this.take(frame.room, frame.events);
      case "evt":
        return this.take(frame.room, [frame]);
      case "ok":
        this.answers.get(frame.re)?.({
          ok: true,
          seq: frame.seq ?? 0,
          dup: frame.dup ?? false,
          room: frame.room ?? "",
        });
        return;
      case "err": {
        const refusal = ofErr(frame);
        const { re = "", room, slug } = frame;
        const answer = this.answers.get(re);
        if (answer !== undefined) answer({ ok: false, refusal });
        else if (re === "" && room !== undefined && slug === "forbidden") this.putOut(room, refusal);
        else if (!this.turnedAway(re, refusal)) this.on.other(frame);
        return;
      }
      case "hb":
        this.compare(frame.heads ?? {});
        return this.on.other(frame);
      default:
        return this.on.other(frame);
    }
  }

  private say(frame: ClientFrame): boolean {
    return this.carrier?.send(frame) ?? false;
  }

  private ask(room: string, cursor: Cursor): void {
    clearTimeout(cursor.retry);
    cursor.re = uuidv7();
    const frame: ClientFrame = { t: "join", re: cursor.re, room };
    if (cursor.seq >= 0) frame.after = cursor.seq;
    if (cursor.epoch !== "" && cursor.seq >= 0) frame.epoch = cursor.epoch;
    if (!this.say(frame)) {
      cursor.re = "";
      return;
    }
    const patience = ANSWER_MS * 2 ** Math.min(cursor.tries, 3); // one mute room must not cut the others for ever
    cursor.retry = setTimeout(() => {
      cursor.re = "";
      cursor.tries++;
      this.carrier?.renew();
    }, patience);
  }

  /** Where one may not be, nothing is known and nothing was received; asked again on the next link. */
  private putOut(room: string, refusal: Refusal): void {
    const cursor = this.cursors.get(room);
    if (cursor !== undefined) {
      clearTimeout(cursor.retry);
      this.cursors.set(room, { epoch: "", seq: -1, re: "", ahead: false, tries: 0 });
      this.receipts.got.delete(room);
      this.receipts.seen.delete(room);
    }
    this.on.refused(room, refusal);
  }

  private entered(joined: Joined): void {
    const cursor = this.cursors.get(joined.room);
    if (cursor === undefined || joined.re !== cursor.re) return; // left, or asked anew meanwhile
    clearTimeout(cursor.retry);
    cursor.re = "";
    cursor.tries = 0;
    const restored = cursor.ahead || (cursor.epoch !== "" && cursor.epoch !== joined.epoch);
    const behind = cursor.ahead && (cursor.epoch === "" || cursor.epoch === joined.epoch);
    cursor.ahead = false;
    cursor.epoch = joined.epoch;
    if (cursor.seq < 0 || cursor.seq > joined.head || restored) cursor.seq = joined.head;
    this.on.joined(joined);
    this.receipt("got", joined.room, cursor.seq);
    if (behind) this.on.behind(joined.room);
  }

  private turnedAway(re: string, refusal: Refusal): boolean {
    for (const [room, cursor] of this.cursors) {
      if (re === "" || cursor.re !== re) continue;
      clearTimeout(cursor.retry);
      cursor.re = "";
      if (refusal.slug === "ahead_of_server" || refusal.slug === "unknown_epoch") {
        cursor.seq = -1;
        cursor.ahead = true;
        this.ask(room, cursor);
      } else if (refusal.retry) {
        const wait = refusal.retry_after_ms ?? Math.max(250, delay(cursor.tries++, this.random));
        cursor.retry = setTimeout(() => this.up && this.ask(room, cursor), wait);
      } else if (refusal.code === 403) this.putOut(room, refusal);
      else this.on.refused(room, refusal);
      return true;
    }
    return false;
  }

  private take(room: string, events: EvtFrame[]): void {
    const cursor = this.cursors.get(room);
    if (cursor === undefined || cursor.seq < 0) return;
    const fresh: Evt[] = [];
    for (const event of events) {
      if (event.seq <= cursor.seq) continue;
      if (event.seq > cursor.seq + 1) {
        if (cursor.re === "") this.ask(room, cursor); // a gap: read again from what we have
        break;
      }
      cursor.seq = event.seq;
      fresh.push(event);
      if (event.cid !== undefined) {
        // the event says what a lost `ok` would have said
        this.answers.get(event.cid)?.({ ok: true, seq: event.seq, dup: false, room });
      }
    }
    if (fresh.length === 0) return;
    this.on.events(room, fresh);
    this.receipt("got", room, cursor.seq);
  }

  /** W-14: a head beyond our cursor that nothing has reached a second later is a lost tail. */
  private compare(heads: Record<string, number>): void {
    for (const [room, head] of Object.entries(heads)) {
      const cursor = this.cursors.get(room);
      if (cursor === undefined || cursor.seq < 0 || cursor.seq >= head || cursor.re !== "") continue;
      const then = cursor.seq;
      clearTimeout(cursor.retry);
      cursor.retry = setTimeout(() => {
        if (cursor.seq === then && cursor.re === "" && this.up) this.ask(room, cursor);
      }, TAIL_MS);
    }
  }

  private flushSoon(): void {
    this.flushing ??= setTimeout(() => {
      this.flushing = undefined;
      for (const which of this.dirty) {
        const [kind, room] = which.split(" ") as ["got" | "seen", string];
        const upto = this.receipts[kind].get(room);
        if (upto === undefined || upto === 0 || this.say({ t: kind, room, upto })) this.dirty.delete(which);
      }
    }, BATCH_MS);
  }
}
