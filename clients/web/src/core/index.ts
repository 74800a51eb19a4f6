/**
 * The core of the client, as the views see it.
 *
 * `core` is one object of signals and functions; nothing happens before `core.start()`. Views read
 * signals, call functions, and never touch the socket, the store or `fetch`. Every command goes
 * through `act` or `submitRequest`: it is put into the outbox first, so it is either kept or
 * loudly not.
 *
 *     const room = core.room(id);          // opens (joins) it; the same object while it is open
 *     room.state.value?.stage
 *     const outcome = await room.act("case.claim", {});
 *     if (!outcome.ok && outcome.refusal) show(outcome.refusal[lang]);
 */
import { createCore } from "./core";
import type { Core } from "./view";

export { call } from "./api";
export { Refused } from "./refusal";
export * from "./types";
export { isMine } from "./mine";
export { isKind, type Timeline } from "./timeline";
export type { Alarm, Core, RoomView, Template, Worklist } from "./view";

/** The one of this page. */
export const core: Core = createCore();
