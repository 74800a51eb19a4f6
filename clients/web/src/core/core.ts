/** Puts the parts together: session, link, worklist, rooms, outbox. */
import { signal } from "@preact/signals";
import type { Core } from "./index";

export function createCore(): Core {
  const todo = (): never => {
    throw new Error("not built yet");
  };
  return {
    start: async () => undefined,
    stop: () => undefined,
    session: signal(undefined),
    config: signal(null),
    link: signal({ state: "connecting", unsent: [], phone: "", since: 0, transport: "ws", volatile: false, reauth: false }),
    route: signal({ page: "worklist" }),
    go: todo,
    href: todo,
    login: todo,
    logout: todo,
    now: signal(0),
    worklist: signal({ rows: [], loaded: false, refusal: null }),
    refreshWorklist: todo,
    mine: signal([]),
    room: todo,
    open: signal([]),
    submitRequest: todo,
    unsent: signal([]),
    resend: todo,
    forget: todo,
    people: todo,
    templates: todo,
    onCall: todo,
    alarm: { armed: signal(false), ringing: signal(""), arm: todo, disarm: todo, silence: todo },
    draft: () => "",
    keepDraft: () => undefined,
  };
}
