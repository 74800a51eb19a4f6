/** The window of a room's events that is loaded: contiguous, growing at both ends. */
import type { Evt, EventKind } from "./types";

/** Narrow an event by its kind. */
export function isKind<K extends EventKind>(evt: Evt, kind: K): evt is Evt<K> & Evt {
  return evt.kind === kind;
}
