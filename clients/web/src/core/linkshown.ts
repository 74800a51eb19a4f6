/** The link as it is shown: what is not transmitted is loud, and says since when. */
import { computed, type ReadonlySignal } from "@preact/signals";
import type { Link, Unsent } from "./types";

/** A command this old without its `ok` is told loudly. */
const LOUD_MS = 2_500;

export type Linked = "connecting" | "online" | "slow" | "offline";

export interface LinkParts {
  unsent: ReadonlySignal<Unsent[]>;
  linked: ReadonlySignal<Linked>;
  storeDown: ReadonlySignal<boolean>;
  now: ReadonlySignal<number>;
  more(): Pick<Link, "phone" | "transport" | "volatile" | "reauth">;
}

export function linkShown(of: LinkParts): ReadonlySignal<Link> {
  let since = Date.now();
  let before: Link["state"] = "connecting";
  /** Something waits for its answer longer than anybody should believe in it. */
  const overdue = computed(() => {
    const waiting = of.unsent.value.filter((entry) => entry.state !== "refused");
    return waiting.length > 0 && of.now.value > 0 && waiting.some((entry) => Date.now() - entry.given > LOUD_MS);
  });
  return computed<Link>(() => {
    const unsent = of.unsent.value;
    const linked = of.linked.value;
    const retried = unsent.some((entry) => entry.state !== "refused" && entry.tries > 1);
    const loud = overdue.value && (linked === "offline" || of.storeDown.value || retried);
    const state = loud ? "not_transmitted" : of.storeDown.value && linked === "online" ? "slow" : linked;
    if (state !== before) [before, since] = [state, Date.now()];
    return { state, unsent, since, ...of.more() };
  });
}
