/** An outbox on a shelf of this browser, before a hub that stores each cid once. */
import "fake-indexeddb/auto";
import { afterEach, beforeEach, vi } from "vitest";
import { Outbox, type Answer } from "../src/core/outbox";
import { openShelf, type Entry, type Shelf } from "../src/core/shelf";
import type { Part } from "../src/core/types";

/** IndexedDB in memory settles by setImmediate: only the clocks are ours. */
export function restingClocks(): void {
  beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] }));
  afterEach(() => vi.useRealTimers());
}

/** Let IndexedDB and promises come to rest, then move the clock. */
export async function settle(ms = 0): Promise<void> {
  for (let turn = 0; turn < 40; turn++) await new Promise((resolve) => setImmediate(resolve));
  await vi.advanceTimersByTimeAsync(ms);
  for (let turn = 0; turn < 40; turn++) await new Promise((resolve) => setImmediate(resolve));
}

export const P: Part = { person: "p", role: "radiologist", site: "s" };

let shelves = 0;
export const shelf = (): Promise<Shelf> => openShelf(`test-${++shelves}`);

export function hub(kept: Shelf) {
  const sent: Entry[] = [];
  const script: (Answer | ((entry: Entry) => Answer))[] = [];
  const stored = new Map<string, number>();
  const send = async (entry: Entry): Promise<Answer> => {
    sent.push(entry);
    const next = script.shift();
    if (next !== undefined) return typeof next === "function" ? next(entry) : next;
    const dup = stored.has(entry.cid);
    if (!dup) stored.set(entry.cid, stored.size + 1);
    return { ok: true, seq: stored.get(entry.cid)!, dup, room: entry.room };
  };
  const outbox = new Outbox({ shelf: kept, send, random: () => 0 });
  return { outbox, sent, script, stored };
}
