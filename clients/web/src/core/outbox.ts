/**
 * What this person said and the hub has not stored: kept here and sent at once, removed on `ok`.
 *
 * The write on this device and the way to the hub run side by side, and nothing is called safe
 * before one of them has ended well: `kept` once the write has, gone from here once the `ok` came.
 * One command a room is under way at a time, so the order in which they were given is the order
 * in which they are stored. A final refusal keeps the command with its reason until somebody
 * throws it away: no text is ever lost. The cid makes every retry harmless (W-12).
 */
import { batch, signal, type ReadonlySignal } from "@preact/signals";
import { delay } from "./backoff";
import type { Entry, Shelf } from "./shelf";
import type { CommandKind, Json, Outcome, Refusal } from "./types";
import { uuidv7 } from "./uuidv7";

/** `lost`: the link went before the answer came; whether it is stored, the retry finds out. */
export type Answer = Stored | { ok: false; refusal: Refusal } | "lost";
export interface Stored {
  ok: true;
  seq: number;
  dup: boolean;
  room: string;
}

export interface OutboxOptions {
  shelf: Shelf;
  send(entry: Entry): Promise<Answer>;
  random?: () => number;
  /** How long `give` waits before it says `kept`. */
  patience?: number;
}

export class Outbox {
  private readonly held = signal<Entry[]>([]);
  /** Rooms with a command under way. */
  private readonly busy = new Set<string>();
  private readonly waiters = new Map<string, (outcome: Outcome) => void>();
  private readonly pauses = new Map<string, ReturnType<typeof setTimeout>>();
  private person = "";
  private linked = false;
  private volatileNow: boolean;

  constructor(private readonly options: OutboxOptions) {
    this.volatileNow = !options.shelf.lasting;
  }

  /** This person's entries, oldest first. */
  get entries(): ReadonlySignal<Entry[]> {
    return this.held;
  }

  /** True where a reload would lose what is unsent. */
  get volatile(): boolean {
    return this.volatileNow;
  }

  /** Take up what `person` left behind. */
  async load(person: string): Promise<void> {
    this.person = person;
    const { shelf } = this.options;
    const kept = (await shelf.entries())
      .filter((entry) => entry.person === person)
      .map((entry) => ({ ...entry, kept: shelf.lasting }));
    const known = new Set(kept.map((entry) => entry.cid));
    const ours = this.held.value.filter((entry) => entry.person === person && !known.has(entry.cid));
    const woken = kept.map((entry) => (entry.state === "sent" ? { ...entry, state: "queued" as const } : entry));
    this.held.value = [...woken, ...ours].sort((a, b) => (a.cid < b.cid ? -1 : 1));
    this.pump();
  }

  /** Keep it and send it: a page that ends in between sends it again, and the cid makes that one. */
  give(room: string, kind: CommandKind, body: Json, after?: number): Promise<Outcome> {
    const entry: Entry = {
      cid: uuidv7(),
      person: this.person,
      room,
      kind,
      body,
      given: Date.now(),
      state: "queued",
      tries: 0,
      kept: false,
      ...(after === undefined ? {} : { after }),
    };
    const writing = this.keep(entry);
    batch(() => {
      this.held.value = [...this.held.value, entry];
      this.pump();
    });
    return new Promise<Outcome>((resolve) => {
      this.waiters.set(entry.cid, resolve);
      const unanswered = (): void => void writing.then((kept) => this.tell(entry.cid, { ok: false, kept }));
      setTimeout(unanswered, this.options.patience ?? 4000);
    });
  }

  /** The link is there. */
  up(): void {
    this.linked = true;
    for (const pause of this.pauses.values()) clearTimeout(pause);
    this.pauses.clear();
    this.pump();
  }

  down(): void {
    this.linked = false;
  }

  /** Send a refused one again: a new try is a new act, with its own cid. */
  async resend(cid: string): Promise<void> {
    const old = this.find(cid);
    if (old === undefined || old.state !== "refused") return;
    const { refusal: _, after: __, ...rest } = old;
    const entry: Entry = { ...rest, cid: uuidv7(), state: "queued", tries: 0, kept: false };
    this.held.value = [...this.held.value.filter((held) => held.cid !== cid), entry];
    this.pump();
    await this.keep(entry);
    await this.options.shelf.remove(cid); // only now: one of the two is on the shelf at any time
  }

