/** One open room, as the views see it: state, window of events, receipts, presence, my acts. */
import { batch, computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { marks, possible, seenUpTo } from "./acts";
import { api, imageUrl } from "./api";
import type { Link } from "./link";
import type { Outbox } from "./outbox";
import type { Me } from "./mine";
import { Refused } from "./refusal";
import { empty, evolve } from "./room";
import type { KeptRoom, Shelf } from "./shelf";
import { Window } from "./timeline";
import type {
  Act,
  ActOptions,
  CommandBodies,
  CommandKind,
  Evt,
  ImageRefBody,
  Json,
  Outcome,
  PersonMark,
  Present,
  Receipt,
  Refusal,
  RoomState,
  Series,
  Unsent,
} from "./types";
import type { Joined, Pres } from "./wire";

const PAGE = 100;
const KEPT_EVENTS = 200;
const KEEP_MS = 1_000;
const TYPING_MS = 4_000;

export interface RoomParts {
  link: Link;
  outbox(): Outbox;
  shelf(): Shelf;
  /** Settles once it is known who looks. */
  ready: Promise<void>;
  me(): Me;
  closed(room: LiveRoom): void;
  /** Nothing of this room may be kept here any more. */
  dropped(room: string): void;
}

export class LiveRoom {
  readonly status = signal<"loading" | "live" | "stale" | "refused">("loading");
  readonly refusal = signal<Refusal | null>(null);
  readonly state = signal<RoomState | null>(null);
  readonly receipts = signal<Receipt[]>([]);
  readonly presence = signal<Present[]>([]);
  readonly unreadFrom = signal(0);
  readonly pending: ReadonlySignal<Unsent[]>;
  /** The same list until one of them comes or goes: most events change none. */
  readonly acts = computed<readonly Act[]>(() => {
    const room = this.state.value;
    const found = room === null ? [] : possible(room, this.parts.me());
    if (JSON.stringify(found) !== JSON.stringify(this.could)) this.could = found;
    return this.could;
  });
  readonly typing = computed(() => Object.keys(this.slot("typing").value));

  private readonly window = new Window();
  private readonly ephemera = new Map<string, Signal<Record<string, unknown>>>();
  private readonly fading = new Map<string, ReturnType<typeof setTimeout>>();
  private could: readonly Act[] = [];
  private epoch = "";
  /** What this browser kept before this opening; 0 once the divider stands, or where nobody knows. */
  private left = 0;
  /** What I had seen, on any device, when I last came to look: the divider stands after it. */
  private readTo = 0;
  /** What I have seen here since. */
  private told = 0;
  /** Whose view this is, however the session goes on. */
  private whose = "";
  private saving: ReturnType<typeof setTimeout> | undefined;
  private typed = 0;
  private gone = false;

  constructor(
    readonly id: string,
    private readonly parts: RoomParts,
  ) {
    this.pending = computed(() => parts.outbox().entries.value.filter((entry) => entry.room === id));
    void this.open();
  }

  get timeline(): Window["timeline"] {
    return this.window.timeline;
  }

  // -- what the views ask ----------------------------------------------------------------------

  async loadOlder(): Promise<void> {
    const { loading, first } = this.timeline.value;
    const before = first === 0 ? (this.state.value?.seq ?? 0) + 1 : first;
    if (loading || before <= 1) return;
    const after = Math.max(0, before - 1 - PAGE);
    this.window.reading(true);
    try {
      const events = await api.events(this.id, after, before - 1 - after);
      if (this.status.peek() === "refused") return;
      batch(() => {
        this.window.prepend(events.filter((event) => event.seq < before));
        this.refusal.value = null;
      });
    } catch (problem) {
      if (!(problem instanceof Refused)) throw problem;
      if (problem.refusal.code === 403) this.turnedAway(problem.refusal);
      else this.refusal.value = problem.refusal;
    } finally {
      this.window.reading(false);
    }
  }

  async loadTo(seq: number): Promise<void> {
    while (this.window.first > Math.max(1, seq)) {
      const before = this.window.first;
      await this.loadOlder();
      if (this.window.first === before) return;
    }
  }

  marks(seq: number): PersonMark[] {
    const room = this.state.value;
    const evt = this.window.at(seq);
    if (room === null || evt === undefined) return [];
    const replied = this.window.repliers(seq);
    const here = this.status.value === "live" ? this.presence.value : null;
    return marks(evt, room, this.receipts.value, here, replied);
  }

  /** The state holds the last that were taken back; a window that reaches to the head the others. */
  retracted(seq: number): boolean {
    void this.timeline.value.rev;
    return this.window.retracted(seq) || (this.state.value?.retracted.includes(seq) ?? false);
  }

  ephemeral(key: string): ReadonlySignal<Record<string, unknown>> {
    return this.slot(key);
  }

  sendEphemeral(key: string, body: unknown): void {
    this.parts.link.ephemeral(this.id, key, body);
  }

  iAmTyping(): void {
    if (Date.now() - this.typed < TYPING_MS / 2) return;
    this.typed = Date.now();
    this.sendEphemeral("typing", true);
  }

  may(kind: CommandKind): boolean {
    return this.acts.value.some((act) => act.kind === kind);
  }

  async act<K extends CommandKind>(kind: K, body: CommandBodies[K], options: ActOptions = {}): Promise<Outcome> {
    const after = options.after === undefined ? seenUpTo(kind, this.state.value) : (options.after ?? undefined);
    if (kind === "message.post") this.typed = 0;
    return this.parts.outbox().give(this.id, kind, body as unknown as Json, after);
  }

  seen(upto: number): void {
    if (document.visibilityState === "hidden") return;
    this.told = Math.max(this.told, upto);
    this.parts.link.receipt("seen", this.id, upto);
  }

  resume(): void {
    this.readTo = Math.max(this.readTo, this.told);
    this.divide(this.readTo);
  }

  imageUrl(ref: ImageRefBody, size?: { width: number; height: number }): string {
    return imageUrl(this.id, ref, size);
  }

  studies(): Promise<Record<string, unknown>[]> {
    return api.studies(this.id);
  }

  series(study: string): Promise<Series[]> {
    return api.series(this.id, study);
  }

  close(): void {
    if (this.gone) return;
    this.gone = true;
    clearTimeout(this.saving);
    void this.save();
    for (const timer of this.fading.values()) clearTimeout(timer);
    this.parts.link.leave(this.id);
    this.parts.closed(this);
  }

  // -- what the link tells ---------------------------------------------------------------------

  joined(joined: Joined): void {
    batch(() => {
      const before = this.state.value;
      const restored = this.epoch !== "" && joined.epoch !== "" && this.epoch !== joined.epoch;
      if (restored || (before !== null && before.seq > joined.head)) this.window.clear();
      this.epoch = joined.epoch;
      this.state.value = joined.state;
      this.status.value = "live";
      this.refusal.value = null;
      this.divide(this.readTo || this.left);
      this.left = 0;
    });
    if (this.window.last === 0 && joined.head > 0) void this.loadOlder();
    this.saveSoon();
  }

  took(events: Evt[]): void {
    if (this.status.peek() === "refused") return;
    batch(() => {
      this.window.append(events);
      let room = this.state.value;
      for (const event of events) {
        if (room !== null && event.seq === room.seq + 1) room = evolve(room, event);
        this.fade("typing", event.from.person);
      }
      this.state.value = room;
    });
    this.saveSoon();
  }

  /** Whoever may not be here keeps nothing of it, neither on the screen nor on this device. */
  turnedAway(refusal: Refusal): void {
    batch(() => {
      this.status.value = "refused";
      this.refusal.value = refusal;
      if (refusal.code !== 403) return;
      this.window.clear();
      this.state.value = null;
      this.receipts.value = [];
      this.presence.value = [];
      this.unreadFrom.value = 0;
      for (const slot of this.ephemera.values()) slot.value = {};
    });
    if (refusal.code !== 403) return;
    this.epoch = "";
    clearTimeout(this.saving);
    this.saving = undefined;
    this.parts.dropped(this.id);
  }

  cut(): void {
    if (this.status.value === "live") this.status.value = "stale";
    this.presence.value = []; // it is we who are away: of the others we know nothing
  }

  receipt({ person, device, got, seen }: Receipt): void {
    const others = this.receipts.value.filter((one) => one.person !== person || one.device !== device);
    const first = others.length === this.receipts.value.length;
    // an echo of what I am reading here moves no divider
    if (person === this.parts.me().person && (first || seen > this.told) && seen > this.readTo) {
      this.readTo = seen;
      this.divide(seen);
    }
    this.receipts.value = [...others, { person, device, got, seen }];
  }

  present(pres: Pres): void {
    const people = new Map(this.presence.value.map((one) => [one.person, one]));
    if (pres.people !== undefined) people.clear();
    for (const one of [...(pres.people ?? []), ...(pres.joined ?? []), ...(pres.changed ?? [])]) {
      people.set(one.person, one);
    }
    for (const left of pres.left ?? []) people.delete(typeof left === "string" ? left : left.person);
    this.presence.value = [...people.values()];
  }

  heard(key: string, person: string, body: unknown): void {
    const held = this.slot(key);
    if (person === this.parts.me().person) return;
    held.value = { ...held.value, [person]: body };
    if (key !== "typing") return;
    clearTimeout(this.fading.get(person));
    this.fading.set(person, setTimeout(() => this.fade(key, person), TYPING_MS));
  }

  // -- inside ----------------------------------------------------------------------------------

  /** From what is kept here, then from the hub. */
  private async open(): Promise<void> {
    await this.parts.ready;
    this.whose = this.parts.me().person;
    let kept: KeptRoom | undefined;
    try {
      kept = await this.parts.shelf().room(this.whose, this.id);
    } catch {
      kept = undefined; // nothing kept, nothing shown before the hub answers
    }
    if (this.gone) return;
    if (kept !== undefined) {
      const { state, events, epoch } = kept;
      batch(() => {
        this.epoch = epoch;
        this.state.value = { ...empty(this.id), ...state }; // an older client may have kept it
        this.window.append(events);
        this.status.value = "stale";
        this.left = kept.seq;
      });
      this.parts.link.join(this.id, { epoch, seq: kept.seq });
    } else this.parts.link.join(this.id);
  }

  /** The unread divider stands after what I had seen when I came to look. */
  private divide(seen: number): void {
    this.unreadFrom.value = seen > 0 && seen < (this.state.peek()?.seq ?? 0) ? seen + 1 : 0;
  }

  private slot(key: string): Signal<Record<string, unknown>> {
    let held = this.ephemera.get(key);
    if (held === undefined) this.ephemera.set(key, (held = signal<Record<string, unknown>>({})));
    return held;
  }

  private fade(key: string, person: string): void {
    const held = this.slot(key);
    if (!(person in held.value)) return;
    const { [person]: _, ...rest } = held.value;
    held.value = rest;
  }

  private saveSoon(): void {
    this.saving ??= setTimeout(() => {
      this.saving = undefined;
      void this.save();
    }, KEEP_MS);
  }

  /** Keep the protocol readable without a link. */
  private async save(): Promise<void> {
    const state = this.state.value;
    if (state === null || this.status.value === "refused" || this.whose === "") return;
    const events = this.window.last === state.seq ? this.window.tail(KEPT_EVENTS) : [];
    try {
      const kept = { room: this.id, person: this.whose, epoch: this.epoch, seq: state.seq, state, events, at: Date.now() };
      await this.parts.shelf().keepRoom(kept);
    } catch {
      // a full disk costs the offline copy, never the room
    }
  }
}
