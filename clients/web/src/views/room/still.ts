/** What a room looks like beside its talk: the same state until something but a message changes it. */
import { computed, type ReadonlySignal } from "@preact/signals";
import type { RoomState } from "../../core";

/** What every event changes, and only the talk shows. */
const MOVING: ReadonlySet<string> = new Set<keyof RoomState>(["seq", "at", "messages"]);

/** `state`, which stays the same object while nothing but its moving parts changes: nothing is drawn again. */
export function still(state: ReadonlySignal<RoomState | null>): ReadonlySignal<RoomState | null> {
  let held: RoomState | null = null;
  return computed(() => {
    const now = state.value;
    const before = held;
    if (now === null || before === null) held = now;
    else if ((Object.keys(now) as (keyof RoomState)[]).some((key) => !MOVING.has(key) && now[key] !== before[key])) held = now;
    return held;
  });
}