  /** Throw away what was refused, or what was never sent. */
  async forget(cid: string): Promise<void> {
    const entry = this.find(cid);
    if (entry === undefined || entry.state === "sent") return;
    this.held.value = this.held.value.filter((held) => held.cid !== cid);
    await this.options.shelf.remove(cid);
    this.pump();
  }

  /** Offer again what a restored hub has lost: the same cid, the same words (W-13). */
  async offerAgain(room: string, head: number): Promise<void> {
    for (const copy of await this.options.shelf.copies(room)) {
      if (copy.person !== this.person || copy.seq <= head || this.find(copy.cid)) continue;
      const { cid, person, kind, body, at } = copy;
      const entry: Entry = { cid, person, room, kind, body, given: at, state: "queued", tries: 0, kept: false };
      this.held.value = [...this.held.value, entry].sort((a, b) => (a.cid < b.cid ? -1 : 1));
      void this.keep(entry);
    }
    this.pump();
  }

  private find(cid: string): Entry | undefined {
    return this.held.value.find((entry) => entry.cid === cid);
  }

  /** Does this browser keep it over a reload? Never rejects. */
  private async keep(entry: Entry): Promise<boolean> {
    const { shelf } = this.options;
    try {
      await shelf.put(entry);
    } catch {
      this.volatileNow = true; // said in the link line
      this.change(entry.cid, { kept: false }); // whoever shows it sees that it is not
      return false;
    }
    if (shelf.lasting) this.change(entry.cid, { kept: true });
    return shelf.lasting;
  }

  private change(cid: string, change: Partial<Entry>): void {
    if (this.find(cid) === undefined) return;
    this.held.value = this.held.value.map((entry) => (entry.cid === cid ? { ...entry, ...change } : entry));
  }

  private tell(cid: string, outcome: Outcome): void {
    this.waiters.get(cid)?.(outcome);
    this.waiters.delete(cid);
  }

  /** Start the first waiting entry of every room that has none under way. */
  private pump(): void {
    if (!this.linked) return;
    const seen = new Set<string>();
    for (const entry of this.held.value) {
      if (entry.state === "refused" || seen.has(entry.room)) continue;
      seen.add(entry.room);
      const held = this.busy.has(entry.room) || this.pauses.has(entry.room);
      if (!held) void this.send(entry);
    }
  }

  private async send(entry: Entry): Promise<void> {
    this.busy.add(entry.room);
    this.change(entry.cid, { state: "sent", tries: entry.tries + 1 });
    let answer: Answer;
    try {
      answer = await this.options.send(entry);
    } catch {
      answer = "lost";
    }
    this.busy.delete(entry.room);
    if (answer === "lost") {
      this.change(entry.cid, { state: "queued" });
      if (this.linked) this.pause(entry, delay(entry.tries + 1, this.random));
    } else if (answer.ok) void this.stored(entry, answer);
    else void this.refused(entry, answer.refusal);
    this.pump();
  }

  /** What follows it in its room does not wait for this device's disk. Never rejects. */
  private async stored(entry: Entry, answer: Stored): Promise<void> {
    const { cid, person, kind, body } = entry;
    this.held.value = this.held.value.filter((held) => held.cid !== cid);
    this.tell(cid, answer);
    const copy = { cid, person, room: entry.room, kind, body, seq: answer.seq, at: Date.now() };
    try {
      await this.options.shelf.done(cid, entry.room === "" ? undefined : copy);
    } catch {
      this.volatileNow = true; // a stale entry is sent again after a reload and answered as a dup
    }
  }

  /** Never rejects. */
  private async refused(entry: Entry, refusal: Refusal): Promise<void> {
    if (refusal.retry) {
      this.change(entry.cid, { state: "queued", refusal });
      this.pause(entry, refusal.retry_after_ms ?? Math.max(250, delay(entry.tries + 2, this.random)));
      return;
    }
    const kept: Entry = { ...entry, tries: entry.tries + 1, state: "refused", refusal };
    this.change(entry.cid, kept);
    this.tell(entry.cid, { ok: false, refusal });
    await this.keep(kept);
  }

  /** The room waits too: what comes after must not overtake. */
  private pause(entry: Entry, ms: number): void {
    const pause = setTimeout(() => {
      this.pauses.delete(entry.room);
      this.pump();
    }, ms);
    this.pauses.set(entry.room, pause);
  }

  private random = (): number => (this.options.random ?? Math.random)();
}
