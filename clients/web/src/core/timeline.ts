/** The window of a room's events that is loaded: contiguous, growing at both ends. */
import { signal, type ReadonlySignal } from "@preact/signals";
import type { Evt, EventKind } from "./types";

/** Narrow an event by its kind. */
export function isKind<K extends EventKind>(evt: Evt, kind: K): evt is Evt<K> & Evt {
  return evt.kind === kind;
}

/** The loaded window of a room's events: contiguous, oldest first. */
export interface Timeline {
  /** The same array while it only grows at the end: compare `rev`, not the array. */
  items: readonly Evt[];
  /** Changes with every change of `items`. */
  rev: number;
  /** Seq of the first loaded event; 1 where all are loaded; 0 where none is. */
  first: number;
  last: number;
  /** An older page is being read. */
  loading: boolean;
}

const NOBODY: ReadonlySet<string> = new Set();

export class Window {
  private items: Evt[] = [];
  /** Seq -> who replied to it: asked for every line on the screen, so never searched for. */
  private readonly replies = new Map<number, Set<string>>();
  /** Messages taken back, as far as the retractions are loaded. */
  private readonly gone = new Set<number>();
  private rev = 0;
  private loading = false;
  private readonly shown = signal<Timeline>({ items: [], rev: 0, first: 0, last: 0, loading: false });

  get timeline(): ReadonlySignal<Timeline> {
    return this.shown;
  }

  get first(): number {
    return this.items[0]?.seq ?? 0;
  }

  get last(): number {
    return this.items.at(-1)?.seq ?? 0;
  }

  /** The event of `seq`, where it is loaded. */
  at(seq: number): Evt | undefined {
    return this.items[seq - this.first];
  }

  /** Persons who replied to the event of `seq`, as far as replies are loaded. */
  repliers(seq: number): ReadonlySet<string> {
    return this.replies.get(seq) ?? NOBODY;
  }

  /** Whether the message of `seq` is known to be taken back: what took it back is loaded. */
  retracted(seq: number): boolean {
    return this.gone.has(seq);
  }

  tail(count: number): Evt[] {
    return this.items.slice(-count);
  }

  /** Newer events. What is not the next one is left out: the window has no holes. */
  append(events: readonly Evt[]): void {
    for (const event of events) {
      if (this.items.length > 0 && event.seq !== this.last + 1) continue;
      this.items.push(event);
      this.note(event);
    }
    this.show();
  }

  /** An older page, which must end where the window begins. */
  prepend(events: readonly Evt[]): void {
    const older = this.items.length === 0 ? [...events] : events.filter((event) => event.seq < this.first);
    if (older.length === 0) return;
    const last = older.at(-1)!;
    if (this.items.length > 0 && last.seq !== this.first - 1) return;
    this.items = older.concat(this.items);
    for (const event of older) this.note(event);
    this.show();
  }

  clear(): void {
    this.items = [];
    this.replies.clear();
    this.gone.clear();
    this.show();
  }

  reading(loading: boolean): void {
    this.loading = loading;
    this.show();
  }

  private note(event: Evt): void {
    if (isKind(event, "message.retracted")) this.gone.add(event.body.seq);
    const to = event.body.in_reply_to;
    if (typeof to !== "number") return;
    const known = this.replies.get(to);
    if (known === undefined) this.replies.set(to, new Set([event.from.person]));
    else known.add(event.from.person);
  }

  private show(): void {
    const { items, loading, first, last } = this;
    this.shown.value = { items, rev: ++this.rev, first, last, loading };
  }
}
