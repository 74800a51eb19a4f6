/** What is typed into an act stays on this device until it is given: over Esc, and over a reload. */
import { useSignal, type Signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext, useLayoutEffect } from "preact/hooks";
import { core } from "../../../core";
import type { Doing } from "../../overlay";

/** Where the words of an act are kept; `ground`: words about one version are not shown under another. */
export function keyOf(act: Doing, ground = ""): string {
  return ["room", act.room, "act", act.kind, act.about?.seq ?? act.about?.person ?? "", ground].join(":");
}

export const KeptUnder = createContext("");

function read(key: string): Record<string, unknown> {
  try {
    const held: unknown = JSON.parse(core.draft(key) || "{}");
    return typeof held === "object" && held !== null ? (held as Record<string, unknown>) : {};
  } catch {
    return {}; // of another release
  }
}

/** A signal that is kept under `name` of the act that is open, and begins with what was kept. */
export function useKept<T>(name: string, first: T): Signal<T> {
  const key = useContext(KeptUnder);
  const held = useSignal<T>(key && name in read(key) ? (read(key)[name] as T) : first);
  const plain = JSON.stringify(first);
  // At once, not with the next frame: a reload waits for nobody.
  useLayoutEffect(() => held.subscribe((now) => {
    if (!key) return;
    const { [name]: _, ...rest } = read(key);
    const next = JSON.stringify(now) === plain ? rest : { ...rest, [name]: now };
    core.keepDraft(key, Object.keys(next).length ? JSON.stringify(next) : "");
  }), []);
  return held;
}
