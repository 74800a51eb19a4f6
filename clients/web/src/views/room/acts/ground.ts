/** What an open act stands on, and whether that moved while it was open: pure. */
import type { CommandKind, RoomState } from "../../../core";

/** What moved; `gone`: the act is no longer possible at all. */
export type Moved = "protocol" | "request" | "checklist" | "owner" | "stage" | "gone";
type Ground = Exclude<Moved, "gone">;

/** Acts whose words or values would mean something else on another ground. */
const STANDS_ON: Partial<Record<CommandKind, readonly Ground[]>> = {
  "case.claim": ["owner"],
  "justification.decide": ["request"],
  "protocol.issue": ["protocol", "request"],
  "protocol.amend": ["protocol", "request"],
  "protocol.acknowledge": ["protocol", "request", "stage"],
  "checklist.complete": ["protocol", "request", "checklist", "stage"],
  "acquisition.start": ["protocol", "request", "checklist", "stage"],
  "acquisition.end": ["protocol", "stage"],
};

const READ: Record<Ground, (state: RoomState) => string | number | undefined> = {
  protocol: (state) => state.protocol?.content_hash,
  request: (state) => state.request_version,
  checklist: (state) => state.checklist?.completed.seq,
  owner: (state) => state.owner?.person,
  stage: (state) => state.stage,
};

/** Words typed on one ground are not shown on another: what it is called. */
export function groundOf(kind: CommandKind, state: RoomState): string {
  return STANDS_ON[kind] ? `v${state.protocol?.protocol.version ?? 0}r${state.request_version}` : "";
}

/** What moved between the opening of the act and now, the gravest first; "" where nothing did. */
export function moved(kind: CommandKind, before: RoomState, now: RoomState, may: boolean): Moved | "" {
  const found = STANDS_ON[kind]?.find((what) => READ[what](before) !== READ[what](now));
  return found ?? (may ? "" : "gone");
}
