/** When it rings: a room waits for me, or something went wrong in one that I have to do with. */
import { isMine, type Me } from "./acts";
import * as alarm from "./alarm";
import type { RoomState, Route, Row, Unsent } from "./types";

/** A room waits for me since now: ring, unless I am looking at it. */
export function becameMine(row: Row, me: Me, at: Route): void {
  const looking = at.page === "room" && at.room === row.room && document.visibilityState === "visible";
  if (isMine(row.next_move, me) && !looking) alarm.ring(row.room, row.urgency);
}

/**
 * An incident rings for those who have to do with the exam, but not for who declared it. `open`: the
 * state of the room where it is open here; `unsent`: what I gave and have no answer to.
 */
export function incidentIn(row: Row, me: Me, open: RoomState | null | undefined, unsent: readonly Unsent[]): void {
  const own = open?.incidents.at(-1)?.opened.person === me.person
    || unsent.some((one) => one.room === row.room && one.kind === "incident.open");
  const concerned = open !== undefined || isMine(row.next_move, me) || ["technologist", "proximity_physician"].includes(me.role)
    || row.owner?.person === me.person || row.requester?.person === me.person;
  if (concerned && !own) alarm.ring(row.room, "P0");
}
