/**
 * What this person said and the hub has not stored: kept here and sent at once, removed on `ok`.
 *
 * The write on this device and the way to the hub run side by side, and nothing is called safe
 * before one of them has ended well: `kept` once the write has, gone from here once the `ok` came.
 * One command a room is under way at a time, so the order in which they were given is the order
 * in which they are stored. A final refusal keeps the command with its reason until somebody
 * throws it away: no text is ever lost. The cid makes every retry harmless (W-12).
 * What was given as one person, in one role, for one site is only ever sent as such.
 */
import { batch, computed, signal, type ReadonlySignal } from "@preact/signals";
import { delay } from "./backoff";
import type { Copy, Entry, Shelf } from "./shelf";
import { NOBODY, OTHER_PART } from "./refusal";
import { samePart, type CommandKind, type Json, type Outcome, type Part, type Refusal } from "./types";
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

/** An older client did not keep in which role: whoever gave it says so by sending it again. */
const OF_OLD = { state: "refused", refusal: OTHER_PART } as const;

export class Outbox {
  /** Everybody's who spoke on this page: what the disk refused is here only. */
  private readonly held = signal<Entry[]>([]);
  /** As whom this page speaks. */
  private readonly part = signal<Part | null>(null);
  private readonly shown = computed(() => {
    const part = this.part.value;
    const ours = this.held.value.filter((entry) => entry.person === part?.person);
    return ours.map((entry) => (samePart(entry, part) || entry.state === "refused" ? entry : { ...entry, refusal: OTHER_PART }));
  });
  /** Rooms with a command under way. */
  private readonly busy = new Set<string>();
  private readonly waiters = new Map<string, (outcome: Outcome) => void>();
  private readonly pauses = new Map<string, ReturnType<typeof setTimeout>>();
  /** As whom the link speaks; null without one. */
  private linked: Part | null = null;
  private epoch = "";
  private volatileNow: boolean;

  constructor(private readonly options: OutboxOptions) {
    this.volatileNow = !options.shelf.lasting;
  }

  /** This person's entries, oldest first. */
  get entries(): ReadonlySignal<Entry[]> {
    return this.shown;
  }

  /** True where a reload would lose what is unsent. */
  get volatile(): boolean {
    return this.volatileNow;
  }

  /** Speak as `part` from now on, and take up what this person left behind. */
  async load(part: Part): Promise<void> {
    if (!samePart(this.part.peek(), part)) this.epoch = "";
    this.part.value = part;
    const { shelf } = this.options;
    const kept = (await shelf.entries())
      .filter((entry) => entry.person === part.person && this.find(entry.cid) === undefined)
      .map((entry) => ({ ...entry, kept: shelf.lasting, ...(entry.role ? {} : OF_OLD) }));
    this.held.value = inOrder([...this.held.value, ...kept]);
    this.pump();
  }

  /** Nobody speaks here any more. What is unsent stays on the shelf for when they come back. */
  leave(): void {
    this.down();
    this.part.value = null;
  }

  /** Throw away all that this person has not sent. */
  async empty(): Promise<void> {
    const entries = this.shown.peek();
    this.held.value = this.held.value.filter((held) => !entries.some((entry) => entry.cid === held.cid));
    await Promise.all(entries.map((entry) => this.options.shelf.remove(entry.cid)));
  }

  /** Keep it and send it: a page that ends in between sends it again, and the cid makes that one. */
  give(room: string, kind: CommandKind, body: Json, after?: number): Promise<Outcome> {
    const part = this.part.peek();
    if (part === null) return Promise.resolve({ ok: false, refusal: NOBODY });
    const entry: Entry = {
      ...part,
      cid: uuidv7(),
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

  /** The link is there, and the hub takes what comes over it as said by `part`. */
  up(part: Part, epoch = this.epoch): void {
    this.linked = part;
    for (const pause of this.pauses.values()) clearTimeout(pause);
    this.pauses.clear();
    if (epoch === this.epoch) this.pump();
    else void this.under(epoch); // what is offered again is older, and goes first
  }

  down(): void {
    this.linked = null;
  }

  /** Send a refused one again: a new try is a new act, with its own cid. */
  async resend(cid: string): Promise<void> {
    const old = this.find(cid);
    const part = this.part.peek();
    if (old === undefined || old.state !== "refused" || old.person !== part?.person) return;
    const { refusal: _, after: __, ...rest } = old;
    const entry: Entry = { ...rest, ...part, cid: uuidv7(), state: "queued", tries: 0, kept: false };
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

  /** The hub lives in `epoch`: what was stored in another one may be lost to it (W-13). Never rejects. */
  async under(epoch: string): Promise<void> {
    if (epoch === "" || epoch === this.epoch) return;
    this.epoch = epoch;
    await this.offer((copy) => copy.epoch !== epoch);
  }

  /** The hub has forgotten something of ours, whatever it calls its epoch (W-13). Never rejects. */
  async offerAgain(): Promise<void> {
    await this.offer(() => true);
  }

  /**
   * The same cid, the same words, whatever the seq: where the hub has lost ours, somebody else's may
   * stand at that seq by now; where it has them, the cid makes it a dup.
   */
  private async offer(which: (copy: Copy) => boolean): Promise<void> {
    const person = this.part.peek()?.person;
    if (person === undefined) return;
    // a shelf that cannot be read has nothing to offer, and says so when it is written to
    const copies = await this.options.shelf.copies(person).catch((): Copy[] => []);
    const lost = copies.filter((copy) => which(copy) && this.find(copy.cid) === undefined);
    const entries = lost.map(({ seq: _, epoch: __, at, ...said }): Entry => {
      return { ...said, given: at, state: "queued", tries: 0, kept: false };
    });
    this.held.value = inOrder([...this.held.value, ...entries]);
    for (const entry of entries) void this.keep(entry);
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
    const part = this.part.peek();
    if (part === null || !samePart(this.linked, part)) return;
    const seen = new Set<string>();
    for (const entry of this.held.value) {
      if (!samePart(entry, part)) continue;
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
      if (this.linked !== null) this.pause(entry, delay(entry.tries + 1, this.random));
    } else if (answer.ok) void this.stored(entry, answer);
    else void this.refused(entry, answer.refusal);
    this.pump();
  }

  /** What follows it in its room does not wait for this device's disk. Never rejects. */
  private async stored(entry: Entry, answer: Stored): Promise<void> {
    const { cid, person, role, site, kind, body, after } = entry;
    this.held.value = this.held.value.filter((held) => held.cid !== cid);
    this.tell(cid, answer);
    const said = { cid, person, role, site, room: entry.room || answer.room, kind, body, ...(after === undefined ? {} : { after }) };
    const copy: Copy = { ...said, seq: answer.seq, epoch: this.epoch, at: Date.now() };
    const gone = this.part.peek()?.person !== person; // logged out meanwhile: nothing new is kept of them
    try {
      await this.options.shelf.done(cid, gone ? undefined : copy);
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

/** UUIDv7 sorts by time. */
const inOrder = (entries: Entry[]): Entry[] => entries.sort((a, b) => (a.cid < b.cid ? -1 : 1));
